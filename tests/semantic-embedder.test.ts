import { afterEach, describe, expect, it } from 'vitest';
import { AbortedError, type Embedder } from '../src/contract/index.ts';
import { createOnnxEmbedder } from '../src/embeddings/index.ts';
import { createFakeEmbedder } from '../src/testing/index.ts';
import { type Stack, startStack, until } from './support/gateway.ts';

const PACKAGE = new URL('../src/embeddings/fixtures/fake-transformers.mjs', import.meta.url).href;
const STORED = 'How do I reset my password?';
/** The same words, so that no limit stands between. */
const AGAIN = 'how do I reset my password';

let stack: Stack | undefined;
afterEach(() => stack?.close());

async function start(embedder: Embedder | undefined, config = {}): Promise<Stack> {
  stack = await startStack({
    config: {
      'stages.semantic-cache': 'on',
      'semantic.exploreShare': 0,
      'semantic.verifyShare': 0,
      'semantic.maxFalseHitRate': 1,
      ...config,
    },
    semantic: embedder === undefined ? undefined : { embedder },
  });
  return stack;
}

const onnx = (model = 'fake/model') => createOnnxEmbedder({ model, dimensions: 16, packageName: PACKAGE });

/** What the cache said to a question; the answer is whole. */
async function ask({ url }: Stack, content: string): Promise<string | null> {
  const response = await fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: 'Bearer key-a' },
    body: JSON.stringify({ model: 'gpt-4o', messages: [{ role: 'user', content }] }),
  });
  const { choices } = (await response.json()) as { choices?: readonly unknown[] };
  expect(response.status).toBe(200);
  expect(choices).toHaveLength(1);
  return response.headers.get('x-pare-cache');
}

describe('a model in a process of its own, behind the gateway', () => {
  it('answers what was asked in other words', async () => {
    const stack = await start(onnx());
    await ask(stack, STORED);
    expect(await ask(stack, AGAIN)).toBe('semantic');
  });

  it('that is still being loaded keeps no request waiting for long, and answers afterwards (INV-S6)', async () => {
    const embedder = onnx('slow-to-load');
    const stack = await start(embedder);
    await ask(stack, STORED);
    expect(stack.events.map(({ code }) => code)).toContain('stage_deadline');
    await embedder.embed(['loaded']);
    await ask(stack, 'What is the capital of France?');
    expect(await ask(stack, 'what is the capital of france')).toBe('semantic');
  });

  it('that dies amid requests costs those a miss with a reason, and later ones nothing (INV-S6)', async () => {
    const stack = await start(onnx());
    await ask(stack, STORED);
    await Promise.all(['one', 'killed', 'one more', 'and another'].map((content) => ask(stack, content)));
    const reasons = (await stack.recorded(5)).map(({ semanticReason }) => semanticReason);
    expect(reasons).toContain('embedding_failed');
    expect(stack.events.filter(({ code }) => code === 'semantic_lookup_failed')).toHaveLength(1);
    expect(await ask(stack, AGAIN)).toBe('semantic');
  });

  it('that is slow holds up nobody else', async () => {
    const stack = await start(onnx());
    await ask(stack, STORED);
    const ended: string[] = [];
    await Promise.all([
      ask(stack, 'slow').then(() => ended.push('slow')),
      ask(stack, STORED).then(() => ended.push('stored')),
    ]);
    expect(ended).toEqual(['stored', 'slow']);
  });
});

describe('an embedder that gives no answer', () => {
  it('keeps 64 requests waiting at most; to all others it is busy (INV-S6)', async () => {
    const hanging = createFakeEmbedder({
      before: (_texts, signal) =>
        new Promise((_resolve, reject) => {
          signal?.addEventListener('abort', () => reject(new AbortedError()));
        }),
    });
    const stack = await start(hanging);
    await Promise.all(Array.from({ length: 70 }, (_, i) => ask(stack, `What is the number ${i}?`)));
    const records = await stack.recorded(70);
    expect(records.filter(({ semanticReason }) => semanticReason === 'busy')).toHaveLength(6);
    expect(hanging.calls).toHaveLength(64);
    expect(stack.provider.counters.requests).toBe(70);
  });

  it('is no longer asked for who has left', async () => {
    const asked = Promise.withResolvers<AbortSignal | undefined>();
    const embedder = createFakeEmbedder({
      before: (_texts, signal) => {
        asked.resolve(signal);
        return new Promise(() => undefined);
      },
    });
    const stack = await start(embedder);
    const leaving = new AbortController();
    const left = fetch(`${stack.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: 'Bearer key-a' },
      body: JSON.stringify({ model: 'gpt-4o', messages: [{ role: 'user', content: STORED }] }),
      signal: leaving.signal,
    });
    const signal = await asked.promise;
    leaving.abort();
    await expect(left).rejects.toMatchObject({ name: 'AbortError' });
    await until(() => signal?.aborted === true, 'the embedder to be told');
  });
});

describe('a model that cannot be loaded', () => {
  it('is told at the start, and every request goes to the provider', async () => {
    const stack = await start(undefined, {
      'semantic.embedder.kind': 'onnx',
      'semantic.embedder.model': import.meta.dirname,
      'semantic.embedder.dimensions': 16,
    });
    await until(() => stack.events.some(({ code }) => code === 'semantic_embedder_failed'), 'the event');
    await ask(stack, STORED);
    expect((await stack.recorded(1))[0]?.semanticReason).toBe('embedding_failed');
  });
});
