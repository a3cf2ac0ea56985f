import { type Transferable, Worker } from 'node:worker_threads';
import { type EventSink, type PareEvent, StoreError } from '../../contract/index.ts';

/** A numbered request, and the file it is for. */
export interface StoreCall<Request> {
  readonly id: number;
  readonly path: string;
  readonly request: Request;
}

/** Asks the worker to end by itself, after what it was asked before. */
export interface StoreEnd {
  readonly end: true;
}

/** What a store's worker sends: an answer to a call, or an event to pass on. */
export type StoreReply =
  | { readonly kind: 'done'; readonly id: number; readonly value: unknown }
  | {
      readonly kind: 'failed';
      readonly id: number;
      readonly code: string;
      readonly message: string;
      readonly details: NonNullable<PareEvent['details']>;
    }
  | { readonly kind: 'event'; readonly event: PareEvent };

/** What a store's thread runs. */
export interface StoreThreadOptions {
  /** The store's name in errors: `cache`. */
  readonly name: string;
  /** The worker's module, which calls `serveStore`. */
  readonly module: URL;
  /** The worker's `workerData`. */
  readonly data: unknown;
  readonly onEvent: EventSink;
  /** Longest wait for the thread to end by itself, in milliseconds. @default 5000 */
  readonly stopMs?: number;
}

interface Pending {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/**
 * A worker thread of a store and the calls it has not answered yet; it answers them in their order. It
 * keeps the process alive only while there are any; when it dies, they fail and the next call starts
 * it anew.
 */
export class StoreThread<Request> {
  readonly #options: StoreThreadOptions;
  readonly #pending = new Map<number, Pending>();
  #worker: Worker | undefined;
  #lastId = 0;

  constructor(options: StoreThreadOptions) {
    this.#options = options;
  }

  /** True from the first call, or `start`, until the thread ends. */
  get isRunning(): boolean {
    return this.#worker !== undefined;
  }

  /** Starts the thread now, so that the first call need not wait for it. */
  start(): void {
    this.#started();
  }

  /** The answer to a request about the file at `path`; `moved` leaves this thread. @throws StoreError */
  call(path: string, request: Request, moved: readonly Transferable[] = []): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const worker = this.#started();
      const call: StoreCall<Request> = { id: ++this.#lastId, path, request };
      worker.postMessage(call, moved);
      if (this.#pending.size === 0) worker.ref();
      this.#pending.set(call.id, { resolve, reject });
    });
  }

  /** Ends the thread after the calls before; those it does not answer in time fail. */
  async stop(): Promise<void> {
    const worker = this.#worker;
    if (worker === undefined) return;
    const ended = new Promise((resolve) => worker.once('exit', resolve));
    const end: StoreEnd = { end: true };
    worker.ref();
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
    worker.postMessage(end);
    // Cutting a thread off in the middle of native work is for one that hangs.
    const timer = setTimeout(() => void worker.terminate(), this.#options.stopMs ?? 5000);
    await ended;
    clearTimeout(timer);
  }

  #started(): Worker {
    if (this.#worker !== undefined) return this.#worker;
    const worker = new Worker(this.#options.module, {
      workerData: this.#options.data,
      // Flags of the process (`--input-type`, `--inspect-brk`) are not meant for this thread.
      execArgv: [],
    });
    worker.unref();
    worker.on('message', (reply: StoreReply) => this.#receive(reply));
    worker.on('error', (error) => this.#lose(worker, error));
    worker.on('exit', () => this.#lose(worker, undefined));
    this.#worker = worker;
    return worker;
  }

  #receive(reply: StoreReply): void {
    if (reply.kind === 'event') return this.#options.onEvent(reply.event);
    const pending = this.#pending.get(reply.id);
    this.#pending.delete(reply.id);
    if (this.#pending.size === 0) this.#worker?.unref();
    if (reply.kind === 'done') pending?.resolve(reply.value);
    else pending?.reject(new StoreError(reply.code, reply.message, { details: reply.details }));
  }

  #lose(worker: Worker, cause: unknown): void {
    if (this.#worker !== worker) return;
    this.#worker = undefined;
    const reason = cause instanceof Error ? `: ${cause.message}` : '';
    const message = `The thread of the ${this.#options.name} store ended${reason}.`;
    const error = new StoreError('store_failed', message, { cause });
    for (const { reject } of this.#pending.values()) reject(error);
    this.#pending.clear();
  }
}
