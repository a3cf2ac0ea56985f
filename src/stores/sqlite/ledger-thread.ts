import { Worker } from 'node:worker_threads';
import { type EventSink, StoreError } from '../../contract/index.ts';
import { moduleUrl } from '../../support/index.ts';
import type { LedgerCall, LedgerReply, LedgerRequest, LedgerWorkerData } from './ledger-messages.ts';

interface Pending {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/**
 * A ledger worker thread and the calls it has not answered yet. It keeps the process alive only while
 * there are any; when it dies, they fail and the next call starts it anew.
 */
export class LedgerThread {
  readonly #data: LedgerWorkerData;
  readonly #onEvent: EventSink;
  readonly #pending = new Map<number, Pending>();
  #worker: Worker | undefined;
  #lastId = 0;

  constructor(data: LedgerWorkerData, onEvent: EventSink) {
    this.#data = data;
    this.#onEvent = onEvent;
  }

  /** Starts the thread now, so that the first call need not wait for it. */
  start(): Worker {
    if (this.#worker !== undefined) return this.#worker;
    const worker = new Worker(moduleUrl(import.meta.url, './ledger-worker'), {
      workerData: this.#data,
      // Flags of the process (`--input-type`, `--inspect-brk`) are not meant for this thread.
      execArgv: [],
    });
    worker.unref();
    worker.on('message', (reply: LedgerReply) => this.#receive(reply));
    worker.on('error', (error) => this.#lose(worker, error));
    worker.on('exit', () => this.#lose(worker, undefined));
    this.#worker = worker;
    return worker;
  }

  /** The answer to a request about the file at `path`. @throws StoreError */
  call(path: string, request: LedgerRequest): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const worker = this.start();
      const call: LedgerCall = { id: ++this.#lastId, path, request };
      worker.postMessage(call, request.kind === 'append' ? [request.batch.numbers.buffer] : []);
      if (this.#pending.size === 0) worker.ref();
      this.#pending.set(call.id, { resolve, reject });
    });
  }

  /** Ends the thread; calls not answered yet fail. */
  async stop(): Promise<void> {
    await this.#worker?.terminate();
  }

  #receive(reply: LedgerReply): void {
    if (reply.kind === 'event') return this.#onEvent(reply.event);
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
    const error = new StoreError('store_failed', `The ledger's thread ended${reason}.`, { cause });
    for (const { reject } of this.#pending.values()) reject(error);
    this.#pending.clear();
  }
}
