import type { JsonObject, JsonValue } from '../../contract/index.ts';
import type { McpServer } from '../../optimizer/mcp-servers.ts';
import { isObject, readDefinitions, type ToolDefinition } from './definition.ts';
import { ProxyError, RemoteError } from './errors.ts';
import type { Sdk } from './sdk.ts';

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

/** One call of a tool. */
export interface ToolCall {
  /** As the server calls it. */
  readonly tool: string;
  readonly arguments: JsonObject | undefined;
  /** Without a progress token, which is each connection's own. */
  readonly meta: JsonObject | undefined;
  readonly signal: AbortSignal;
  /** Hears of progress; absent when the client wants none. */
  readonly onProgress?: (progress: JsonObject) => void;
}

/** A server that has been started and spoken to. */
export interface Connection {
  listTools(): Promise<ToolDefinition[]>;
  /** The server's result as it came. @throws RemoteError, ProxyError */
  call(call: ToolCall): Promise<JsonObject>;
  /** Ends it: asked first, then made to. */
  close(): Promise<void>;
}

/** No call may be kept alive longer by telling of progress. */
const MOST_CALL_MS = 3_600_000;
/** A server that tells of more tools is broken. */
const MOST_TOOLS = 20_000;
const MOST_PAGES = 1_000;
const MOST_MESSAGE_BYTES = 256 * 1024 * 1024;
const PING_MS = 5_000;
const TIMED_OUT = -32_001;

type Client = InstanceType<Sdk['Client']>;

/** Starts or reaches a server. @throws ProxyError `backend_unavailable` */
export async function connect(options: ConnectionOptions): Promise<Connection> {
  const { sdk, version, startTimeoutMs, onToolsChanged, signal, onLost, onOpen, onEnding } = options;
  const client = new sdk.Client({ name: 'pare', version }, { capabilities: {} });
  const { transport, lastWords, pid } = openTransport(options);
  let isClosing = false;
  let isLost = false;
  client.onclose = () => {
    isLost = true;
    if (!isClosing) onLost();
  };
  client.setNotificationHandler(sdk.ToolListChangedNotificationSchema, onToolsChanged);
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
    throw new ProxyError('backend_unavailable', `${describe(cause)}${lastWords()}`, { cause });
  }
  if (options.server.kind === 'http') watchHttp(client, () => void close().then(onLost, onLost));
  return {
    listTools: () => within(startTimeoutMs, 'it did not tell its tools', listTools(client, options)),
    call: (call) => callTool(client, { ...options, call, isLost: () => isLost }),
    close,
  };
}

interface OpenTransport {
  readonly transport: Parameters<Client['connect']>[0];
  /** The last line a process wrote to stderr, for the message. */
  readonly lastWords: () => string;
  readonly pid: () => number | undefined;
}

function openTransport({ sdk, server }: ConnectionOptions): OpenTransport {
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
  let last = '';
  transport.stderr?.on('data', (chunk: Buffer) => {
    const lines = chunk.toString('utf8').trim().split('\n');
    last = lines.at(-1)?.trim().slice(0, 300) || last;
  });
  // The transport forgets its process as soon as it is asked to end it.
  let pid: number | undefined;
  const start = transport.start.bind(transport);
  transport.start = async () => {
    await start();
    pid = transport.pid ?? undefined;
  };
  return { transport, lastWords: () => (last === '' ? '' : `; its last words: ${last}`), pid: () => pid };
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

interface CallContext extends ConnectionOptions {
  readonly call: ToolCall;
  readonly isLost: () => boolean;
}

async function callTool(client: Client, context: CallContext): Promise<JsonObject> {
  const { sdk, callTimeoutMs, call } = context;
  const { tool, arguments: args, meta, signal, onProgress } = call;
  try {
    return (await client.request(
      {
        method: 'tools/call',
        params: {
          name: tool,
          ...(args === undefined ? {} : { arguments: args }),
          ...(meta === undefined ? {} : { _meta: meta }),
        },
      },
      sdk.ResultSchema,
      {
        signal,
        timeout: callTimeoutMs,
        resetTimeoutOnProgress: true,
        maxTotalTimeout: Math.max(MOST_CALL_MS, callTimeoutMs),
        // Asked for even where the client wants none: it keeps the call from timing out.
        onprogress: (progress) => onProgress?.(progress as unknown as JsonObject),
      },
    )) as unknown as JsonObject;
  } catch (error) {
    throw callError(error, context);
  }
}

function callError(error: unknown, { name, call, callTimeoutMs, isLost }: CallContext): Error {
  if (isLocalTimeout(error)) {
    return new ProxyError(
      'backend_timeout',
      `The server "${name}" did not answer ${call.tool} within ${Math.round(callTimeoutMs / 1000)} s; the call was cancelled.`,
      { cause: error },
    );
  }
  if (isLost()) {
    return new ProxyError(
      'backend_lost',
      `The server "${name}" ended while ${call.tool} ran; whether it had an effect is not known. The next call starts it again.`,
      { cause: error },
    );
  }
  const code = remoteCode(error);
  if (code !== undefined) {
    const { message, data } = error as { message: string; data?: JsonValue };
    return new RemoteError(code, message.replace(`MCP error ${code}: `, ''), data);
  }
  return new ProxyError(
    'backend_failed',
    `The server "${name}" failed at ${call.tool}: ${describe(error)}.`,
    {
      cause: error,
      details: { wasRefused: wasRefused(error) },
    },
  );
}

/** True where the server cannot have seen the call: its session is gone, or nobody listens. */
function wasRefused(error: unknown): boolean {
  const { code, cause } = error as { code?: unknown; cause?: { code?: unknown } };
  return code === 404 || cause?.code === 'ECONNREFUSED';
}

/** The code of an error that is an McpError: one that the other side sent, or the SDK's own of that form. */
function remoteCode(error: unknown): number | undefined {
  const { code, message } = error as { code?: unknown; message?: unknown };
  return typeof code === 'number' && String(message).startsWith(`MCP error ${code}`) ? code : undefined;
}

function isLocalTimeout(error: unknown): boolean {
  const { data } = error as { data?: unknown };
  return (
    remoteCode(error) === TIMED_OUT && isObject(data) && ('timeout' in data || 'maxTotalTimeout' in data)
  );
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { code } = (error.cause ?? {}) as { code?: unknown };
  return `${error.message}${typeof code === 'string' ? ` (${code})` : ''}`.slice(0, 400);
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
