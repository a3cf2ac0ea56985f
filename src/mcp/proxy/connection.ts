import type { JsonObject, JsonValue } from '../../contract/index.ts';
import type { McpServer } from '../../optimizer/mcp-servers.ts';
import { Caller, type ToolCall } from './caller.ts';
import { readDefinitions, type ToolDefinition } from './definition.ts';
import { describe, isLocalTimeout, ProxyError, remoteCode } from './errors.ts';
import { LastWords } from './last-words.ts';
import type { Sdk } from './sdk.ts';
import { secretsOf } from './secrets.ts';

/** How a connection is made. */
export interface ConnectionOptions {
  readonly sdk: Sdk;
  /** For messages. */
  readonly name: string;
  readonly server: McpServer;
  readonly version: string;
  readonly startTimeoutMs: number;
  readonly callTimeoutMs: number;
  /** Ends a start that is under way. */
  readonly signal: AbortSignal;
  /** The server's tools are others now. */
  readonly onToolsChanged: () => void;
  /** It ended without being asked to; once. */
  readonly onLost: () => void;
  /** Takes what ends the server at once, from before it has started until it has ended. */
  readonly onOpen: (kill: () => void) => void;
  /** Takes the end of a server that could not be used, which may take seconds. */
  readonly onEnding: (ending: Promise<void>) => void;
}

/** A server that has been started and spoken to. */
export interface Connection {
  /** @throws ProxyError `backend_failed` */
  listTools(): Promise<ToolDefinition[]>;
  /** The server's result as it came. @throws RemoteError, ProxyError */
  call(call: ToolCall): Promise<JsonObject>;
  /** Ends it: asked first, then made to. */
  close(): Promise<void>;
}

/** A server that tells of more tools is broken. */
const MOST_TOOLS = 20_000;
const MOST_PAGES = 1_000;
const MOST_MESSAGE_BYTES = 256 * 1024 * 1024;
const PING_MS = 5_000;

type Client = InstanceType<Sdk['Client']>;

/** Starts or reaches a server. @throws ProxyError `backend_unavailable` */
export async function connect(options: ConnectionOptions): Promise<Connection> {
  const { sdk, version, startTimeoutMs, onToolsChanged, signal, onLost, onOpen, onEnding } = options;
  const client = new sdk.Client({ name: 'pare', version }, { capabilities: {} });
  const withoutSecrets = secretsOf(options.server);
  const { transport, lastWords, pid } = openTransport(options, withoutSecrets);
  let isClosing = false;
  let isLost = false;
  client.onclose = () => {
    isLost = true;
    if (!isClosing) onLost();
  };
  client.setNotificationHandler(sdk.ToolListChangedNotificationSchema, onToolsChanged);
  const caller = new Caller({ ...options, client, transport, withoutSecrets, isLost: () => isLost });
  const close = async (): Promise<void> => {
    isClosing = true;
    await client.close();
  };
  onOpen(() => {
    // Once it has ended the number may be another's.
    const ours = isLost ? undefined : pid();
    if (ours !== undefined) killProcess(ours);
  });
  try {
    // The timeout of the SDK begins when the server can be written to, which may never be.
    await within(
      startTimeoutMs,
      'it did not start',
      client.connect(transport, { timeout: startTimeoutMs, signal }),
    );
  } catch (cause) {
    isClosing = true;
    onEnding(client.close());
    throw new ProxyError('backend_unavailable', `${describe(cause, withoutSecrets)}${lastWords()}`, {
      cause,
    });
  }
  if (options.server.kind === 'http') watchHttp(client, () => void close().then(onLost, onLost));
  return {
    listTools: async () => {
      try {
        return await within(startTimeoutMs, 'it did not tell its tools', listTools(client, options));
      } catch (cause) {
        throw new ProxyError('backend_failed', describe(cause, withoutSecrets), { cause });
      }
    },
    call: (call) => caller.call(call),
    close,
  };
}

interface OpenTransport {
  readonly transport: Parameters<Client['connect']>[0];
  /** The last line a process wrote to stderr, for the message. */
  readonly lastWords: () => string;
  readonly pid: () => number | undefined;
}

function openTransport(
  { sdk, server }: ConnectionOptions,
  withoutSecrets: (text: string) => string,
): OpenTransport {
  if (server.kind === 'http') {
    const transport = new sdk.StreamableHTTPClientTransport(new URL(server.url), {
      requestInit: { headers: { ...server.headers } },
      // Headers hold keys; they go to no other origin, whatever a redirect says (INV-E2).
      redirectPolicy: 'same-origin',
    });
    return { transport, lastWords: () => '', pid: () => undefined };
  }
  const transport = new sdk.StdioClientTransport({
    command: server.command,
    args: [...server.args],
    env: { ...server.env },
    ...(server.cwd === undefined ? {} : { cwd: server.cwd }),
    // Piped and read on, so that a server's words are not taken for ours.
    stderr: 'pipe',
    maxBufferSize: MOST_MESSAGE_BYTES,
  });
  const lastWords = new LastWords();
  transport.stderr?.on('data', (chunk: Buffer) => lastWords.add(chunk));
  // The transport forgets its process as soon as it is asked to end it.
  let pid: number | undefined;
  const start = transport.start.bind(transport);
  transport.start = async () => {
    await start();
    pid = transport.pid ?? undefined;
  };
  const told = (): string => {
    const words = lastWords.told(withoutSecrets);
    return words === '' ? '' : `; its last words: ${words}`;
  };
  return { transport, lastWords: told, pid: () => pid };
}

/** A broken stream says nothing of the answers that will not come; a server that is gone answers no ping. */
function watchHttp(client: Client, onGone: () => void): void {
  let isAsking = false;
  client.onerror = () => {
    if (isAsking || client.transport === undefined) return;
    isAsking = true;
    client.ping({ timeout: PING_MS }).then(
      () => (isAsking = false),
      (error: unknown) => {
        isAsking = false;
        // An answer, be it a refusal, comes from a server that is there.
        if (client.transport !== undefined && (isLocalTimeout(error) || remoteCode(error) === undefined))
          onGone();
      },
    );
  };
}

async function listTools(
  client: Client,
  { sdk, startTimeoutMs }: ConnectionOptions,
): Promise<ToolDefinition[]> {
  if (client.getServerCapabilities()?.tools === undefined) return [];
  let tools: ToolDefinition[] = [];
  const seen = new Set<JsonValue>();
  let cursor: JsonValue | undefined;
  do {
    if (cursor !== undefined) seen.add(cursor);
    const page = (await client.request(
      { method: 'tools/list', params: cursor === undefined ? {} : { cursor } },
      sdk.ResultSchema,
      { timeout: startTimeoutMs },
    )) as unknown as JsonObject;
    tools = tools.concat(readDefinitions(page['tools']));
    cursor = page['nextCursor'];
  } while (
    typeof cursor === 'string' &&
    !seen.has(cursor) &&
    seen.size < MOST_PAGES &&
    tools.length < MOST_TOOLS
  );
  return tools.slice(0, MOST_TOOLS);
}

function within<T>(milliseconds: number, what: string, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} within ${milliseconds / 1000} s`)), milliseconds);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

function killProcess(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    // It has ended by itself meanwhile, which is what was wanted.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
