import { throwIfAborted } from '../support/index.ts';

/** How work on many items is split. */
export interface BatchOptions {
  /** Items of one batch at most. */
  readonly maxBatch: number;
  /** Batches under way at once, at most. */
  readonly concurrency: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Runs `work` on slices of the items and joins the results in the order of the items. After the first
 * failure no further slice is begun, and those under way are told by their signal.
 */
export async function inBatches<T, R>(
  items: readonly T[],
  { maxBatch, concurrency, signal }: BatchOptions,
  work: (batch: readonly T[], signal: AbortSignal) => Promise<readonly R[]>,
): Promise<R[]> {
  const count = Math.ceil(items.length / maxBatch);
  const results: (readonly R[])[] = Array.from({ length: count });
  const failed = new AbortController();
  const both = signal === undefined ? failed.signal : AbortSignal.any([signal, failed.signal]);
  let next = 0;
  const lane = async () => {
    while (next < count && !failed.signal.aborted) {
      throwIfAborted(signal);
      const at = next;
      next += 1;
      results[at] = await work(items.slice(at * maxBatch, (at + 1) * maxBatch), both);
    }
  };
  const lanes = Array.from({ length: Math.min(concurrency, count) }, async () => {
    try {
      await lane();
    } catch (error) {
      failed.abort(error);
      throw error;
    }
  });
  await Promise.all(lanes);
  return results.flat();
}
