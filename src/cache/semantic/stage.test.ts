import { describe, expect, it } from 'vitest';
import { type Embedder, NO_USAGE, type RequestScope } from '../../contract/index.ts';
import { guardEmbedder } from '../../embeddings/index.ts';
import { createSqliteSemanticStore, createVectorIndex } from '../../stores/index.ts';
import { createFakeEmbedder } from '../../testing/index.ts';
import { codecFor, openaiChat } from '../../wire/index.ts';
import {
  createLearnedLimit,
  createPairJudge,
  createSemanticCache,
  createSemanticCacheStage,
} from './index.ts';

const REQUEST = openaiChat.parseRequest(
  Buffer.from(JSON.stringify({ model: 'gpt-4o', messages: [{ role: 'user', content: 'How are you?' }] })),
);

function scopeWith(signal: AbortSignal, stages: RequestScope['stages'] = {}): RequestScope {
  return {
    requestId: 'r',
    tenant: 't',
    session: null,
    tags: {},
    startedAt: 0,
    upstream: 'u',
    answerHeaders: {},
    cache: { mode: 'default', noStore: false },
    stages,
    signal,
  };
}

/** The stage with an embedder of its own, and no answers. */
function stageWith(embedder: Embedder) {
  const kept: string[] = [];
  const answers = {
    lookup: () => ({ outcome: 'miss' as const }),
    delete: async () => 0,
    invalidate: async () => 0,
    put: (key: string) => void kept.push(key),
    hit: () => undefined,
    maxEntryBytes: 1000,
  };
  const cache = createSemanticCache({
    store: createSqliteSemanticStore({ path: ':memory:', onEvent: () => undefined }),
    index: createVectorIndex({ dimensions: embedder.identity.dimensions }),
    embedder,
    judge: createPairJudge({ embedWord: () => new Float32Array(8) }),
    limit: createLearnedLimit({ coldLimit: 0.9 }),
    answers,
    compare: () => true,
    onEvent: () => undefined,
  });
  const codecs = {
    'openai-chat': codecFor('openai-chat'),
    'openai-responses': codecFor('openai-responses'),
    'anthropic-messages': codecFor('anthropic-messages'),
  };
  const stage = createSemanticCacheStage({
    cache,
    answers,
    keyOf: () => 'a'.repeat(64),
    rules: { codecs, policy: { normalize: 'safe' }, includesAgents: false, includesPersonal: false },
  });
  return { stage, cache, kept };
}

describe('the stage of the semantic cache', () => {
  it('stops embedding for a caller who left (INV-S2)', async () => {
    let seen: AbortSignal | undefined;
    const hanging: Embedder = {
      identity: createFakeEmbedder().identity,
      embed: (_texts, options = {}) => {
        seen = options.signal;
        return new Promise(() => undefined);
      },
    };
    const { stage, cache } = stageWith(guardEmbedder(hanging));
    const caller = new AbortController();
    const outcome = Promise.resolve(stage.prepare(REQUEST, scopeWith(caller.signal)));
    caller.abort();
    await expect(outcome).rejects.toMatchObject({ name: 'AbortedError' });
    expect(seen?.aborted).toBe(true);
    await cache.close();
  });

  it.each([
    [{}, 0],
    [{ 'exact-cache': 'off' }, 1],
  ] as const)(
    'keeps the answer itself where the caller switched the exact cache off: %j',
    async (stages, count) => {
      const { stage, cache, kept } = stageWith(createFakeEmbedder());
      const scope = scopeWith(new AbortController().signal, stages);
      await stage.prepare(REQUEST, scope);
      const body = {
        id: 'x',
        object: 'chat.completion',
        model: 'gpt-4o',
        choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content: 'Fine.' } }],
      };
      await stage.settle?.(
        {
          request: REQUEST,
          sent: REQUEST,
          response: openaiChat.parseResponse(Buffer.from(JSON.stringify(body))),
          status: 200,
          wasAborted: false,
          usage: NO_USAGE,
          usageBasis: 'reported',
          costUsd: 0,
        },
        scope,
      );
      expect(cache.status().entries).toBe(1);
      expect(kept).toHaveLength(count);
      await cache.close();
    },
  );
});
