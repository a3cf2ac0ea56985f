import type { EventSink, JsonObject } from '../../contract/index.ts';
import { throwIfAborted } from '../../support/index.ts';
import type { ToolCall } from './caller.ts';
import { type Connection, type ConnectionOptions, connect } from './connection.ts';
import type { ToolDefinition } from './definition.ts';
import { ProxyError } from './errors.ts';
import type { ServerStats } from './options.ts';

/** How a backend is made. */
export interface BackendOptions
  extends Omit<ConnectionOptions, 'signal' | 'onToolsChanged' | 'onLost' | 'onOpen' | 'onEnding'> {
  readonly onEvent: EventSink;
  /** It came, went, or has other tools. */
  readonly onChange: () => void;
}

const FIRST_WAIT_MS = 1_000;
const MOST_ENDING = 4;
const LONGEST_WAIT_MS = 60_000;

/**
 * One server over its ups and downs. It is started at once, and, when it failed or ended, again with the next call
 * that needs it: at once after it had worked, otherwise after a wait that doubles with each failure.
 */
export class Backend {
  readonly name: string;
  readonly #options: BackendOptions;
  #connection: Connection | undefined;
  #starting: Promise<void> | undefined;
  #tools: readonly ToolDefinition[] = [];
  #problem: string | undefined;
  #failures = 0;
  #retryAt = 0;
  readonly #life = new AbortController();
  #changes = 0;
  #isListing = false;
  /** Of the latest starts: one that failed may take seconds to end. */
  #kills: readonly (() => void)[] = [];
  #ending: Promise<unknown> = Promise.resolve();

  constructor(options: BackendOptions) {
    this.name = options.name;
    this.#options = options;
  }

  get state(): ServerStats['state'] {
    if (this.#life.signal.aborted) return 'closed';
    if (this.#connection !== undefined) return 'ready';
    return this.#starting === undefined ? 'failed' : 'starting';
  }

  /** What it told last, be it there now or not. */
  get tools(): readonly ToolDefinition[] {
    return this.#tools;
  }

  get problem(): string | undefined {
    return this.#problem;
  }

  /** Starts it unless it runs, is being started, or is to be left alone for now; never rejects. */
  start(): Promise<void> {
    if (this.#life.signal.aborted || this.#connection !== undefined) return Promise.resolve();
    if (this.#starting === undefined && Date.now() < this.#retryAt) return Promise.resolve();
    this.#starting ??= this.#connect().finally(() => {
      this.#starting = undefined;
      this.#options.onChange();
    });
    return this.#starting;
  }

  /** @throws ProxyError, RemoteError, AbortedError */
  async call(call: ToolCall): Promise<JsonObject> {
    const connection = await this.#ready(call.signal);
    try {
      return await connection.call(call);
    } catch (error) {
      if (!(error instanceof ProxyError) || error.details['wasRefused'] !== true) throw error;
      // It never saw the call (its session or its process is another), so that nothing is done twice.
      await connection.close();
      this.#lose(connection);
      return (await this.#ready(call.signal)).call(call);
    }
  }

  async close(): Promise<void> {
    this.#life.abort();
    const connection = this.#connection;
    this.#connection = undefined;
    await this.#starting;
    await connection?.close();
    await this.#ending;
  }

  kill(): void {
    for (const kill of this.#kills) kill();
  }

  async #ready(signal: AbortSignal): Promise<Connection> {
    await untilAborted(this.start(), signal);
    if (this.#connection !== undefined) return this.#connection;
    const seconds = Math.max(1, Math.ceil((this.#retryAt - Date.now()) / 1000));
    throw new ProxyError(
      'backend_unavailable',
      `The server "${this.name}" is not available: ${this.#problem ?? 'it is closed'}. It can be tried again in ${seconds} s.`,
    );
  }

  async #connect(): Promise<void> {
    let connection: Connection | undefined;
    try {
      connection = await connect({
        ...this.#options,
        signal: this.#life.signal,
        onToolsChanged: () => void this.#relist(),
        onLost: () => this.#lose(connection),
        onOpen: (kill) => {
          this.#kills = [...this.#kills.slice(1 - MOST_ENDING), kill];
        },
        onEnding: (ending) => this.#await(ending),
      });
      const changes = this.#changes;
      this.#tools = await connection.listTools();
      if (this.#life.signal.aborted) return await connection.close();
      this.#connection = connection;
      if (changes !== this.#changes) void this.#relist();
      if (this.#problem !== undefined) this.#tell('info', 'mcp_server_back', 'is back');
      this.#problem = undefined;
      this.#failures = 0;
    } catch (error) {
      if (connection !== undefined) this.#await(connection.close());
      if (this.#life.signal.aborted) return;
      this.#failures += 1;
      this.#retryAt =
        Date.now() + Math.min(FIRST_WAIT_MS * 2 ** Math.min(this.#failures - 1, 10), LONGEST_WAIT_MS);
      this.#problem = `it could not be started`;
      const why = error instanceof Error ? error.message : String(error);
      this.#tell('warn', 'mcp_server_unavailable', `could not be started: ${why}`);
    }
  }

  /** A server that did not work does not end in a way that concerns anyone, but it must have ended. */
  #await(ending: Promise<void>): void {
    this.#ending = Promise.allSettled([this.#ending, ending]);
  }

  #lose(connection: Connection | undefined): void {
    if (connection === undefined || this.#connection !== connection) return;
    this.#connection = undefined;
    this.#problem = 'it ended';
    this.#tell('warn', 'mcp_server_lost', 'ended; the next call of one of its tools starts it again');
    this.#options.onChange();
  }

  /** One at a time, and again where it changed meanwhile, so that an older list never comes after a newer. */
  async #relist(): Promise<void> {
    this.#changes += 1;
    if (this.#isListing) return;
    this.#isListing = true;
    try {
      for (let seen = -1; seen !== this.#changes && this.#connection !== undefined; ) {
        seen = this.#changes;
        this.#tools = await this.#connection.listTools();
      }
      this.#options.onChange();
    } catch (error) {
      // What it told before stands until it tells anew.
      this.#tell('warn', 'mcp_list_failed', `did not tell its changed tools: ${(error as Error).message}`);
    } finally {
      this.#isListing = false;
    }
  }

  #tell(level: 'info' | 'warn', code: string, what: string): void {
    this.#options.onEvent({ level, code, message: `The MCP server "${this.name}" ${what}` });
  }
}

/** Waits for a promise that never rejects, no longer than the caller does. @throws AbortedError */
async function untilAborted(work: Promise<void>, signal: AbortSignal): Promise<void> {
  throwIfAborted(signal);
  let stop = (): void => {};
  const aborted = new Promise<void>((resolve) => (stop = resolve));
  signal.addEventListener('abort', stop, { once: true });
  await Promise.race([work, aborted]);
  signal.removeEventListener('abort', stop);
  throwIfAborted(signal);
}
