import { AbortedError, type Embedder, type EventSink } from '../contract/index.ts';
import { createApiEmbedder, createOnnxEmbedder } from '../embeddings/index.ts';
import type { Config } from './config.ts';

/** The embedder that the configuration names. @param builtIn the one that needs nothing */
export function openEmbedder(
  { kind, model = '', dimensions = 0, dtype, pooling, url = '', apiKey }: Config['semantic']['embedder'],
  builtIn: Embedder,
): Embedder {
  if (kind === 'static') return builtIn;
  if (kind === 'onnx') {
    return createOnnxEmbedder({
      model,
      dimensions,
      ...(dtype === undefined ? {} : { dtype }),
      ...(pooling === undefined ? {} : { pooling }),
    });
  }
  return createApiEmbedder({
    model,
    dimensions,
    baseUrl: url,
    fetch: (address, request) => fetch(address, request),
    ...(apiKey === undefined ? {} : { apiKey }),
  });
}

/**
 * Has an embedder load its model now, in the background: the first requests would wait for it in vain, and who
 * lacks the package learns of it at the start.
 *
 * @returns gives up on it
 */
export function beginLoading(embedder: Embedder, onEvent: EventSink): () => void {
  const closing = new AbortController();
  embedder.embed(['ready'], { signal: closing.signal }).catch((error: unknown) => {
    if (error instanceof AbortedError) return;
    onEvent({
      level: 'warn',
      code: 'semantic_embedder_failed',
      message: `The embedder of the semantic cache does not work, so nothing is found by meaning: ${error instanceof Error ? error.message : String(error)}`,
    });
  });
  return () => closing.abort();
}
