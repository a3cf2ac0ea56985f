import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  type CacheDirective,
  type CacheStore,
  type ChatRequest,
  type ChatResponse,
  type Exchange,
  type JsonObject,
  type JsonValue,
  NO_USAGE,
  type PareEvent,
  type RequestScope,
  type StageOutcome,
  type Usage,
  type WireFormat,
} from '../contract/index.ts';
import { createSqliteCacheStore } from '../stores/index.ts';
import {
  type CacheCodecs,
  createExactCache,
  createExactCacheStage,
  type ExactCacheOptions,
} from './index.ts';

const USAGE: Usage = { ...NO_USAGE, inputTokens: 100, outputTokens: 20 };
const encode = (value: JsonValue) => new TextEncoder().encode(JSON.stringify(value));

/** A wire made for these tests: `{model, system, tools, messages}` in, `{id, finish, text, calls}` out. */
function codec(wire: WireFormat): CacheCodecs[WireFormat] {
  return {
    parseRequest: (bytes) => {
      const value = JSON.parse(new TextDecoder().decode(bytes)) as JsonObject;
      return {
        wire,
        model: value['model'] as string,
        isStream: value['stream'] === true,
        wantsStreamUsage: false,
        system: [],
        tools: [],
        messages: [],
        liveFrom: 0,
        isAgentTurn: value['agent'] === true,
        isReplayable: value['background'] !== true,
        source: { bytes, value, system: [], messages: [], tools: [] },
      };
    },
    scopeParts: ({ source: { value } }) => {
      const { model: _, stream: __, system, tools, messages, ...sampling } = value;
      return {
        system: system ?? null,
        tools: tools ?? null,
        toolChoice: null,
        responseFormat: null,
        sampling,
        messages: messages ?? null,
      };
    },
    parseResponse: (bytes) => {
      parsed++;
      const value = JSON.parse(new TextDecoder().decode(bytes)) as JsonObject;
      return typeof value['id'] === 'string' ? answer(value, wire) : undefined;
    },
  };
}
let parsed = 0;
const CODECS: CacheCodecs = {
  'openai-chat': codec('openai-chat'),
  'openai-responses': codec('openai-responses'),
  'anthropic-messages': codec('anthropic-messages'),
};

function answer(more: JsonObject = {}, wire: WireFormat = 'openai-chat'): ChatResponse {
  const value: JsonObject = { id: 'answer-1', finish: 'complete', text: 'Paris', calls: 0, ...more };
  return {
    wire,
    id: value['id'] as string,
    model: 'model-dated',
    finish: value['finish'] as ChatResponse['finish'],
    usage: USAGE,
    text: value['text'] as string,
    toolCalls: Array.from({ length: Number(value['calls']) }, () => ({
      id: 'c',
      name: 'n',
      argumentsText: '{}',
    })),
    bytes: encode(value),
  };
}

function request(body: JsonObject = {}, wire: WireFormat = 'openai-chat'): ChatRequest {
  return CODECS[wire].parseRequest(
    encode({ model: 'm', messages: [{ role: 'user', content: 'Hi' }], ...body }),
  );
}

const DEFAULT: CacheDirective = { mode: 'default', noStore: false };

function scopeOf(more: Partial<RequestScope> = {}): RequestScope {
  return {
    requestId: 'r',
    tenant: 't',
    session: null,
    tags: {},
    startedAt: 0,
    upstream: 'up https://up.example',
    answerHeaders: {},
    cache: DEFAULT,
    stages: {},
    signal: new AbortController().signal,
    ...more,
  };
}

const START = 1_800_000_000_000;
let folder: string;
let now: number;
let events: PareEvent[];
let store: CacheStore;
const closers: (() => Promise<void> | void)[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pare-cache-'));
  now = START;
  parsed = 0;
  events = [];
  store = createSqliteCacheStore({ path: join(folder, 'cache.db'), onEvent: (event) => events.push(event) });
});
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

function build(options: Partial<ExactCacheOptions> = {}) {
  const cache = createExactCache({
    store,
    codecs: CODECS,
    onEvent: (event) => events.push(event),
    now: () => now,
    flushMs: 5,
    ...options,
  });
  closers.push(() => cache.close());
  const stage = createExactCacheStage(cache);
  // An exchange keeps its scope from beginning to end.
  const scopes = new WeakMap<ChatRequest, RequestScope>();
  const ask = (asked: ChatRequest = request(), more: Partial<RequestScope> = {}) => {
    const scope = scopeOf(more);
    scopes.set(asked, scope);
    return stage.prepare(asked, scope) as StageOutcome;
  };
  const settle = (asked: ChatRequest, more: Partial<Exchange> = {}, scope: Partial<RequestScope> = {}) => {
    void stage.settle?.(
      {
        request: asked,
        sent: asked,
        response: answer({}, asked.wire),
        status: 200,
        wasAborted: false,
        usage: USAGE,
        usageBasis: 'reported',
        costUsd: 0.5,
        ...more,
      },
      scopes.get(asked) ?? scopeOf(scope),
    );
  };
  /** One whole exchange: asked, missed, answered. */
  const exchange = (asked = request(), more: Partial<Exchange> = {}, scope: Partial<RequestScope> = {}) => {
    const outcome = ask(asked, scope);
    settle(asked, more, scope);
    return outcome;
  };
  return { cache, stage, ask, settle, exchange };
}

/** How a request fares: `hit`, or the reason of the bypass. */
function fate(outcome: StageOutcome): string {
  if (outcome.kind === 'answered') return 'hit';
  return outcome.kind === 'bypassed' ? outcome.reason : outcome.kind;
}

describe('the exact cache stage', () => {
  it('answers a repeated request with the stored bytes and says what was spared', () => {
    const { ask, exchange } = build();
    expect(exchange()).toMatchObject({
      kind: 'bypassed',
      reason: 'miss',
      shareKey: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    now += 2_999;
    const outcome = ask();
    expect(outcome).toMatchObject({
      kind: 'answered',
      receipt: { sparedUsage: USAGE, sparedUsageBasis: 'reported', sparedCostUsd: 0.5, ageSeconds: 2 },
    });
    if (outcome.kind !== 'answered') return;
    expect(outcome.response.bytes).toEqual(answer().bytes);
    expect(outcome.response.usage).toEqual(USAGE);
    expect(parsed).toBe(0);
    expect([outcome.response.id, outcome.response.finish, outcome.response.text]).toEqual([
      'answer-1',
      'complete',
      'Paris',
    ]);
    expect(outcome.response.toolCalls).toEqual([]);
    expect(parsed).toBe(1);
  });

  it('is synchronous over a synchronous store', async () => {
    const { cache, stage, exchange } = build({ limits: { maxFrontBytes: 0 } });
    exchange();
    await cache.flush();
    expect(stage.prepare(request(), scopeOf())).not.toBeInstanceOf(Promise);
    expect(stage.prepare(request({ a: 1 }), scopeOf())).not.toBeInstanceOf(Promise);
  });

  it('answers a stream from a plain answer and the other way round', () => {
    const { ask, exchange } = build();
    exchange(request({ stream: true }));
    expect(fate(ask(request()))).toBe('hit');
  });

  it.each<[string, ChatRequest, Partial<RequestScope>]>([
    ['tenant', request(), { tenant: 'u' }],
    ['wire', request({}, 'anthropic-messages'), {}],
    ['model', request({ model: 'n' }), {}],
    ['system prompt', request({ system: 'Be brief.' }), {}],
    ['tools', request({ tools: [] }), {}],
    ['sampling', request({ temperature: 0.5 }), {}],
    ['an unknown field', request({ brand_new: true }), {}],
    ['upstream', request(), { upstream: 'up https://other.example' }],
    ['headers that change answers', request(), { answerHeaders: { 'anthropic-beta': 'x' } }],
    ['stages that were switched off', request(), { stages: { context: 'off' } }],
    [
      'an earlier message',
      request({
        messages: [
          { role: 'user', content: 'Hello' },
          { role: 'user', content: 'Hi' },
        ],
      }),
      {},
    ],
  ])('never answers across another %s (INV-C1, INV-C2)', async (_, asked, scope) => {
    const { cache, ask, exchange } = build();
    exchange();
    expect(fate(ask(asked, scope))).toBe('miss');
    await cache.flush();
    expect(fate(ask(asked, scope))).toBe('miss');
    expect(fate(ask())).toBe('hit');
  });

  it('never answers across another policy version or normalization (INV-C1)', async () => {
    const { cache, exchange } = build();
    exchange();
    await cache.flush();
    expect(fate(build({ policyVersion: '2' }).ask())).toBe('miss');
    expect(fate(build({ normalize: 'none' }).ask())).toBe('miss');
    expect(fate(build().ask())).toBe('hit');
  });

  it.each<[string, Partial<Exchange>]>([
    ['truncated', { response: answer({ finish: 'length' }) }],
    ['filtered', { response: answer({ finish: 'filtered' }) }],
    ['failed', { response: answer({ finish: 'failed' }) }],
    ['incomplete', { response: answer({ finish: 'incomplete' }) }],
    ['empty', { response: answer({ text: ' \n' }) }],
    ['aborted', { wasAborted: true }],
    ['of an error status', { status: 500 }],
    ['of another success status', { status: 206 }],
    ['a call of tools', { response: answer({ finish: 'tool-calls', calls: 1, text: '' }) }],
    ['text with a call of tools', { response: answer({ calls: 1 }) }],
    ['of another stage', { answeredBy: 'semantic-cache' }],
  ])('does not store an answer that is %s (INV-C4, INV-C6)', (_, exchange) => {
    const built = build();
    built.exchange(request(), exchange);
    expect(fate(built.ask())).toBe('miss');
  });

  it('keeps apart tenants whose exchanges overlap in one parsed request (INV-C1)', () => {
    const { cache, stage, ask } = build();
    const asked = request();
    const [mine, yours] = [scopeOf({ tenant: 'a' }), scopeOf({ tenant: 'b' })];
    void stage.prepare(asked, mine);
    void stage.prepare(asked, yours);
    const usual = { request: asked, sent: asked, status: 200, wasAborted: false, usage: USAGE, costUsd: 0.5 };
    void stage.settle?.({ ...usual, response: answer(), usageBasis: 'reported' }, mine);
    expect(cache.lookup(cache.keyOf(asked, mine))).toMatchObject({ outcome: 'hit' });
    expect(fate(ask(request(), { tenant: 'b' }))).toBe('miss');
    expect(fate(ask(request(), { tenant: 'a' }))).toBe('hit');
  });

  it('does not store the absence of an answer (INV-C4)', () => {
    const { ask, stage } = build();
    const asked = request();
    const scope = scopeOf();
    void stage.prepare(asked, scope);
    void stage.settle?.(
      {
        request: asked,
        sent: asked,
        status: 0,
        wasAborted: false,
        usage: NO_USAGE,
        usageBasis: 'exact',
        costUsd: null,
      },
      scope,
    );
    expect(fate(ask())).toBe('miss');
  });

  it('stores an answer of exactly the size limit and none that is longer (INV-C9)', () => {
    const limit = answer().bytes.byteLength;
    const fits = build({ limits: { maxEntryBytes: limit } });
    fits.exchange();
    expect(fate(fits.ask())).toBe('hit');
    const tight = build({ limits: { maxEntryBytes: limit - 1 } });
    tight.exchange(request({ a: 1 }));
    expect(fate(tight.ask(request({ a: 1 })))).toBe('miss');
  });

  it('leaves agent turns alone unless caller or operator ask for them (INV-C6)', () => {
    const agent = () => request({ agent: true });
    const calls = { response: answer({ finish: 'tool-calls', calls: 1, text: '' }) };
    const usual = build();
    expect(usual.exchange(agent(), calls)).toEqual({ kind: 'bypassed', reason: 'agent_turn' });
    expect(fate(usual.ask(agent()))).toBe('agent_turn');
    const on = { cache: { mode: 'on', noStore: false } } as const;
    expect(fate(usual.exchange(agent(), calls, on))).toBe('miss');
    expect(fate(usual.ask(agent(), on))).toBe('hit');
    expect(fate(usual.ask(agent()))).toBe('agent_turn');
    expect(fate(build({ replayAgentTurns: true }).ask(request({ agent: true, b: 1 })))).toBe('miss');
  });

  it('never touches what cannot be replayed, even when asked', () => {
    const { ask } = build();
    const outcome = ask(request({ background: true }), { cache: { mode: 'on', noStore: false } });
    expect(outcome).toEqual({ kind: 'bypassed', reason: 'not_eligible' });
  });

  it('obeys off: neither reads nor writes, and shares nothing', () => {
    const { ask, exchange } = build();
    const off = { cache: { mode: 'off', noStore: false } } as const;
    expect(exchange(request(), {}, off)).toEqual({ kind: 'bypassed', reason: 'caller_opted_out' });
    expect(fate(ask())).toBe('miss');
  });

  it('obeys refresh: writes only, and shares nothing', () => {
    const { ask, exchange } = build();
    exchange();
    const refresh = { cache: { mode: 'refresh', noStore: false } } as const;
    const outcome = exchange(request(), { response: answer({ text: 'Lyon' }) }, refresh);
    expect(outcome).toEqual({ kind: 'bypassed', reason: 'caller_opted_out' });
    const again = ask();
    expect(again.kind === 'answered' && again.response.text).toBe('Lyon');
  });

  it('obeys no-store: reads, does not write, and shares nothing', () => {
    const { ask, exchange } = build();
    const noStore = { cache: { mode: 'default', noStore: true } } as const;
    expect(exchange(request(), {}, noStore)).toEqual({ kind: 'bypassed', reason: 'miss' });
    expect(fate(ask())).toBe('miss');
    exchange();
    expect(fate(ask(request(), noStore))).toBe('hit');
  });

  it('shares nothing of a request that only wants what is cached', () => {
    expect(build().ask(request(), { cache: { mode: 'only-if-cached', noStore: false } })).toEqual({
      kind: 'bypassed',
      reason: 'miss',
    });
  });

  it('gives identical requests one share key and different ones different keys (INV-C11)', () => {
    const { ask } = build();
    const keys = [request(), request(), request({ a: 1 })].map((asked) => {
      const outcome = ask(asked);
      return outcome.kind === 'bypassed' ? outcome.shareKey : undefined;
    });
    expect(keys[0]).toBe(keys[1]);
    expect(keys[0]).not.toBe(keys[2]);
  });

  it('does not change the request (INV-C8)', () => {
    const { stage, exchange } = build();
    const asked = request({ temperature: 0.7 });
    const before = structuredClone(asked);
    exchange(asked);
    expect(asked).toEqual(before);
    expect(stage.rewrites).toEqual([]);
  });
});

describe('the life of an answer', () => {
  it('is 24 hours: served up to the last millisecond, never at or after it (INV-C9)', async () => {
    const { cache, ask, exchange } = build();
    exchange();
    await cache.flush();
    now = START + 86_400_000 - 1;
    expect(fate(ask())).toBe('hit');
    now += 1;
    expect(ask()).toMatchObject({ reason: 'stale', shareKey: expect.any(String) });
    expect(fate(build().ask())).toBe('stale');
    exchange();
    expect(fate(ask())).toBe('hit');
  });

  it('can be shortened by the caller, both ends of it (INV-C9, INV-C12)', () => {
    const { ask, exchange } = build();
    exchange();
    const within = (maxAgeSeconds: number) => fate(ask(request(), { cache: { ...DEFAULT, maxAgeSeconds } }));
    now = START + 10_000;
    expect([within(10), within(9)]).toEqual(['hit', 'stale']);
    now += 1;
    expect([within(11), within(10)]).toEqual(['hit', 'stale']);
  });

  it('can never be lengthened by the caller (INV-C12)', () => {
    const { ask, exchange } = build({ ttlSeconds: 60 });
    exchange();
    now = START + 60_000;
    expect(fate(ask(request(), { cache: { ...DEFAULT, maxAgeSeconds: 1e9 } }))).toBe('stale');
    expect(fate(ask(request(), { cache: { mode: 'on', noStore: false } }))).toBe('stale');
  });

  it('shrinks with the setting for answers stored before', async () => {
    const { cache, exchange } = build();
    exchange();
    await cache.flush();
    now = START + 60_000;
    expect(fate(build({ ttlSeconds: 60 }).ask())).toBe('stale');
    expect(fate(build({ ttlSeconds: 61 }).ask())).toBe('hit');
  });
});

describe('two processes on one store', () => {
  it('see each other’s answers, and lose deleted ones within 50 ms', async () => {
    const here = build();
    here.exchange();
    await here.cache.flush();
    const otherStore = createSqliteCacheStore({ path: join(folder, 'cache.db'), onEvent: () => undefined });
    const there = build({ store: otherStore });
    expect(fate(there.ask())).toBe('hit');
    await here.cache.clear();
    now += 50;
    expect(fate(there.ask())).toBe('miss');
  });
});

describe('writing', () => {
  it('is read before it is written, and written without being asked', async () => {
    const { cache, ask, exchange } = build({ limits: { maxFrontBytes: 0 } });
    exchange();
    expect(fate(ask())).toBe('hit');
    expect(await store.stats()).toMatchObject({ totalEntries: 0 });
    await vi.waitFor(async () => expect(await store.stats()).toMatchObject({ totalEntries: 1 }));
    expect(await cache.stats()).toMatchObject({
      totalEntries: 1,
      totalHits: 1,
      tokensSaved: 120,
      costSavedUsd: 0.5,
    });
  });

  it('never throws at a request when the store fails, reports, tries again and loses nothing', async () => {
    let isBroken = true;
    const fragile: CacheStore = {
      ...store,
      get: (key) => {
        if (isBroken) throw new Error('disk gone');
        return store.get(key);
      },
      putMany: (entries) => {
        if (isBroken) throw new Error('disk gone');
        return store.putMany(entries);
      },
    };
    const { cache, ask, exchange } = build({ store: fragile });
    expect(exchange()).toMatchObject({ kind: 'bypassed', reason: 'error' });
    expect(fate(ask(request({ a: 1 })))).toBe('error');
    await vi.waitFor(() => expect(events.map((event) => event.code)).toContain('cache_write_failed'));
    expect(events.filter((event) => event.code === 'cache_read_failed')).toHaveLength(1);
    await expect(cache.flush()).rejects.toThrow('disk gone');
    isBroken = false;
    await cache.flush();
    expect(await store.stats()).toMatchObject({ totalEntries: 1 });
  });

  it('drops the oldest beyond its bound and counts them (INV-S4)', async () => {
    const failing: CacheStore = {
      ...store,
      putMany: () => {
        throw new Error('disk gone');
      },
      close: () => undefined,
    };
    const size = answer().bytes.byteLength;
    const { ask, exchange, cache } = build({
      store: failing,
      limits: { maxQueuedBytes: 2 * size, maxFrontBytes: 0 },
    });
    for (const a of [1, 2, 3]) exchange(request({ a }));
    expect([1, 2, 3].map((a) => fate(ask(request({ a }))))).toEqual(['miss', 'hit', 'hit']);
    await cache.close();
    const dropped = events.filter((event) => event.code === 'cache_entries_dropped');
    expect(dropped.reduce((sum, event) => sum + Number(event.details?.['dropped']), 0)).toBe(3);
  });

  it('evicts what is least useful beyond the bound', async () => {
    const { cache, ask, exchange } = build({ limits: { maxEntries: 2 } });
    exchange(request({ a: 1 }));
    ask(request({ a: 1 }));
    await cache.flush();
    for (const a of [2, 3]) {
      now += 1_000;
      exchange(request({ a }));
      await cache.flush();
    }
    const fresh = build();
    expect([1, 2, 3].map((a) => fate(fresh.ask(request({ a }))))).toEqual(['hit', 'miss', 'hit']);
  });

  it('deletes what expired in the background', async () => {
    const first = build();
    for (let a = 0; a < 100; a++) first.exchange(request({ a }));
    await first.cache.flush();
    now += 86_400_000;
    build().exchange(request({ a: 'new' }));
    await vi.waitFor(async () => expect(await store.stats()).toMatchObject({ totalEntries: 1 }));
  });

  it('writes many answers at once and all of them', async () => {
    const { cache, exchange } = build();
    for (let a = 0; a < 200; a++) exchange(request({ a }));
    expect((await cache.stats()).totalEntries).toBe(200);
  });

  it('works over a store that answers later', async () => {
    const later: CacheStore = {
      get: async (key) => store.get(key),
      putMany: async (entries) => store.putMany(entries),
      addHits: async (hits, at) => store.addHits(hits, at),
      delete: async (keys) => store.delete(keys),
      deleteOld: async (options) => store.deleteOld(options),
      deleteAll: async (tenant) => store.deleteAll(tenant),
      evict: async (bounds) => store.evict(bounds),
      stats: async () => store.stats(),
      entries: () => store.entries(),
      close: () => undefined,
    };
    const { cache, stage, ask, settle } = build({ store: later });
    const asked = request();
    expect(fate(await Promise.resolve(ask(asked)))).toBe('miss');
    settle(asked);
    await cache.flush();
    expect(fate(await stage.prepare(request(), scopeOf()))).toBe('hit');
    expect(await cache.clear()).toBe(1);
    expect(fate(await stage.prepare(request(), scopeOf()))).toBe('miss');
  });

  it('puts what waits to a store that answers later in few messages, and evicts seldom', async () => {
    const putMany = vi.fn(async (entries: Parameters<CacheStore['putMany']>[0]) => store.putMany(entries));
    const evict = vi.fn(async (bounds: Parameters<CacheStore['evict']>[0]) => store.evict(bounds));
    const { cache, exchange } = build({ store: { ...store, putMany, evict }, flushMs: 60_000 });
    exchange(request());
    await cache.flush();
    for (let a = 0; a < 500; a++) exchange(request({ a }));
    await cache.flush();
    expect(putMany.mock.calls.map(([entries]) => entries.length)).toEqual([1, 500]);
    expect(evict).toHaveBeenCalledTimes(2);
    for (let a = 0; a < 3; a++) exchange(request({ a }), { response: answer({ text: 'x'.repeat(900_000) }) });
    await cache.flush();
    for (let a = 0; a < 7; a++) exchange(request({ a }), { response: answer({ text: 'x'.repeat(900_000) }) });
    await cache.flush();
    expect(putMany.mock.calls.map(([entries]) => entries.length)).toEqual([1, 500, 3, 4, 3]);
  });

  it('forgets what it held in memory when the same request is answered anew', async () => {
    const { cache, ask, exchange } = build();
    const text = () => {
      const outcome = ask();
      return outcome.kind === 'answered' ? outcome.response.text : outcome.kind;
    };
    exchange();
    await cache.flush();
    expect([text(), text()]).toEqual(['Paris', 'Paris']);
    const refresh = { cache: { mode: 'refresh', noStore: false } } as const;
    exchange(request(), { response: answer({ text: 'Lyon' }) }, refresh);
    expect(text()).toBe('Lyon');
    await cache.flush();
    expect(text()).toBe('Lyon');
  });

  it('keeps a small answer without the large buffer it was cut from', async () => {
    const { ask, exchange } = build();
    const large = new Uint8Array(100_000);
    const { bytes } = answer();
    large.set(bytes, 50);
    exchange(request(), { response: { ...answer(), bytes: large.subarray(50, 50 + bytes.length) } });
    const outcome = ask();
    expect(outcome.kind === 'answered' && outcome.response.bytes.buffer.byteLength).toBeLessThan(
      large.length,
    );
  });
});

describe('by hand', () => {
  const simple = { model: 'm', prompt: 'Hi' };
  const gateway = { tenant: 't', upstream: 'up https://up.example' };

  it('finds what the stage stored, and the stage what was set', async () => {
    const { cache, ask, exchange } = build();
    expect(await cache.get(simple, gateway)).toBeUndefined();
    exchange();
    expect((await cache.get(simple, gateway))?.response.text).toBe('Paris');
    expect(await cache.get(simple)).toBeUndefined();
    await cache.set(
      { ...simple, temperature: 1 },
      { body: { id: 'x', finish: 'complete', text: 'Set' } },
      gateway,
    );
    const outcome = ask(request({ temperature: 1 }));
    expect(outcome.kind === 'answered' && outcome.response.text).toBe('Set');
  });

  it('makes a body of a text where the wire gave a way to', async () => {
    const { cache } = build({ answerBody: (text) => ({ id: 'by-hand', finish: 'complete', text }) });
    await cache.set(simple, { text: 'Hello', costUsd: 1, usage: USAGE });
    expect((await cache.get(simple))?.entry).toMatchObject({ costUsd: 1, usage: USAGE, tenant: 'local' });
    await expect(build().cache.set(simple, { text: 'Hello' })).rejects.toMatchObject({
      code: 'cache_bad_answer',
    });
  });

  it('gives an answer at most the life that the operator allows (INV-C12)', async () => {
    const { cache } = build({ ttlSeconds: 60 });
    const body = { id: 'x', finish: 'complete', text: 'Set' };
    await cache.set({ ...simple, a: 1 }, { body, ttlSeconds: 10 });
    await cache.set({ ...simple, a: 2 }, { body, ttlSeconds: 1_000 });
    now += 10_000;
    expect([
      await cache.get({ ...simple, a: 1 }),
      (await cache.get({ ...simple, a: 2 }))?.ageSeconds,
    ]).toEqual([undefined, 10]);
    now += 50_000;
    expect(await cache.get({ ...simple, a: 2 })).toBeUndefined();
  });

  it('refuses answers that are not whole', async () => {
    const { cache } = build();
    const bad = { id: 'x', finish: 'length', text: 'Cut' };
    await expect(cache.set(simple, { body: bad })).rejects.toMatchObject({ code: 'cache_bad_answer' });
    await expect(cache.set(simple, { body: { nothing: true } })).rejects.toMatchObject({
      code: 'cache_bad_answer',
    });
    expect((await cache.stats()).totalEntries).toBe(0);
  });

  it('clears what is old, one tenant, or all', async () => {
    const { cache, exchange } = build();
    exchange(request({ a: 1 }));
    now += 100_000;
    exchange(request({ a: 2 }), {}, { tenant: 'u' });
    exchange(request({ a: 3 }));
    expect(await cache.clearOld({ maxAgeSeconds: 100 })).toBe(0);
    expect(await cache.clearOld({ maxAgeSeconds: 99 })).toBe(1);
    expect(await cache.clear('u')).toBe(1);
    now += 86_400_000;
    expect(await cache.clearOld()).toBe(1);
    expect((await cache.stats()).totalEntries).toBe(0);
  });
});

describe('export and import', () => {
  const lines = async (source: AsyncIterable<string>) => {
    const all: string[] = [];
    for await (const line of source) all.push(line);
    return all;
  };

  it('carry every entry to another store', async () => {
    const { cache, exchange } = build();
    exchange(request({ a: 1 }), { costUsd: null });
    exchange(request({ a: 2 }), { response: answer({ text: 'é\n"' }) });
    const exported = await lines(cache.export());
    expect(exported).toHaveLength(3);
    expect(JSON.parse(exported[0] as string)).toEqual({
      format: 'pare-cache',
      version: 1,
      exported_at: '2027-01-15T08:00:00.000Z',
    });
    const other = build({ store: createSqliteCacheStore({ path: ':memory:', onEvent: () => undefined }) });
    expect(await other.cache.import(exported)).toEqual({
      imported: 2,
      skipped: 0,
      rejected: 0,
      problems: [],
    });
    expect(await other.cache.import(exported)).toMatchObject({ imported: 0, skipped: 2 });
    const outcome = other.ask(request({ a: 2 }));
    expect(outcome.kind === 'answered' && outcome.response.text).toBe('é\n"');
    const withoutHits = (all: readonly string[]) =>
      all.slice(1).map((line) => line.replace(/"hits":\d+/, ''));
    expect(withoutHits(await lines(other.cache.export()))).toEqual(withoutHits(exported));
  });

  it('skips what has expired', async () => {
    const { cache, exchange } = build();
    exchange();
    const exported = await lines(cache.export());
    now += 86_400_000;
    await cache.clear();
    expect(await cache.import(exported)).toMatchObject({ imported: 0, skipped: 1, rejected: 0 });
  });

  it('rejects bad lines one by one and names them', async () => {
    const { cache, exchange } = build();
    exchange();
    const [header, good] = (await lines(cache.export())) as [string, string];
    const value = JSON.parse(good) as JsonObject;
    const bad = (more: JsonObject) => JSON.stringify({ ...value, ...more });
    await cache.clear();
    const report = await cache.import([
      header,
      'not json',
      '[]',
      bad({ key: 'short' }),
      bad({ tenant: '' }),
      bad({ wire: 'telex' }),
      bad({ model: 7 }),
      bad({ body: null }),
      bad({ body: '{"nothing":true}' }),
      bad({ body: '{"id":"x","finish":"length","text":"cut"}' }),
      bad({ usage: { input_tokens: -1 } }),
      bad({ usage_basis: 'guess' }),
      bad({ cost_usd: 'free' }),
      bad({ created_at: 'yesterday' }),
      bad({ created_at: '2028-01-01T00:00:00Z', expires_at: '2028-01-02T00:00:00Z' }),
      bad({ expires_at: value['created_at'] }),
      '',
      good,
    ]);
    expect(report).toMatchObject({ imported: 1, skipped: 0, rejected: 15 });
    expect(report.problems.map((problem) => problem.line)).toEqual([
      2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16,
    ]);
  });

  it.each([[[]], [['']], [['{"format":"other","version":1}']], [['{"format":"pare-cache","version":2}']]])(
    'refuse a file that starts with %j',
    async (bad) => {
      await expect(build().cache.import(bad)).rejects.toMatchObject({ code: 'cache_import_header' });
    },
  );
});
