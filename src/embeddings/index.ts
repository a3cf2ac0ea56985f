export { createApiEmbedder } from './api-embedder.ts';
export { cacheEmbeddings } from './cached-embedder.ts';
export { EmbeddingError, type EmbeddingErrorCode } from './errors.ts';
export { guardEmbedder } from './guarded-embedder.ts';
export { createOnnxEmbedder } from './onnx-embedder.ts';
export type {
  ApiEmbedderOptions,
  ApiRequest,
  ApiResponse,
  EmbeddingCacheOptions,
  FetchLike,
  GuardOptions,
  OnnxEmbedderOptions,
  StaticEmbedderOptions,
} from './options.ts';
export { createStaticEmbedder } from './static/static-embedder.ts';
