import { type Embedder, isPareError } from '../contract/index.ts';
import { parseAnswer, rejection } from './api-answer.ts';
import { withDeadline } from './deadline.ts';
import { EmbeddingError } from './errors.ts';
import { type ApiEmbedderOptions, type ApiResponse, unitIdentity } from './options.ts';
import { embedContent } from './with-content.ts';

const DEFAULT_BATCH = 256;
const DEFAULT_CONCURRENCY = 4;
const DEFAULT_DEADLINE_MS = 10_000;

/**
 * An embedder behind an HTTP API of OpenAI's form (`POST /v1/embeddings`). Nothing is sent before the first
 * call, and texts without content are never sent. No request is repeated: an embedding that fails is a miss.
 *
 * Its errors: `embedding_unreachable`, `embedding_rejected`, `embedding_timeout`,
 * `embedding_invalid_response`, `embedding_count_mismatch`, `embedding_dimension_mismatch`,
 * `embedding_not_finite`, `aborted`.
 *
 * @example
 * const embedder = createApiEmbedder({
 *   model: 'text-embedding-3-small', dimensions: 1536, baseUrl: 'https://api.openai.com', apiKey, fetch,
 * });
 */
export function createApiEmbedder(options: ApiEmbedderOptions): Embedder {
  const identity = unitIdentity(options.model, options.version ?? 'api', options.dimensions);
  const deadlineMs = options.deadlineMs ?? DEFAULT_DEADLINE_MS;

  return {
    identity,
    embed: (texts, { signal } = {}) =>
      embedContent(texts, {
        model: options.model,
        dimensions: options.dimensions,
        maxBatch: options.maxBatch ?? DEFAULT_BATCH,
        concurrency: options.concurrency ?? DEFAULT_CONCURRENCY,
        signal,
        embedBatch: (batch, batchSignal) =>
          withDeadline((stop) => askApi(options, batch, stop), {
            deadlineMs,
            signal: batchSignal,
            name: options.model,
          }),
      }),
  };
}

/** One request. */
async function askApi(
  options: ApiEmbedderOptions,
  texts: readonly string[],
  signal: AbortSignal,
): Promise<readonly (readonly number[])[]> {
  const { model, dimensions, apiKey, shouldShorten = false } = options;
  let response: ApiResponse;
  let text: string;
  try {
    response = await options.fetch(endpoint(options.baseUrl), {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` }),
      },
      body: JSON.stringify({
        model,
        input: texts,
        encoding_format: 'float',
        ...(shouldShorten ? { dimensions } : {}),
      }),
      signal,
      redirect: 'manual',
    });
    text = await response.text();
  } catch (cause) {
    if (isPareError(cause)) throw cause;
    throw new EmbeddingError(
      'embedding_unreachable',
      `The embeddings API for "${model}" could not be reached or broke off ` +
        `(${cause instanceof Error ? cause.message : String(cause)}). Check its URL and the network.`,
      { cause },
    );
  }
  if (response.status !== 200) throw rejection(model, response.status, text);
  return parseAnswer(text, model);
}

function endpoint(baseUrl: string): string {
  return `${baseUrl.replace(/\/+$/, '').replace(/\/v1$/, '')}/v1/embeddings`;
}
