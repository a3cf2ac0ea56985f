import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PareEvent, UsageRecord } from '../../src/contract/index.ts';
import { type Gateway, startGateway } from '../../src/gateway/index.ts';
import { type Core, type CoreOptions, createCore, loadConfig } from '../../src/optimizer/index.ts';
import {
  createSimulatedProvider,
  type SimulatedProvider,
  type SimulatedProviderOptions,
} from '../../src/testing/index.ts';

/** What a test may set of its stack. */
export interface StackOptions {
  /** Of the simulated provider. */
  readonly provider?: SimulatedProviderOptions;
  /** Configuration by dotted path, over the fixture's own. */
  readonly config?: Readonly<Record<string, unknown>>;
  /** Brings its own embedder. */
  readonly semantic?: CoreOptions['semantic'];
  /** A folder that is used and left alone, instead of a temporary one. */
  readonly dataDir?: string;
}

/** A provider, a core and a gateway in this process. */
export interface Stack extends AsyncDisposable {
  readonly provider: SimulatedProvider;
  readonly core: Core;
  readonly gateway: Gateway;
  readonly url: string;
  readonly dataDir: string;
  /** Every event so far. */
  readonly events: readonly PareEvent[];
  /** Records heard so far, in the order of their end. */
  readonly records: readonly UsageRecord[];
  /** Waits until that many records were heard, at most 5 seconds. */
  recorded(count: number): Promise<readonly UsageRecord[]>;
  close(): Promise<void>;
}

/** Starts all three on free ports of loopback with an own data folder. */
export async function startStack(options: StackOptions = {}): Promise<Stack> {
  const provider = await createSimulatedProvider(options.provider);
  const dataDir = options.dataDir ?? temporaryDir();
  const events: PareEvent[] = [];
  const records: UsageRecord[] = [];
  const core = await createCore({
    config: await testConfig(dataDir, {
      // What is looked at must not depend on how busy the machine is.
      'semantic.shadowShare': 1,
      'upstreams.openai.url': provider.url,
      'upstreams.anthropic.url': provider.url,
      ...options.config,
    }),
    onEvent: (event) => void events.push(event),
    semantic: options.semantic,
  });
  core.onRecord((record) => void records.push(record));
  const gateway = await startGateway(core);
  let closing: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    // The provider goes first, so that answers which hang on purpose end at once.
    await provider.close();
    await gateway.close();
    await core.close();
    if (options.dataDir === undefined) rmSync(dataDir, { recursive: true, force: true });
  };
  const closeOnce = (): Promise<void> => (closing ??= close());
  return {
    provider,
    core,
    gateway,
    url: gateway.url,
    dataDir,
    events,
    records,
    recorded: async (count) => {
      await until(() => records.length >= count, `${count} records`);
      return records;
    },
    close: closeOnce,
    [Symbol.asyncDispose]: closeOnce,
  };
}

/** The configuration of a test: loopback, any port, nothing from the environment. */
export async function testConfig(
  dataDir: string,
  overrides: Readonly<Record<string, unknown>> = {},
): Promise<Core['config']> {
  const { config } = await loadConfig({
    environment: {},
    directory: dataDir,
    searches: false,
    overrides: { dataDir, 'server.port': 0, ...overrides },
  });
  return config;
}

/** A new folder below the system's temporary one. */
export function temporaryDir(): string {
  return mkdtempSync(join(tmpdir(), 'pare-test-'));
}

/** Waits until a claim holds. @throws Error naming what was waited for after `timeoutMs` */
export async function until(claim: () => boolean, what: string, timeoutMs = 5_000): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!claim()) {
    if (Date.now() > deadline) throw new Error(`Waited ${timeoutMs} ms in vain for ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** Waits. */
export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** An answer as it came over a raw socket. */
export interface RawAnswer {
  readonly status: number;
  /** Lines of the head after the status line, as they came. */
  readonly headerLines: readonly string[];
  /** The body with chunked framing undone. */
  readonly body: Buffer;
}

/** Sends bytes over a socket of its own and reads until the server closes it. */
export function sendRaw(url: string, bytes: Buffer | string): Promise<RawAnswer> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => socket.write(bytes));
    const chunks: Buffer[] = [];
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    socket.on('error', reject);
    socket.on('close', () => resolve(readRaw(Buffer.concat(chunks))));
  });
}

/** A request as raw bytes; the connection closes after its answer. */
export function rawRequest(
  line: string,
  headers: readonly string[],
  body: Buffer | string = Buffer.alloc(0),
): Buffer {
  const bytes = Buffer.from(body);
  const head = [
    `${line} HTTP/1.1`,
    'host: 127.0.0.1',
    'connection: close',
    ...headers,
    ...(bytes.length > 0 ? [`content-length: ${bytes.length}`] : []),
  ];
  return Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`), bytes]);
}

function readRaw(bytes: Buffer): RawAnswer {
  const end = bytes.indexOf('\r\n\r\n');
  const [statusLine = '', ...headerLines] = bytes.subarray(0, end).toString('latin1').split('\r\n');
  const rest = bytes.subarray(end + 4);
  const isChunked = headerLines.some((line) => /^transfer-encoding: *chunked$/i.test(line));
  return {
    status: Number(statusLine.split(' ')[1]),
    headerLines,
    body: isChunked ? unchunk(rest) : rest,
  };
}

function unchunk(bytes: Buffer): Buffer {
  const pieces: Buffer[] = [];
  let at = 0;
  for (;;) {
    const end = bytes.indexOf('\r\n', at);
    const size = Number.parseInt(bytes.subarray(at, end).toString('latin1'), 16);
    if (end < 0 || !(size > 0)) return Buffer.concat(pieces);
    pieces.push(bytes.subarray(end + 2, end + 2 + size));
    at = end + 2 + size + 2;
  }
}

/** The headers of a caller with an own provider key. */
export const CALLER = { 'content-type': 'application/json', authorization: 'Bearer test-key' } as const;

/** A chat request of the OpenAI wire, as JSON. */
export function chatBody(content: string, more: Readonly<Record<string, unknown>> = {}): string {
  return JSON.stringify({ model: 'gpt-4o', messages: [{ role: 'user', content }], ...more });
}

/** Posts a chat body to a gateway. */
export function postChat(
  url: string,
  body: string | Buffer,
  headers: Readonly<Record<string, string>> = {},
): Promise<Response> {
  return fetch(`${url}/v1/chat/completions`, { method: 'POST', headers: { ...CALLER, ...headers }, body });
}
