import { type Embedder, embedderKey } from '../contract/index.ts';
import { checkVectors } from './check-vectors.ts';
import { withDeadline } from './deadline.ts';
import { EmbeddingError } from './errors.ts';
import type { GuardOptions } from './options.ts';

const DEFAULT_DEADLINE_MS = 10_000;

/**
 * An embedder of a caller's own, held to the contract: what throws, hangs, changes its dimensions or gives
 * NaN becomes an `EmbeddingError` with a stable code. The identity is that of the first moment; an embedder
 * that changes it later is refused, since its vectors would be compared with those of another (INV-C10).
 *
 * @throws EmbeddingError any code that begins with `embedding_` (from `embed`); AbortedError
 */
export function guardEmbedder(
  inner: Embedder,
  { deadlineMs = DEFAULT_DEADLINE_MS }: GuardOptions = {},
): Embedder {
  const identity = { ...inner.identity };
  const key = embedderKey(identity);
  return {
    identity,
    ...(inner.maxTextChars === undefined ? {} : { maxTextChars: inner.maxTextChars }),
    async embed(texts, { signal } = {}) {
      const limits = { deadlineMs, signal, name: identity.model };
      const vectors = await withDeadline(async (stop) => inner.embed(texts, { signal: stop }), limits);
      if (embedderKey(inner.identity) !== key) {
        throw new EmbeddingError(
          'embedding_identity_changed',
          `The embedder was ${key} and is now ${embedderKey(inner.identity)}. Start anew with the one you mean.`,
        );
      }
      return checkVectors(texts, vectors, identity);
    },
    async close() {
      await inner.close?.();
    },
  };
}
