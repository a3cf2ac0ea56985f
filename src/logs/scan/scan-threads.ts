import { Worker } from 'node:worker_threads';
import { moduleUrl } from '../../support/index.ts';
import type { PartRange } from './scan-part.ts';
import type { ScanReply, ScanRequest, ScanWorkerData } from './scan-worker.ts';
import type { ScannedPart } from './scanned-part.ts';
import type { ShapeCounts } from './shape-table.ts';

/** Lines of a part, as a thread found them. */
export interface PartResult {
  readonly lineCount: number;
  readonly end: number;
  /** True when the thread's own shapes ran out. */
  readonly isFull: boolean;
}

interface Waiting {
  readonly part: ScannedPart | undefined;
  readonly resolve: (reply: ScanReply) => void;
  readonly reject: (error: unknown) => void;
}

/** One thread that scans parts, one at a time. */
export class ScanThread {
  readonly #worker: Worker;
  #waiting: Waiting | undefined;
  #failure: unknown;

  constructor(data: ScanWorkerData) {
    this.#worker = new Worker(moduleUrl(import.meta.url, './scan-worker'), {
      workerData: data,
      name: 'scan',
    });
    this.#worker.on('message', (reply: ScanReply) => this.#take(reply));
    this.#worker.on('error', (error) => this.#fail(error));
    this.#worker.on('exit', (code) => this.#fail(new Error(`A scanning thread ended early, with ${code}.`)));
  }

  /** Scans a range; what is recorded of its lines goes to `part`. */
  async scan(range: PartRange, part: ScannedPart, lineBase: number): Promise<PartResult> {
    const reply = await this.#ask({ range, lineBase }, part);
    if (reply.kind !== 'part') throw new TypeError(`A scanning thread answered ${reply.kind}.`);
    return reply;
  }

  /** All shapes that the thread found; it ends. */
  async finish(): Promise<ShapeCounts> {
    const reply = await this.#ask('finish', undefined);
    if (reply.kind !== 'shapes') throw new TypeError(`A scanning thread answered ${reply.kind}.`);
    return reply.shapes;
  }

  /** Ends the thread, whatever it does. */
  async end(): Promise<void> {
    await this.#worker.terminate();
  }

  #ask(request: ScanRequest, part: ScannedPart | undefined): Promise<ScanReply> {
    return new Promise((resolve, reject) => {
      if (this.#failure !== undefined) {
        reject(this.#failure);
        return;
      }
      this.#waiting = { part, resolve, reject };
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
      this.#worker.postMessage(request);
    });
  }

  #take(reply: ScanReply): void {
    const waiting = this.#waiting;
    try {
      if (reply.kind === 'ids') waiting?.part?.ids(reply.block);
      else if (reply.kind === 'marks') waiting?.part?.marks(reply.block);
      else if (reply.kind === 'failed') this.#fail(reply.error);
      else waiting?.resolve(reply);
    } catch (error) {
      // The store has no room for the block.
      this.#fail(error);
    }
  }

  #fail(error: unknown): void {
    this.#failure ??= error;
    this.#waiting?.reject(error);
  }
}
