import { type Embedder, PareError } from '../contract/index.ts';
import { simulatedEmbedding } from './provider/embeddings.ts';

const DEFAULT_DIMENSIONS = 256;

/** Options of `createFakeEmbedder`. */
export interface FakeEmbedderOptions {
  /** Numbers in a vector. @default 256 */
  readonly dimensions?: number;
  /** The edition in the identity. @default '1' */
  readonly version?: string;
  /** Vectors of chosen texts; all others get one by their words. */
  readonly vectors?: Readonly<Record<string, Float32Array>>;
  /** Called before every answer: throw, or wait, to play a failure. */
  readonly before?: (texts: readonly string[], signal: AbortSignal | undefined) => Promise<void> | void;
}

/** An embedder for tests that also says how often it was asked. */
export interface FakeEmbedder extends Embedder {
  /** Texts of every call, in order. */
  readonly calls: readonly (readonly string[])[];
}

/**
 * An embedder without a model: texts that share words are near each other, and nothing else is.
 *
 * @example
 * const embedder = createFakeEmbedder({ before: () => { throw new Error('down'); } });
 */
export function createFakeEmbedder({
  dimensions = DEFAULT_DIMENSIONS,
  version = '1',
  vectors = {},
  before,
}: FakeEmbedderOptions = {}): FakeEmbedder {
  const calls: (readonly string[])[] = [];
  return {
    identity: { model: 'fake', version, dimensions, normalization: 'unit' },
    calls,
    async embed(texts, { signal } = {}) {
      if (signal?.aborted) throw new PareError('aborted', 'The operation was aborted by the caller.');
      calls.push(texts);
      await before?.(texts, signal);
      return texts.map((text) => {
        const chosen = Object.hasOwn(vectors, text) ? vectors[text] : undefined;
        if (chosen !== undefined) return chosen.slice();
        if (!/[^\s\p{Cc}\p{Cf}]/u.test(text)) return new Float32Array(dimensions);
        return simulatedEmbedding(text, dimensions);
      });
    },
  };
}
