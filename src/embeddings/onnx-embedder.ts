import { type Embedder, isPareError } from '../contract/index.ts';
import { withDeadline } from './deadline.ts';
import { OnnxThread } from './onnx-thread.ts';
import { type OnnxEmbedderOptions, unitIdentity } from './options.ts';
import { embedContent } from './with-content.ts';

const PACKAGE = '@huggingface/transformers';
const DEFAULT_BATCH = 32;
const DEFAULT_DEADLINE_MS = 60_000;

/**
 * An embedder that runs a sentence-transformers model in ONNX form in a thread of its own, by the optional
 * package `@huggingface/transformers`. Thread, package and model are loaded with the first texts. A run that
 * passes its deadline has its thread ended, and the next texts start a new one.
 *
 * Its errors: `embedding_peer_missing` (says what to install), `embedding_failed`, `embedding_timeout`,
 * `embedding_dimension_mismatch`, `embedding_count_mismatch`, `embedding_not_finite`, `aborted`.
 *
 * @example
 * const embedder = createOnnxEmbedder({ model: 'Xenova/all-MiniLM-L6-v2', dimensions: 384 });
 */
export function createOnnxEmbedder(options: OnnxEmbedderOptions): Embedder {
  const identity = unitIdentity(options.model, options.version ?? 'onnx', options.dimensions);
  const deadlineMs = options.deadlineMs ?? DEFAULT_DEADLINE_MS;
  const settings = {
    packageName: options.packageName ?? PACKAGE,
    model: options.model,
    dtype: options.dtype ?? 'fp32',
    pooling: options.pooling ?? 'mean',
    isLocalOnly: options.isLocalOnly ?? false,
  } as const;
  let thread: OnnxThread | undefined;

  const run = async (batch: readonly string[], signal: AbortSignal) => {
    if (thread === undefined || thread.isEnded) thread = new OnnxThread(settings);
    const used = thread;
    try {
      return await withDeadline(() => used.run(batch), { deadlineMs, signal, name: options.model });
    } catch (error) {
      if (isPareError(error, 'embedding_timeout')) await used.stop();
      throw error;
    }
  };

  return {
    identity,
    embed: (texts, { signal } = {}) =>
      embedContent(texts, {
        model: options.model,
        dimensions: options.dimensions,
        maxBatch: options.maxBatch ?? DEFAULT_BATCH,
        concurrency: 1,
        signal,
        embedBatch: run,
      }),
    async close() {
      await thread?.stop();
      thread = undefined;
    },
  };
}
