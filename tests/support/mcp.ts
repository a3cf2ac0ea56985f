import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import type { Tool } from '@modelcontextprotocol/sdk/types.js';

const MAIN = join(import.meta.dirname, '../../src/cli/main.ts');
const FIXTURE = join(import.meta.dirname, '../fixtures/mcp-server.ts');

/** A server of the fixture, as MCP clients name one. */
export function fixture(
  settings: Readonly<Record<string, unknown>>,
  env: Readonly<Record<string, string>> = {},
): Readonly<Record<string, unknown>> {
  return { command: process.execPath, args: [FIXTURE, JSON.stringify({ tools: [], ...settings })], env };
}

/** The fixture on HTTP: its address, and its process. */
export async function startHttpFixture(
  settings: Readonly<Record<string, unknown>>,
  port = 0,
): Promise<{ readonly port: number; readonly child: ChildProcess }> {
  const child = spawn(process.execPath, [FIXTURE, JSON.stringify({ tools: [], http: true, ...settings })], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, PORT: String(port) },
  });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return { port: Number(line.toString('utf8')), child };
}

/** The command line of the proxy in a folder of its own, for these servers. */
export function proxyCommand(
  servers: Readonly<Record<string, unknown>>,
  { args = [], config = {} }: { readonly args?: readonly string[]; readonly config?: object } = {},
): {
  readonly command: string;
  readonly args: string[];
  readonly cwd: string;
  readonly env: Record<string, string>;
} {
  const cwd = mkdtempSync(join(tmpdir(), 'pare-mcp-'));
  writeFileSync(join(cwd, 'servers.json'), JSON.stringify({ mcpServers: servers }));
  writeFileSync(join(cwd, 'pare.config.json'), JSON.stringify({ mcpProxy: config }));
  return {
    command: process.execPath,
    args: [MAIN, 'mcp-proxy', '--servers', 'servers.json', ...args],
    cwd,
    env: {
      HOME: cwd,
      PATH: process.env['PATH'] ?? '',
      PARE_TEST_SECRET: 'sk-never-seen',
      NODE_COMPILE_CACHE: join(tmpdir(), 'pare-cli-test-compile-cache'),
    },
  };
}

/** The official client at one end of a proxy, and what it heard. */
export interface ProxyClient {
  readonly client: Client;
  /** Names of the lists that it was told to ask for. */
  readonly changes: string[][];
  /** What came to stderr so far. */
  stderr(): string;
  /** What stdout held that was not the protocol. */
  readonly strayLines: Error[];
  names(): Promise<string[]>;
  /** The text of a result, read as JSON. */
  ask(tool: string, args?: Readonly<Record<string, unknown>>): Promise<Record<string, unknown>>;
}

/** Starts the proxy and connects the client. */
export async function connectProxy(
  servers: Readonly<Record<string, unknown>>,
  options?: Parameters<typeof proxyCommand>[1],
): Promise<ProxyClient> {
  const transport = new StdioClientTransport({ ...proxyCommand(servers, options), stderr: 'pipe' });
  let stderr = '';
  transport.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString('utf8')));
  return { ...(await connectClient(transport)), stderr: () => stderr };
}

/** The official client over a transport. */
export async function connectClient(
  transport: Parameters<Client['connect']>[0],
): Promise<Omit<ProxyClient, 'stderr'>> {
  const changes: string[][] = [];
  const strayLines: Error[] = [];
  const client = new Client(
    { name: 'test', version: '1' },
    {
      listChanged: {
        tools: {
          debounceMs: 0,
          onChanged: (_: unknown, tools: Tool[] | null) => changes.push(namesOf(tools ?? [])),
        },
      },
    },
  );
  Object.assign(client, { onerror: (error: Error) => strayLines.push(error) });
  await client.connect(transport);
  return {
    client,
    changes,
    strayLines,
    names: async () => namesOf((await client.listTools()).tools),
    ask: async (name, args = {}) => {
      const { content } = await client.callTool({ name, arguments: args });
      const [first] = content as { text: string }[];
      try {
        return JSON.parse(first?.text ?? 'null') as Record<string, unknown>;
      } catch {
        return { text: first?.text };
      }
    },
  };
}

/** Waits until something holds. @throws Error after 15 seconds */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + 15_000;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error('it did not come to hold within 15 s');
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

function namesOf(tools: readonly { readonly name: string }[]): string[] {
  return tools.map(({ name }) => name);
}
