import { type Embedder, embedderKey } from '../contract/index.ts';
import { BoundedMap, sha256Hex } from '../support/index.ts';
import type { EmbeddingCacheOptions } from './options.ts';

const DEFAULT_ENTRIES = 4096;

/**
 * The same embedder with its latest vectors kept in memory, the least recently used forgotten first. The
 * key is the identity and a hash of the text, so that no text is kept and vectors of another model or
 * edition never come back (INV-C10). A text that stands twice in one call is embedded once.
 */
export function cacheEmbeddings(
  inner: Embedder,
  { maxEntries = DEFAULT_ENTRIES }: EmbeddingCacheOptions = {},
): Embedder {
  const kept = new BoundedMap<string, Float32Array>(maxEntries);
  // Joined as JSON, which no identity can imitate (INV-C3).
  const keyOf = (text: string) => `${embedderKey(inner.identity)}${sha256Hex(text)}`;

  const now = inner.embedNow?.bind(inner);

  return {
    get identity() {
      return inner.identity;
    },
    ...(inner.maxTextChars === undefined ? {} : { maxTextChars: inner.maxTextChars }),
    async embed(texts, options) {
      const keys = texts.map(keyOf);
      const found = new Map<string, Float32Array>();
      const missing = new Map<string, string>();
      for (const [at, key] of keys.entries()) {
        const vector = kept.get(key);
        if (vector === undefined) missing.set(key, texts[at] as string);
        else found.set(key, vector);
      }
      if (missing.size > 0) {
        const vectors = await inner.embed([...missing.values()], options);
        for (const [i, key] of [...missing.keys()].entries()) {
          const vector = vectors[i] as Float32Array;
          kept.set(key, vector);
          found.set(key, vector);
        }
      }
      // Copies: the arrays belong to the caller, who may write to them.
      return keys.map((key) => (found.get(key) as Float32Array).slice());
    },
    ...(now === undefined
      ? {}
      : {
          embedNow: (text: string) => {
            const key = keyOf(text);
            const vector = kept.get(key) ?? now(text);
            kept.set(key, vector);
            return vector.slice();
          },
        }),
    async close() {
      kept.clear();
      await inner.close?.();
    },
  };
}
