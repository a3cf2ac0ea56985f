import { z } from 'zod';
import { ConfigError } from '../contract/index.ts';
import type { Environment } from './environment.ts';

/** An MCP server that is started as a process and spoken to over its standard streams. */
export interface StdioMcpServer {
  readonly kind: 'stdio';
  readonly command: string;
  readonly args: readonly string[];
  /** Besides these a process gets only what it needs to run at all: PATH, HOME, SHELL, TERM, USER, LOGNAME. */
  readonly env: Readonly<Record<string, string>>;
  /** Its working directory. @default that of this process */
  readonly cwd?: string;
}

/** An MCP server that is reached over Streamable HTTP. */
export interface HttpMcpServer {
  readonly kind: 'http';
  readonly url: string;
  /** Sent with every request, to the origin of `url` alone. */
  readonly headers: Readonly<Record<string, string>>;
}

/** How to reach one MCP server. */
export type McpServer = StdioMcpServer | HttpMcpServer;

const text = z.union([z.string(), z.number(), z.boolean()]).transform(String);

// Loose: the files of MCP clients hold settings of their own (`autoApprove`, `icon`), which are none of ours.
const stdio = z.looseObject({
  type: z.literal('stdio', { error: 'a server with a command has the type stdio' }).optional(),
  command: z.string().min(1),
  args: z.array(text).default([]),
  env: z.record(z.string(), text).default({}),
  cwd: z.string().min(1).optional(),
});

const http = z.looseObject({
  type: z
    .enum(['http', 'streamable-http', 'streamableHttp'], {
      error:
        'only Streamable HTTP ("http") is spoken, not the older SSE; most servers offer both, at another path',
    })
    .optional(),
  url: z.url({ protocol: /^https?$/, error: 'must be an http or https URL' }),
  headers: z.record(z.string(), text).default({}),
});

/**
 * Reads the `mcpServers` of an MCP client's file: `{ name: { command, args, env, cwd } | { url, headers } }`.
 * `${NAME}`, `${env:NAME}` and `${NAME:-default}` in any text stand for variables of the environment. Servers with
 * `"disabled": true` are left out.
 *
 * @param source what is read, for messages: a file's name
 * @throws ConfigError `invalid_servers` naming each fault, `missing_variable`
 */
export function parseMcpServers(
  value: unknown,
  { environment, source }: { readonly environment: Environment; readonly source: string },
): ReadonlyMap<string, McpServer> {
  if (!isRecord(value))
    throw invalid(source, ['the servers must be an object: {"name": {"command": "..."}}']);
  const servers = new Map<string, McpServer>();
  const faults: string[] = [];
  for (const [name, entry] of Object.entries(value)) {
    if (isRecord(entry) && entry['disabled'] === true) continue;
    const read = readServer(expand(entry, { environment, path: `${source}: ${name}` }));
    if ('faults' in read) faults.push(...read.faults.map((fault) => `${name}${fault}`));
    else servers.set(name, read);
  }
  if (faults.length > 0) throw invalid(source, faults);
  return servers;
}

function readServer(entry: unknown): McpServer | { readonly faults: readonly string[] } {
  if (!isRecord(entry)) return { faults: [' must be an object'] };
  const isStdio = entry['command'] !== undefined;
  if (isStdio === (entry['url'] !== undefined)) {
    return { faults: [` needs either a command or a url, and has ${isStdio ? 'both' : 'neither'}`] };
  }
  if (isStdio) {
    const { data, error } = stdio.safeParse(entry);
    if (data === undefined) return { faults: describe(error) };
    const { command, args, env, cwd } = data;
    return { kind: 'stdio', command, args, env, ...(cwd === undefined ? {} : { cwd }) };
  }
  const { data, error } = http.safeParse(entry);
  return data === undefined
    ? { faults: describe(error) }
    : { kind: 'http', url: data.url, headers: data.headers };
}

function describe(error: z.ZodError): string[] {
  return error.issues.map(({ path, message }) => `.${path.map(String).join('.')}: ${message}`);
}

interface Expansion {
  readonly environment: Environment;
  readonly path: string;
}

/** Puts variables of the environment in for `${NAME}`, in every text below a value. */
function expand(value: unknown, at: Expansion): unknown {
  if (typeof value === 'string') {
    return value.replaceAll(
      /\$\{(?:env:)?(\w+)(?::-([^}]*))?\}/g,
      (_, name: string, standIn: string | undefined) => {
        const found = at.environment[name] || standIn;
        if (found !== undefined) return found;
        throw new ConfigError(
          'missing_variable',
          `${at.path} names the environment variable ${name}, which is not set. Set it, or give a default: \${${name}:-default}.`,
        );
      },
    );
  }
  if (Array.isArray(value)) return value.map((item) => expand(item, at));
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, expand(item, at)]));
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function invalid(source: string, faults: readonly string[]): ConfigError {
  return new ConfigError(
    'invalid_servers',
    `The MCP servers of ${source} are not valid:\n  ${faults.join('\n  ')}`,
  );
}
