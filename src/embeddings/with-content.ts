import { AbortedError } from '../contract/index.ts';
import { type BatchOptions, inBatches } from './batches.ts';
import { checkVectors, hasContent } from './check-vectors.ts';
import { unitIdentity } from './options.ts';

/** How the texts are embedded, and what the vectors must be. */
export interface ContentWork extends BatchOptions {
  readonly model: string;
  readonly dimensions: number;
  /** Vectors of one batch of texts, all with content. */
  readonly embedBatch: (
    texts: readonly string[],
    signal: AbortSignal,
  ) => Promise<readonly ArrayLike<number>[]>;
}

/**
 * Embeds the texts that have content, in checked batches; the others get the zero vector and are not sent.
 *
 * @throws EmbeddingError; AbortedError whenever the caller's signal has fired
 */
export async function embedContent(texts: readonly string[], work: ContentWork): Promise<Float32Array[]> {
  const places = [...texts.keys()].filter((at) => hasContent(texts[at] as string));
  const identity = unitIdentity(work.model, '', work.dimensions);
  let vectors: readonly Float32Array<ArrayBuffer>[];
  try {
    vectors = await inBatches(
      places.map((at) => texts[at] as string),
      work,
      async (batch, signal) => checkVectors(batch, await work.embedBatch(batch, signal), identity),
    );
  } catch (error) {
    if (work.signal?.aborted) throw new AbortedError(undefined, { cause: work.signal.reason });
    throw error;
  }
  const all = texts.map(() => new Float32Array(work.dimensions));
  for (const [i, at] of places.entries()) all[at] = vectors[i] as Float32Array<ArrayBuffer>;
  return all;
}
