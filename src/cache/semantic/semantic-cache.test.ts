import { assert, asyncProperty, pre, string } from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import {
  type ChatResponse,
  type Embedder,
  embedderKey,
  NO_USAGE,
  type PareEvent,
  type SemanticStore,
  type ToolCall,
} from '../../contract/index.ts';
import { createStaticEmbedder, EmbeddingError, guardEmbedder } from '../../embeddings/index.ts';
import { createSqliteSemanticStore, createVectorIndex } from '../../stores/index.ts';
import { sha256Hex } from '../../support/index.ts';
import { createFakeEmbedder } from '../../testing/index.ts';
import type { CacheLookup } from '../types.ts';
import {
  createLearnedLimit,
  createPairJudge,
  createSemanticCache,
  type SemanticCache,
  type SemanticCacheOptions,
  type SemanticQuery,
} from './index.ts';

const builtIn = createStaticEmbedder();
const embedWord = (text: string): Float32Array => builtIn.embedNow?.(text) ?? new Float32Array();

let cache: SemanticCache | undefined;
afterEach(() => cache?.close());

function memoryStore(path = ':memory:'): SemanticStore {
  return createSqliteSemanticStore({ path, onEvent: () => undefined });
}

/** Answers by key, with the clock that the cache has. */
class Answers {
  readonly texts = new Map<string, string>();
  isDown = false;

  lookup(key: string): CacheLookup {
    const text = this.texts.get(key);
    if (this.isDown || text === undefined) return { outcome: this.isDown ? 'error' : 'miss' };
    const response = { ...said(text), bytes: Buffer.from(text) } as unknown as ChatResponse;
    const entry = { key, usage: NO_USAGE } as unknown as Extract<CacheLookup, { outcome: 'hit' }>['entry'];
    return { outcome: 'hit', entry, response, ageSeconds: 0 };
  }

  async delete(keys: readonly string[]): Promise<number> {
    return keys.filter((key) => this.texts.delete(key)).length;
  }

  async invalidate(): Promise<number> {
    return 0;
  }
}

interface Bed {
  readonly cache: SemanticCache;
  readonly answers: Answers;
  readonly events: PareEvent[];
  now: number;
  /** Keeps a text with its answer. */
  readonly keep: (text: string, answer: string, scopeKey?: string) => Promise<void>;
}

function open(options: Partial<SemanticCacheOptions> = {}): Bed {
  const answers = new Answers();
  const events: PareEvent[] = [];
  const bed = { answers, events, now: 1_000_000 } as Bed;
  const embedder = options.embedder ?? builtIn;
  const made = createSemanticCache({
    store: memoryStore(),
    index: createVectorIndex({ dimensions: embedder.identity.dimensions }),
    embedder,
    judge: createPairJudge({ embedWord }),
    limit: createLearnedLimit({ maxFalseHitRate: 0.5, coldLimit: 0.7, exploreShare: 0 }),
    answers,
    compare: ({ stored, fresh }) => stored === fresh,
    onEvent: (event) => void events.push(event),
    now: () => bed.now,
    limits: { flushMs: 1, ttlSeconds: 3600 },
    ...options,
  });
  cache = made;
  return Object.assign(bed, {
    cache: made,
    keep: async (text: string, answer: string, scopeKey = 'scope') => {
      const query = queryOf(text, scopeKey);
      const decision = await made.decide(query);
      const key = sha256Hex(`${scopeKey} ${text}`);
      answers.texts.set(key, answer);
      made.put(query, decision, { key, tenant: 't', model: 'm', tags: {} });
    },
  });
}

/** An answer that is a call where it is written as one: `call {...}`. */
function callsIn(text: string): ToolCall[] {
  if (!text.startsWith('call ')) return [];
  return [{ id: `id-${Math.random()}`, name: 'call', argumentsText: text.slice(5) }];
}

function said(text: string) {
  const toolCalls = callsIn(text);
  return { text: toolCalls.length === 0 ? text : '', toolCalls };
}

function queryOf(text: string, scopeKey = 'scope'): SemanticQuery {
  return { text, scopeKey, mayRead: true, mayStore: true };
}

/** A store with one entry that another embedder made, with a vector that is far from any of its text. */
async function storeOfAnother(): Promise<{ readonly store: SemanticStore; readonly key: string }> {
  const store = memoryStore();
  const { identity } = createFakeEmbedder({ version: '1' });
  const vector = (await createFakeEmbedder().embed([STORED]))[0] as Float32Array;
  const key = sha256Hex('k');
  await store.putMany([
    {
      id: Number.parseInt(key.slice(0, 13), 16),
      key,
      scopeKey: 'scope',
      tenant: 't',
      model: 'm',
      tags: {},
      text: STORED,
      vector: vector.map((x) => -x),
      embedder: embedderKey(identity),
      answerGroup: 1,
      createdAt: 1_000_000,
      expiresAt: 2_000_000,
    },
  ]);
  return { store, key };
}

const STORED = 'How do I reset my password?';
const ASKED = 'How can I reset my password?';

describe('the semantic cache', () => {
  it('finds what was asked in other words, with its answer', async () => {
    const { cache, keep } = open();
    await keep(STORED, 'In the settings.');
    const { kind, answer, candidate } = await cache.decide(queryOf(ASKED));
    expect(kind).toBe('hit');
    expect(answer?.response.text).toBe('In the settings.');
    expect(candidate?.entry.text).toBe(STORED);
  });

  it('never looks into another scope (INV-C1)', async () => {
    const { cache, keep } = open();
    await assert(
      asyncProperty(string(), string(), async (one, other) => {
        pre(one !== other);
        await keep(STORED, 'In the settings.', one);
        const found = await cache.decide(queryOf(STORED, other));
        for (const { entry } of found.candidates) expect(entry.scopeKey).toBe(other);
      }),
      { numRuns: 50 },
    );
  });

  it('gives nothing whose answer is gone or too old, and forgets it', async () => {
    const bed = open();
    await bed.keep(STORED, 'In the settings.');
    bed.answers.texts.clear();
    expect(await bed.cache.decide(queryOf(ASKED))).toMatchObject({ kind: 'miss', reason: 'answer_gone' });
    expect(bed.cache.status().entries).toBe(0);
    await bed.keep(STORED, 'In the settings.');
    bed.now += 3600 * 1000;
    expect(await bed.cache.decide(queryOf(ASKED))).toMatchObject({ kind: 'miss', reason: 'no_candidate' });
  });

  it('keeps its entries while answers cannot be read', async () => {
    const { cache, answers, keep } = open();
    await keep(STORED, 'In the settings.');
    answers.isDown = true;
    expect((await cache.decide(queryOf(ASKED))).kind).toBe('miss');
    answers.isDown = false;
    expect((await cache.decide(queryOf(ASKED))).kind).toBe('hit');
  });

  it('misses with a reason where the embedder throws, and says so once', async () => {
    const embedder = guardEmbedder(
      createFakeEmbedder({
        before: () => {
          throw new Error('down');
        },
      }),
    );
    const { cache, events } = open({ embedder });
    for (let i = 0; i < 3; i++)
      expect(await cache.decide(queryOf(ASKED))).toMatchObject({ kind: 'miss', reason: 'embedding_failed' });
    expect(events.filter(({ code }) => code === 'semantic_lookup_failed')).toHaveLength(1);
  });

  it('misses with a reason where the store throws', async () => {
    const store = memoryStore();
    const { cache, keep } = open({
      store: {
        ...store,
        get: () => {
          throw new Error('damaged');
        },
      },
      limits: { flushMs: 1 },
    });
    await keep(STORED, 'In the settings.');
    await cache.flush();
    expect(await cache.decide(queryOf(ASKED))).toMatchObject({ kind: 'miss', reason: 'error' });
  });

  it('decides nothing for who wants no stored answer', async () => {
    const { cache, keep } = open();
    await keep(STORED, 'In the settings.');
    const found = await cache.decide({ ...queryOf(ASKED), mayRead: false });
    expect(found).toMatchObject({ kind: 'miss', candidates: [], limit: null });
    expect(found.vector).toHaveLength(256);
  });

  it.each([
    ['NaN', Float32Array.from({ length: 256 }, () => Number.NaN)],
    ['another dimension', Float32Array.from({ length: 8 }, () => 0.35)],
  ])('misses on a vector of %s, and keeps it out of the index', async (_what, vector) => {
    const embedder: Embedder = { ...builtIn, embedNow: () => vector };
    const { cache, keep } = open({ embedder });
    await keep(STORED, 'In the settings.');
    expect(await cache.decide(queryOf(ASKED))).toMatchObject({ kind: 'miss', reason: 'embedding_failed' });
    expect(cache.status().entries).toBe(0);
  });

  it('never compares vectors of two embedders: what one made is made anew (INV-C10)', async () => {
    const { store, key } = await storeOfAnother();
    const two = createFakeEmbedder({ version: '2' });
    const { cache, answers } = open({ store, embedder: two });
    answers.texts.set(key, 'In the settings.');
    await cache.ready;
    expect(two.calls).toEqual([[STORED]]);
    const { candidates } = await cache.decide(queryOf(STORED));
    expect(candidates[0]?.similarity).toBeCloseTo(1, 2);
    expect(candidates[0]?.entry.embedder).toBe(embedderKey(two.identity));
  });

  it('makes anew later what could not be made anew at first', async () => {
    const { store } = await storeOfAnother();
    let isDown = true;
    const embedder = createFakeEmbedder({
      version: '2',
      before: () => {
        if (isDown) throw new EmbeddingError('embedding_failed', 'down');
      },
    });
    const bed = open({ store, embedder });
    await bed.cache.ready;
    expect(bed.cache.status().entries).toBe(0);
    expect(bed.events.map(({ code }) => code)).toEqual(['semantic_read_failed']);
    isDown = false;
    bed.now += 30_000;
    await bed.cache.decide(queryOf(ASKED));
    await bed.cache.ready;
    expect(bed.cache.status().entries).toBe(1);
  });

  it('closes without waiting for an embedder that gives no answer', async () => {
    const { store } = await storeOfAnother();
    const embedder = guardEmbedder(
      createFakeEmbedder({ version: '2', before: () => new Promise(() => undefined) }),
    );
    const bed = open({ store, embedder });
    await bed.cache.close();
    cache = undefined;
    expect(bed.events).toEqual([]);
  });

  it('stops on a change of meaning, whatever the limit (INV-C7, INV-C9)', async () => {
    const { cache, keep } = open({
      limit: createLearnedLimit({ maxFalseHitRate: 1, coldLimit: 0, exploreShare: 0 }),
    });
    await keep('How do I turn on the alarm?', 'Press the button.');
    const found = await cache.decide(queryOf('How do I turn off the alarm?'));
    expect(found.kind).toBe('miss');
    expect(found.reason).toMatch(/^gate_/);
  });

  it('serves the very same words at a limit of 0, and nothing else (INV-C9)', async () => {
    const { cache, keep } = open({
      limit: createLearnedLimit({ maxFalseHitRate: 0, coldLimit: Number.POSITIVE_INFINITY, exploreShare: 0 }),
    });
    await keep(STORED, 'In the settings.');
    expect((await cache.decide(queryOf(STORED))).kind).toBe('hit');
    expect((await cache.decide(queryOf(ASKED))).kind).toBe('miss');
  });

  it('withdraws an entry whose answer is no longer true', async () => {
    const { cache, keep } = open();
    await keep(STORED, 'In the settings.');
    const decision = await cache.decide(queryOf(ASKED));
    expect(decision.kind).toBe('hit');
    expect(await cache.learn(queryOf(ASKED), decision, said('On the new page.'))).toMatchObject({
      isSame: false,
    });
    expect((await cache.decide(queryOf(ASKED))).kind).toBe('miss');
  });

  it('neither withdraws nor proves what cannot be told, and says so once most is such', async () => {
    const { cache, keep, events } = open({
      compare: () => null,
      limit: createLearnedLimit({ maxFalseHitRate: 0.5, coldLimit: 0, exploreShare: 0 }),
    });
    await keep(STORED, 'In the settings.');
    for (let i = 0; i < 60; i++) {
      const decision = await cache.decide(queryOf(ASKED));
      expect(decision.kind).toBe('hit');
      expect(await cache.learn(queryOf(ASKED), decision, said('Elsewhere.'))).toMatchObject({ isSame: null });
    }
    const { falseHits, isBreached, isProven } = cache.status();
    expect(falseHits).toMatchObject({ samples: 60, unsure: 60, rate: null, lower: 0 });
    expect([isBreached, isProven]).toEqual([false, false]);
    expect(events.map(({ code }) => code)).toEqual(['semantic_answers_unsure']);
  });

  it('takes two answers that call different things for different, though both say nothing (INV-C6)', async () => {
    const { cache, keep } = open();
    await keep(STORED, 'call {"to": "a"}');
    const decision = await cache.decide(queryOf(ASKED));
    const learned = async (answer: string) =>
      (await cache.learn(queryOf(ASKED), decision, said(answer))).isSame;
    expect(await learned('call {"to": "a"}')).toBe(true);
    expect(await learned('call {"to": "b"}')).toBe(false);
  });

  it('puts an entry into the group of the answer that says the same', async () => {
    const { cache, keep } = open();
    await keep('Where is my card?', 'It comes by mail.');
    const query = queryOf('My card has not arrived yet, what happened to it?');
    const decision = await cache.decide(query);
    expect(decision.kind).toBe('miss');
    const { answerGroup } = await cache.learn(query, decision, said('It comes by mail.'));
    expect(answerGroup).toBe(decision.candidates[0]?.entry.answerGroup);
    expect((await cache.learn(query, decision, said('Something else.'))).answerGroup).toBeNull();
  });

  it('survives a comparison that throws', async () => {
    const { cache, keep, events } = open({
      compare: () => {
        throw new Error('judge is down');
      },
    });
    await keep(STORED, 'In the settings.');
    const decision = await cache.decide(queryOf(ASKED));
    expect(await cache.learn(queryOf(ASKED), decision, said('x'))).toEqual({
      isSame: null,
      answerGroup: null,
    });
    expect(events.map(({ code }) => code)).toContain('semantic_compare_failed');
  });

  it('keeps at most so many entries, the newest (INV-S4)', async () => {
    const { cache, keep } = open({ limits: { maxEntries: 10, flushMs: 1 } });
    for (let i = 0; i < 30; i++) {
      await keep(`Question about thing number ${i}`, 'answer');
      await cache.flush();
    }
    expect(cache.status().entries).toBe(10);
  });

  it('answers any text with a decision and never throws', async () => {
    const { cache, keep } = open();
    await keep(STORED, 'In the settings.');
    await assert(
      asyncProperty(string({ unit: 'binary', maxLength: 2000 }), async (text) => {
        const { kind, reason } = await cache.decide(queryOf(text));
        expect(kind === 'miss' ? reason : text.trim()).not.toBe('');
      }),
      { numRuns: 200 },
    );
  });
});
