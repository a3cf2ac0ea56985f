import { EmbeddingError } from './errors.ts';

interface Item {
  readonly index: number;
  readonly embedding: readonly number[];
}

/**
 * The vectors of an answer in the order of the texts, whatever order the items come in.
 *
 * @throws EmbeddingError `embedding_invalid_response`
 */
export function parseAnswer(text: string, model: string): readonly (readonly number[])[] {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch (cause) {
    throw invalid(model, 'it is not JSON', cause);
  }
  const data = typeof body === 'object' && body !== null ? (body as { data?: unknown }).data : undefined;
  if (!Array.isArray(data)) throw invalid(model, 'it has no list "data"');
  const vectors: (readonly number[])[] = Array.from({ length: data.length });
  for (const [place, item] of data.entries()) {
    const { index, embedding } = readItem(item, place, model);
    if (index >= data.length || vectors[index] !== undefined) {
      throw invalid(model, `its items have the index ${index} twice or beyond their number`);
    }
    vectors[index] = embedding;
  }
  return vectors;
}

/** An item; one without `index`, as some servers send, stands where it stands. */
function readItem(item: unknown, place: number, model: string): Item {
  const { index = place, embedding } = (item ?? {}) as { index?: unknown; embedding?: unknown };
  if (typeof index !== 'number' || !Number.isInteger(index) || index < 0) {
    throw invalid(model, `item ${place} has no valid index`);
  }
  if (!Array.isArray(embedding) || !embedding.every((value) => typeof value === 'number')) {
    throw invalid(model, `item ${place} has no list of numbers "embedding"`);
  }
  return { index, embedding };
}

/** The error of an answer with another status than 200. The body is not quoted: it may repeat the texts. */
export function rejection(model: string, status: number, body: string): EmbeddingError {
  const hint =
    status === 401 || status === 403
      ? 'Check the API key.'
      : status === 404
        ? 'Check the URL and the name of the model.'
        : status === 429
          ? 'The rate limit is reached; lower the concurrency.'
          : status >= 300 && status < 400
            ? 'Redirects are not followed; set the final URL.'
            : 'See the log of the provider.';
  return new EmbeddingError(
    'embedding_rejected',
    `The embeddings API for "${model}" answered ${status}${codeIn(body)}. ${hint}`,
    { details: { status } },
  );
}

/** The provider's own code of the error, when it is a plain word. */
function codeIn(body: string): string {
  const code = /"(?:code|type)"\s*:\s*"([a-z0-9_]{1,60})"/i.exec(body)?.[1];
  return code === undefined ? '' : ` (${code})`;
}

function invalid(model: string, what: string, cause?: unknown): EmbeddingError {
  return new EmbeddingError(
    'embedding_invalid_response',
    `The embeddings API for "${model}" gave an answer that cannot be read: ${what}. ` +
      'Check that the URL is that of an API of the form of POST /v1/embeddings.',
    { cause },
  );
}
