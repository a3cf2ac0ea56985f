import type { EventSink } from '../../contract/index.ts';
import type { McpServer } from '../../optimizer/mcp-servers.ts';

/** Options of `createMcpProxy`. */
export interface McpProxyOptions {
  /** The servers by name, as `parseMcpServers` reads them. Tools are called `name__tool`. */
  readonly servers: ReadonlyMap<string, McpServer>;
  /** Tools that a client is shown besides the pinned ones; the others it finds with `find_tools`. @default 10 */
  readonly maxTools?: number;
  /** Tools that are always shown: `server__tool`, or the server's own name for it. @default none */
  readonly pinned?: readonly string[];
  /** Milliseconds until a server has started and told its tools. @default 20_000 */
  readonly startTimeoutMs?: number;
  /** Milliseconds until a call is answered; progress begins them anew, up to an hour. @default 120_000 */
  readonly callTimeoutMs?: number;
  /** Told to clients and servers. @default '0' */
  readonly version?: string;
  /** Hears of servers that fail, end and come back. */
  readonly onEvent?: EventSink;
  /** Tokens of a text: without it, no sums. */
  readonly countTokens?: (text: string) => number;
}

/** The proxy on the standard streams: one client. */
export interface StdioFace {
  /** Resolves when the client has gone: its requests are answered, for at most 5 s. */
  readonly closed: Promise<void>;
  /** Ends the session at once; what is being answered is cancelled. */
  close(): Promise<void>;
}

/** The proxy on HTTP: many clients, each with a session of its own. */
export interface HttpFace {
  /** `http://127.0.0.1:7274/mcp` */
  readonly url: string;
  /** Ends every session and stops listening. */
  close(): Promise<void>;
}

/** One MCP server in front of several, with tool selection. */
export interface McpProxy {
  /** Speaks with one client over streams. @default the process's own */
  serveStdio(streams?: {
    readonly input?: NodeJS.ReadableStream;
    readonly output?: NodeJS.WritableStream;
  }): Promise<StdioFace>;
  /**
   * Listens on 127.0.0.1, where pages of a browser are refused by their origin and by a foreign host (INV-E1).
   *
   * @throws ConfigError `address_in_use`, `cannot_listen`
   */
  serveHttp(options: {
    /** 0 takes a free one. */
    readonly port: number;
    readonly allowedOrigins?: readonly string[];
    readonly allowedHosts?: readonly string[];
  }): Promise<HttpFace>;
  /** Resolves when each server has started or failed. */
  started(): Promise<void>;
  /** What was shown and called so far. */
  stats(): McpProxyStats;
  /** Ends the servers: asked first, then made to, within some 5 s. */
  close(): Promise<void>;
  /** Ends the servers' processes at once. */
  kill(): void;
}

/** One server, as it is now. */
export interface ServerStats {
  readonly name: string;
  readonly state: 'starting' | 'ready' | 'failed' | 'closed';
  /** Tools that it told last. */
  readonly tools: number;
  /** Of their definitions; 0 without a counter. */
  readonly tokens: number;
  /** What was wrong with it, if anything. */
  readonly problem?: string;
}

/** Sums of a run. Tokens are 0 without a counter. */
export interface McpProxyStats {
  readonly servers: readonly ServerStats[];
  /** Tools of all servers, and tokens of their definitions: what a client would be sent without the proxy. */
  readonly tools: number;
  readonly tokensAll: number;
  /** The longest list that a session was sent, the proxy's own three tools included. */
  readonly listed: readonly string[];
  readonly tokensListed: number;
  /** Answers of `find_tools` and `describe_tool`, which cost tokens too. */
  readonly tokensAnswers: number;
  readonly searches: number;
  readonly sessions: number;
  /** Calls that were passed on, and of these, calls of tools that were not in the client's list. */
  readonly calls: number;
  readonly callsUnlisted: number;
  /** Calls of tools that no server has. */
  readonly callsUnknown: number;
}
