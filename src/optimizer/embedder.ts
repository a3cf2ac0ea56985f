import type { Embedder } from '../contract/index.ts';
import { createApiEmbedder, createOnnxEmbedder } from '../embeddings/index.ts';
import type { Config } from './config.ts';

/** The embedder that the configuration names. @param builtIn the one that needs nothing */
export function openEmbedder(
  { kind, model = '', dimensions = 0, url = '', apiKey }: Config['semantic']['embedder'],
  builtIn: Embedder,
): Embedder {
  if (kind === 'static') return builtIn;
  if (kind === 'onnx') return createOnnxEmbedder({ model, dimensions });
  return createApiEmbedder({
    model,
    dimensions,
    baseUrl: url,
    fetch: (address, request) => fetch(address, request),
    ...(apiKey === undefined ? {} : { apiKey }),
  });
}
