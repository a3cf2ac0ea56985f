import { stat } from 'node:fs/promises';
import { AbortedError, type Encoding, InputError, type PareError } from '../contract/index.ts';
import { throwIfAborted } from '../support/index.ts';
import { type BatchInput, planBatch } from './batch-plan.ts';
import { CountingPool } from './counting-pool.ts';
import { type CountingTask, createCountingTask } from './counting-worker.ts';

/** The count of one input, or why there is none. */
export type BatchCount =
  | { readonly status: 'counted'; readonly tokens: number; readonly bytes: number }
  | { readonly status: 'failed'; readonly error: PareError };

/** Options of `countBatch`. */
export interface BatchOptions {
  /** @default 'o200k_base' */
  readonly encoding?: Encoding;
  /**
   * Worker threads; 0 counts in the calling thread.
   *
   * @default one for each processor, at most 4; 0 below 2 MB, where threads cost more than they save
   */
  readonly workers?: number;
  readonly signal?: AbortSignal;
  /** Called after each part: bytes counted so far, bytes in all. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** Counts batches in threads that are kept for the next batch. */
export interface BatchCounter {
  /** Counts of the inputs, in their order. A file that cannot be read fails alone. @throws AbortedError */
  count(
    inputs: readonly BatchInput[],
    options?: Omit<BatchOptions, 'workers'>,
  ): Promise<readonly BatchCount[]>;
  /** Ends the threads. */
  close(): Promise<void>;
}

/** Smaller batches are counted before a thread has started. */
const WORTH_THREADS_BYTES = 2_000_000;

type Runner = (task: CountingTask, signal?: AbortSignal) => Promise<readonly number[]>;

/** An input whose size is known. */
interface Sized {
  readonly input: BatchInput;
  readonly bytes: number;
}

async function sizeOf(input: BatchInput): Promise<Sized | InputError> {
  if ('text' in input) return { input, bytes: Buffer.byteLength(input.text) };
  try {
    const found = await stat(input.path);
    if (found.isFile()) return { input, bytes: found.size };
    return new InputError('not_a_file', `${input.path} is not a file. Name files to count.`);
  } catch (cause) {
    return unreadable(input.path, cause);
  }
}

function unreadable(path: string, cause: unknown): InputError {
  return new InputError('file_unreadable', `The file ${path} could not be read: ${String(cause)}.`, {
    cause,
  });
}

async function runBatch(
  inputs: readonly BatchInput[],
  options: BatchOptions,
  start: (bytes: number) => { run: Runner; width: number },
): Promise<readonly BatchCount[]> {
  const { signal } = options;
  const encoding = options.encoding ?? 'o200k_base';
  throwIfAborted(signal);
  const sizes = await Promise.all(inputs.map(sizeOf));
  const total = sizes.reduce((sum, size) => sum + (size instanceof InputError ? 0 : size.bytes), 0);
  const { run, width } = start(total);
  const results: BatchCount[] = sizes.map((size) =>
    size instanceof InputError
      ? { status: 'failed', error: size }
      : { status: 'counted', tokens: 0, bytes: size.bytes },
  );
  const parts = await planBatch(
    inputs,
    sizes.map((size) => (size instanceof InputError ? 0 : size.bytes)),
    width,
  );
  let next = 0;
  let done = 0;
  const work = async (): Promise<void> => {
    for (let part = parts[next++]; part !== undefined; part = parts[next++]) {
      throwIfAborted(signal);
      try {
        const counts = await run({ ...part.task, encoding }, signal);
        for (const [i, index] of part.inputs.entries()) {
          const known = results[index] as BatchCount;
          if (known.status === 'counted') {
            results[index] = { ...known, tokens: known.tokens + (counts[i] as number) };
          }
        }
      } catch (cause) {
        if (cause instanceof AbortedError || part.task.kind === 'texts') throw cause;
        results[part.inputs[0] as number] = { status: 'failed', error: unreadable(part.task.path, cause) };
      }
      done += part.bytes;
      options.onProgress?.(done, total);
    }
  };
  // One task more than threads, so that no thread waits for its next one.
  await Promise.all(Array.from({ length: width + 1 }, work));
  return results;
}

/** Counts in this thread, with a pause between parts so that others get their turn. */
function localRunner(): Runner {
  const task = createCountingTask();
  return async (part, signal) => {
    await new Promise<void>((resolve) => setImmediate(resolve));
    throwIfAborted(signal);
    return task(part);
  };
}

/** Returns a batch counter with its own threads, which start with the first batch. */
export function createBatchCounter(options: { readonly workers?: number } = {}): BatchCounter {
  const pool = new CountingPool(options.workers);
  const run: Runner = (task, signal) => pool.run(task, signal);
  return {
    count: (inputs, batch = {}) => runBatch(inputs, batch, () => ({ run, width: pool.maxWorkers })),
    close: () => pool.close(),
  };
}

/**
 * Returns the tokens of texts and files, in their order; large ones are cut where it does not change
 * the count and counted in several threads. A file that cannot be read fails alone.
 *
 * @throws AbortedError when the signal fires
 * @example
 * await countBatch([{ path: 'README.md' }, { text: 'Hello' }], { encoding: 'o200k_base' });
 */
export async function countBatch(
  inputs: readonly BatchInput[],
  options: BatchOptions = {},
): Promise<readonly BatchCount[]> {
  let pool: CountingPool | undefined;
  try {
    return await runBatch(inputs, options, (bytes) => {
      const isSmall = options.workers === 0 || (options.workers === undefined && bytes < WORTH_THREADS_BYTES);
      if (isSmall) return { run: localRunner(), width: 1 };
      const threads = new CountingPool(options.workers);
      pool = threads;
      return { run: (task, signal) => threads.run(task, signal), width: threads.maxWorkers };
    });
  } finally {
    await pool?.close();
  }
}
