import { describe, expect, it } from 'vitest';
import { describeEmbedder } from '../testing/conformance/embedder.ts';
import { createSimulatedProvider, simulatedEmbedding } from '../testing/index.ts';
import { createApiEmbedder } from './api-embedder.ts';
import type { ApiEmbedderOptions, ApiRequest, FetchLike } from './options.ts';

interface Asked {
  readonly model: string;
  readonly input: readonly string[];
  readonly dimensions?: number;
}

/** An API in this process that answers as a provider does. */
function api(answer?: (asked: Asked) => { status?: number; body: string }): FetchLike & {
  readonly requests: { url: string; request: ApiRequest; asked: Asked }[];
} {
  const requests: { url: string; request: ApiRequest; asked: Asked }[] = [];
  const fetch: FetchLike = async (url, request) => {
    const asked = JSON.parse(request.body) as Asked;
    requests.push({ url, request, asked });
    const { status = 200, body } = answer?.(asked) ?? { body: good(asked) };
    return { status, text: async () => body };
  };
  return Object.assign(fetch, { requests });
}

function good({ input }: Asked): string {
  const data = input.map((text, index) => ({ index, embedding: [...simulatedEmbedding(text, 32)] }));
  return JSON.stringify({ object: 'list', data });
}

const make = (options: Partial<ApiEmbedderOptions> = {}) =>
  createApiEmbedder({
    model: 'embed-1',
    dimensions: 32,
    baseUrl: 'http://api.test/v1/',
    fetch: api(),
    ...options,
  });

describeEmbedder('an API', { create: () => make() });

describe('an embedder behind an API', () => {
  it('sends what the protocol asks for, and only texts with content', async () => {
    const fetch = api();
    await make({ fetch, apiKey: 'secret' }).embed(['a', ' ', 'b']);
    const [sent] = fetch.requests;
    expect(sent?.url).toBe('http://api.test/v1/embeddings');
    expect(sent?.request).toMatchObject({
      method: 'POST',
      redirect: 'manual',
      headers: { authorization: 'Bearer secret', 'content-type': 'application/json' },
    });
    expect(sent?.asked).toEqual({ model: 'embed-1', input: ['a', 'b'], encoding_format: 'float' });
  });

  it('sends nothing for texts without content', async () => {
    const fetch = api();
    await make({ fetch }).embed(['', '\n']);
    expect(fetch.requests).toEqual([]);
  });

  it('asks for shorter vectors only when told to', async () => {
    const fetch = api();
    await make({ fetch, shouldShorten: true }).embed(['a']);
    expect(fetch.requests[0]?.asked.dimensions).toBe(32);
  });

  it('splits texts into batches', async () => {
    const fetch = api();
    const texts = Array.from({ length: 7 }, (_, i) => `text ${i}`);
    const vectors = await make({ fetch, maxBatch: 3 }).embed(texts);
    expect(fetch.requests.map(({ asked }) => asked.input.length)).toEqual([3, 3, 1]);
    for (const [i, text] of texts.entries()) {
      for (const [at, value] of simulatedEmbedding(text, 32).entries())
        expect(vectors[i]?.[at]).toBeCloseTo(value, 5);
    }
  });

  it('puts vectors that come in another order where they belong', async () => {
    const shuffled = api((asked) => {
      const body = JSON.parse(good(asked)) as { data: unknown[] };
      return { body: JSON.stringify({ data: body.data.toReversed() }) };
    });
    const texts = ['one', 'two', 'three'];
    expect(await make({ fetch: shuffled }).embed(texts)).toEqual(await make().embed(texts));
  });

  it.each<[string, { status?: number; body: string }]>([
    ['embedding_invalid_response', { body: '<html>' }],
    ['embedding_invalid_response', { body: 'null' }],
    ['embedding_invalid_response', { body: '{"data":{}}' }],
    ['embedding_invalid_response', { body: '{"data":[null,null]}' }],
    ['embedding_invalid_response', { body: '{"data":[{"index":0,"embedding":["x"]}]}' }],
    ['embedding_invalid_response', { body: '{"data":[{"index":5,"embedding":[]}]}' }],
    ['embedding_count_mismatch', { body: '{"data":[]}' }],
    ['embedding_dimension_mismatch', { body: '{"data":[{"index":0,"embedding":[1,0]}]}' }],
    ['embedding_not_finite', { body: `{"data":[{"index":0,"embedding":[${'1e999,'.repeat(31)}1]}]}` }],
    ['embedding_not_finite', { body: `{"data":[{"index":0,"embedding":[${'0,'.repeat(31)}0]}]}` }],
    ['embedding_rejected', { status: 429, body: '{"error":{"code":"rate_limited"}}' }],
    ['embedding_rejected', { status: 302, body: '' }],
    ['embedding_rejected', { status: 500, body: 'private text of the caller' }],
  ])('gives %s for the answer %j', async (code, answer) => {
    const failing = make({ fetch: api(() => answer) }).embed(['private text of the caller']);
    await expect(failing).rejects.toMatchObject({
      code,
      message: expect.not.stringContaining('private text'),
    });
  });

  it('says which dimensions it saw', async () => {
    await expect(make({ dimensions: 64 }).embed(['a'])).rejects.toMatchObject({
      code: 'embedding_dimension_mismatch',
      details: { expected: 64, seen: 32 },
    });
  });

  it('gives embedding_unreachable when no connection can be made', async () => {
    const fetch: FetchLike = () => Promise.reject(new TypeError('fetch failed'));
    await expect(make({ fetch }).embed(['a'])).rejects.toMatchObject({ code: 'embedding_unreachable' });
  });

  it('gives embedding_timeout when the API hangs, and ends its request', async () => {
    let signal: AbortSignal | undefined;
    const fetch: FetchLike = (_, request) => {
      signal = request.signal;
      return new Promise(() => {});
    };
    await expect(make({ fetch, deadlineMs: 20 }).embed(['a'])).rejects.toMatchObject({
      code: 'embedding_timeout',
    });
    expect(signal?.aborted).toBe(true);
  });

  it('ends its requests when the caller leaves', async () => {
    const stop = new AbortController();
    const fetch: FetchLike = (_, request) =>
      new Promise((_, reject) => {
        request.signal.addEventListener('abort', () => reject(new Error('closed')));
        stop.abort();
      });
    await expect(make({ fetch }).embed(['a'], { signal: stop.signal })).rejects.toMatchObject({
      code: 'aborted',
    });
  });

  it('works with the global fetch and a server of this protocol', async () => {
    await using provider = await createSimulatedProvider();
    const embedder = make({
      fetch,
      apiKey: 'test',
      baseUrl: provider.url,
      dimensions: 64,
      shouldShorten: true,
    });
    expect((await embedder.embed(['over the wire']))[0]).toHaveLength(64);
  });
});
