import { AbortedError, isPareError } from '../contract/index.ts';
import { throwIfAborted } from '../support/index.ts';
import { EmbeddingError } from './errors.ts';

/** Limits of one piece of work. */
export interface DeadlineOptions {
  /** Milliseconds until it counts as hung. */
  readonly deadlineMs: number;
  readonly signal?: AbortSignal | undefined;
  /** Who works, for the message. */
  readonly name: string;
}

/**
 * The result of `work`, which gets a signal that fires when the caller aborts or the deadline passes. Work
 * that heeds no signal is left behind: this settles all the same.
 *
 * @throws AbortedError when the caller aborted
 * @throws EmbeddingError `embedding_timeout` after the deadline, `embedding_failed` for foreign errors
 */
export async function withDeadline<T>(
  work: (signal: AbortSignal) => Promise<T>,
  { deadlineMs, signal, name }: DeadlineOptions,
): Promise<T> {
  throwIfAborted(signal);
  const stop = new AbortController();
  const ended = Promise.withResolvers<never>();
  const end = (error: Error) => {
    ended.reject(error);
    stop.abort(error);
  };
  const onAbort = () => end(new AbortedError(undefined, { cause: signal?.reason }));
  const timer = setTimeout(() => end(timeout(name, deadlineMs)), deadlineMs);
  signal?.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([work(stop.signal), ended.promise]);
  } catch (error) {
    // Work that ends because of our signal reports that in its own words; the reason is the better word.
    if (isPareError(stop.signal.reason)) throw stop.signal.reason;
    if (isPareError(error)) throw error;
    throw new EmbeddingError(
      'embedding_failed',
      `The embedder "${name}" failed: ${error instanceof Error ? error.message : String(error)}`,
      { cause: error },
    );
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
  }
}

function timeout(name: string, deadlineMs: number): EmbeddingError {
  return new EmbeddingError(
    'embedding_timeout',
    `The embedder "${name}" gave no answer within ${deadlineMs} ms. Raise its deadlineMs if it is only slow.`,
    { details: { deadlineMs } },
  );
}
