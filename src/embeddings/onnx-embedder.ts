import { availableParallelism } from 'node:os';
import type { Embedder } from '../contract/index.ts';
import { OnnxProcess } from './onnx-process.ts';
import { type OnnxEmbedderOptions, unitIdentity } from './options.ts';
import { embedContent } from './with-content.ts';

const PACKAGE = '@huggingface/transformers';
/** Short runs let a text that somebody waits for in between; on processors, long ones are no faster. */
const DEFAULT_BATCH = 4;
const MOST_THREADS = 4;
const DEFAULT_DEADLINE_MS = 60_000;

/**
 * An embedder that runs a sentence-transformers model in ONNX form in a process of its own, by the optional
 * package `@huggingface/transformers`. Process, package and model are loaded with the first texts. A run that
 * passes its deadline has its process ended, and the next texts start a new one.
 *
 * Its errors: `embedding_peer_missing` (says what to install), `embedding_failed`, `embedding_timeout`,
 * `embedding_dimension_mismatch`, `embedding_count_mismatch`, `embedding_not_finite`, `aborted`.
 *
 * @example
 * const embedder = createOnnxEmbedder({ model: 'Xenova/all-MiniLM-L6-v2', dimensions: 384 });
 */
export function createOnnxEmbedder(options: OnnxEmbedderOptions): Embedder {
  const { model, dtype = 'fp32', pooling = 'mean' } = options;
  const identity = unitIdentity(model, options.version ?? editionOf(dtype, pooling), options.dimensions);
  const settings = {
    packageName: options.packageName ?? PACKAGE,
    model,
    dtype,
    pooling,
    isLocalOnly: options.isLocalOnly ?? false,
    // One is left to whoever asks.
    threads: options.threads ?? Math.max(1, Math.min(MOST_THREADS, availableParallelism() - 1)),
  } as const;
  let started: OnnxProcess | undefined;

  const run = (batch: readonly string[], signal: AbortSignal) => {
    if (started === undefined || started.isEnded)
      started = new OnnxProcess(settings, options.deadlineMs ?? DEFAULT_DEADLINE_MS);
    return started.run(batch, signal);
  };

  return {
    identity,
    embed: (texts, { signal } = {}) =>
      embedContent(texts, {
        model,
        dimensions: options.dimensions,
        maxBatch: options.maxBatch ?? DEFAULT_BATCH,
        concurrency: 1,
        signal,
        embedBatch: run,
      }),
    async close() {
      started?.stop();
      started = undefined;
    },
  };
}

/** What makes other vectors of the same model is another edition of it (INV-C10). */
function editionOf(dtype: string, pooling: string): string {
  return ['onnx', ...(dtype === 'fp32' ? [] : [dtype]), ...(pooling === 'mean' ? [] : [pooling])].join('-');
}
