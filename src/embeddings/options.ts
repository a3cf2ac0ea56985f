import type { EmbedderIdentity } from '../contract/index.ts';

/** Options of `createStaticEmbedder`. */
export interface StaticEmbedderOptions {
  /** Another table of the same format. @default the table that ships with the package */
  readonly tablePath?: URL | string;
  /**
   * UTF-16 units of a text that are read, from its start; bounds the time of one text to some milliseconds.
   *
   * @default 16384
   */
  readonly maxTextChars?: number;
}

/** What `createApiEmbedder` needs of a request. */
export interface ApiRequest {
  readonly method: 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly signal: AbortSignal;
  /** A redirect is never followed: it would carry the key elsewhere (INV-E2). */
  readonly redirect: 'manual';
}

/** What `createApiEmbedder` needs of an answer. */
export interface ApiResponse {
  readonly status: number;
  text(): Promise<string>;
}

/** Any function that works as the global `fetch` does for these arguments. */
export type FetchLike = (url: string, request: ApiRequest) => Promise<ApiResponse>;

/** Options of `createApiEmbedder`. */
export interface ApiEmbedderOptions {
  /** The model's name as the API knows it: `text-embedding-3-small`. */
  readonly model: string;
  /** Numbers in a vector of this model; every answer is checked against it. */
  readonly dimensions: number;
  /** Where the API is, with or without `/v1`; from configuration alone (INV-E2). */
  readonly baseUrl: string;
  readonly fetch: FetchLike;
  /** Sent as `authorization: Bearer`. @default no such header */
  readonly apiKey?: string;
  /** Asks the API to shorten its vectors to `dimensions`, which not every model can. @default false */
  readonly shouldShorten?: boolean;
  /** Tells editions apart that share a name. @default 'api' */
  readonly version?: string;
  /** Texts of one request at most. @default 256 */
  readonly maxBatch?: number;
  /** Requests under way at once, at most. @default 4 */
  readonly concurrency?: number;
  /** Milliseconds until one request counts as hung. @default 10_000 */
  readonly deadlineMs?: number;
}

/** Options of `createOnnxEmbedder`. */
export interface OnnxEmbedderOptions {
  /** A sentence-transformers model: its name at its hub, or a folder on disk. */
  readonly model: string;
  /** Numbers in a vector of this model; every result is checked against it. */
  readonly dimensions: number;
  /** Tells editions apart that share a name. @default `onnx`, with dtype and pooling where they are not the default */
  readonly version?: string;
  /** Precision of the weights, as the package names them: `fp32`, `q8`. @default 'fp32' */
  readonly dtype?: string;
  /** How the states of the tokens become one vector; the model's card says which. @default 'mean' */
  readonly pooling?: 'mean' | 'cls';
  /** Never download; only a folder or what is there from before. @default false */
  readonly isLocalOnly?: boolean;
  /** Texts of one run of the model at most; a text that comes meanwhile waits for that run. @default 4 */
  readonly maxBatch?: number;
  /** Threads that one run of the model may use. @default one less than the processors, 1 to 4 */
  readonly threads?: number;
  /** Milliseconds for one run, from when it begins; the first one also loads the model. @default 60_000 */
  readonly deadlineMs?: number;
  /** The package to load. @default '@huggingface/transformers' */
  readonly packageName?: string;
}

/** Options of `guardEmbedder`. */
export interface GuardOptions {
  /** Milliseconds until one call counts as hung. @default 10_000 */
  readonly deadlineMs?: number;
}

/** Options of `cacheEmbeddings`. */
export interface EmbeddingCacheOptions {
  /** Vectors kept at most; one of 256 dimensions takes about 1.2 KB. @default 4096 */
  readonly maxEntries?: number;
}

/** The identity of a model whose vectors are scaled to length 1. */
export function unitIdentity(model: string, version: string, dimensions: number): EmbedderIdentity {
  return { model, version, dimensions, normalization: 'unit' };
}
