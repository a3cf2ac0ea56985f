import { availableParallelism } from 'node:os';
import type { Piscina } from 'piscina';
import { AbortedError } from '../contract/index.ts';
import { moduleUrl, throwIfAborted } from '../support/index.ts';
import type { CountingTask } from './counting-worker.ts';

const MOST_WORKERS = 4;
/** Idle workers end after this time, so that a burst does not hold memory for good. */
const IDLE_MS = 30_000;

/** Worker threads that count; they start with the first task. */
export class CountingPool {
  readonly #maxWorkers: number;
  #pool: Promise<Piscina> | undefined;

  constructor(maxWorkers?: number) {
    this.#maxWorkers = Math.max(1, maxWorkers ?? Math.min(MOST_WORKERS, availableParallelism()));
  }

  /** Threads at most. */
  get maxWorkers(): number {
    return this.#maxWorkers;
  }

  /** Runs a task in a thread. @throws AbortedError when the signal fires; the task's thread is ended */
  async run(task: CountingTask, signal?: AbortSignal): Promise<readonly number[]> {
    throwIfAborted(signal);
    this.#pool ??= this.#start();
    const pool = await this.#pool;
    try {
      return (await pool.run(task, signal === undefined ? {} : { signal })) as readonly number[];
    } catch (cause) {
      if (signal?.aborted) throw new AbortedError(undefined, { cause });
      throw cause;
    }
  }

  /** Ends all threads; a later task starts new ones. */
  async close(): Promise<void> {
    const pool = this.#pool;
    this.#pool = undefined;
    await (await pool)?.destroy();
  }

  async #start(): Promise<Piscina> {
    // Imported here because it takes 20 ms and most processes never count anything large.
    const { Piscina } = await import('piscina');
    return new Piscina({
      filename: moduleUrl(import.meta.url, './counting-worker').href,
      name: 'count',
      minThreads: 0,
      maxThreads: this.#maxWorkers,
      idleTimeout: IDLE_MS,
    });
  }
}
