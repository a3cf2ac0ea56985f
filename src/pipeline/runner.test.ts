import { brotliCompressSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type {
  CacheDirective,
  ChatRequest,
  Exchange,
  RequestTokens,
  Stage,
  StageOutcome,
} from '../contract/index.ts';
import { scopeOf } from '../testing/fixtures/request-scope.ts';
import {
  ANSWER,
  answered,
  bench,
  counter,
  HISTORY,
  PLAIN,
  parse,
  REQUEST,
  response,
  STREAM,
  STREAM_HEADERS,
  stage,
  streamBody,
  waitFor,
} from '../testing/fixtures/runner-bench.ts';
import type { FakeAnswer } from '../testing/index.ts';
import { codecFor } from '../wire/index.ts';
import { STAGE_ORDER } from './index.ts';

const { usage: _reported, ...ANSWER_WITHOUT_USAGE } = ANSWER;

const rewritten = (request: ChatRequest, overheadTokens = 0): StageOutcome => ({
  kind: 'rewritten',
  request,
  receipt: { overheadTokens },
});
/** Cuts the text of the last message. */
function shorten(request: ChatRequest, text = 'Short?'): ChatRequest {
  const last = request.messages.at(-1);
  const [part] = last?.parts ?? [];
  if (last === undefined || part?.kind !== 'text') throw new Error('unexpected request');
  return {
    ...request,
    messages: [...request.messages.slice(0, -1), { ...last, parts: [{ ...part, text }] }],
  };
}
const basisOf = (request: ChatRequest): string => (counter.countRequest(request) as RequestTokens).basis;
const tokensOf = (request: ChatRequest): number => (counter.countRequest(request) as RequestTokens).tokens;

describe('order', () => {
  it('is fixed, whatever the order of the options', async () => {
    const seen: string[] = [];
    const stages = STAGE_ORDER.toReversed().map((name) =>
      stage(name, {
        prepare: () => {
          seen.push(name);
          return { kind: 'bypassed', reason: 'nothing_to_do' };
        },
      }),
    );
    const { head } = await bench(stages).run(REQUEST);
    expect(seen).toEqual(STAGE_ORDER);
    expect(head?.stages).toEqual(STAGE_ORDER.map((name) => `${name}=nothing_to_do`));
  });

  it('ends at the stage that answers', async () => {
    const seen: string[] = [];
    const late = stage('context', {
      prepare: () => {
        seen.push('context');
        return { kind: 'bypassed', reason: 'nothing_to_do' };
      },
    });
    const made = bench([late, stage('exact-cache', { prepare: answered })]);
    const { head, body } = await made.run(REQUEST);
    expect(seen).toEqual([]);
    expect(made.upstream.calls).toHaveLength(0);
    expect(JSON.parse(body.toString())).toEqual(ANSWER);
    expect(head).toMatchObject({
      status: 200,
      cacheOutcome: 'hit',
      ageSeconds: 7,
      tokensBefore: 100,
      tokensAfter: 0,
    });
    expect(made.records).toMatchObject([
      { cacheOutcome: 'hit', costUsd: 0, netTokens: 120, netCostUsd: 0.001 },
    ]);
  });

  it('gives each stage the request that the one before it made', async () => {
    const short = shorten(REQUEST);
    const seen: ChatRequest[] = [];
    const made = bench([
      stage('context', { rewrites: ['live'], prepare: () => rewritten(short) }),
      stage('prompt-compression', {
        prepare: (request) => {
          seen.push(request);
          return { kind: 'bypassed', reason: 'nothing_to_do' };
        },
      }),
    ]);
    await made.run(REQUEST);
    expect(seen).toEqual([short]);
    expect(made.upstream.calls[0]?.text).toContain('Short?');
  });
});

describe('a stage that fails', () => {
  const OTHER = stage('budget');

  it.each<[string, Stage['prepare'], string, string]>([
    [
      'throws',
      () => {
        throw new Error('broken');
      },
      'error',
      'stage_failed',
    ],
    ['rejects', () => Promise.reject(new Error('broken')), 'error', 'stage_failed'],
    ['is late', () => new Promise(() => undefined), 'deadline', 'stage_deadline'],
  ])('because it %s is bypassed, loudly, and the request goes on', async (_how, prepare, reason, code) => {
    const made = bench([stage('context', { prepare }), OTHER]);
    const { head, body } = await made.run(REQUEST);
    expect(JSON.parse(body.toString())).toEqual(ANSWER);
    expect(head?.stages).toEqual([`context=${reason}`, 'budget=nothing_to_do']);
    expect(made.events).toMatchObject([{ code, details: { stage: 'context' } }]);
  });

  it('because the caller left is no fault of anyone', async () => {
    const left = new AbortController();
    const made = bench([
      stage('context', {
        prepare: async (_, { signal }) => {
          left.abort();
          await Promise.resolve();
          signal.throwIfAborted();
          return { kind: 'bypassed', reason: 'nothing_to_do' };
        },
      }),
    ]);
    await made.run(REQUEST, { signal: left.signal });
    expect(made.events).toEqual([]);
  });

  it('after its deadline changes nothing any more', async () => {
    const made = bench([
      stage('context', {
        rewrites: ['live'],
        prepare: async () => {
          await new Promise((resolve) => setTimeout(resolve, 60));
          return rewritten(shorten(REQUEST));
        },
      }),
    ]);
    await made.run(REQUEST);
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(made.upstream.calls[0]?.text).toBe(Buffer.from(REQUEST.source.bytes).toString());
    expect(made.records[0]?.measurements).toEqual([]);
  });

  it('to replay its answer is bypassed too: the provider is asked', async () => {
    const broken = { ...response() };
    Object.defineProperty(broken, 'id', {
      get: () => {
        throw new Error('unreadable');
      },
    });
    Object.defineProperty(broken, 'bytes', { value: Buffer.from('{') });
    const made = bench(
      [stage('exact-cache', { prepare: () => ({ ...answered(), response: broken }) as StageOutcome })],
      { headers: STREAM_HEADERS, body: streamBody() },
      {
        codecFor: (wire) => ({
          ...codecFor(wire),
          replayStream: () => {
            throw new Error('unreadable');
          },
        }),
      },
    );
    const { head, body } = await made.run(STREAM);
    expect(body.toString()).toBe(streamBody());
    expect(head).toMatchObject({ cacheOutcome: 'bypassed', stages: ['exact-cache=error'] });
    expect(made.events).toMatchObject([{ code: 'replay_failed' }]);
    expect(made.records).toMatchObject([{ netTokens: 0, measurements: [], cacheReason: 'error' }]);
  });
});

describe('the region guard', () => {
  const TRESPASSES: readonly (readonly [string, ChatRequest])[] = [
    ['live', shorten(REQUEST)],
    ['history', { ...REQUEST, messages: REQUEST.messages.slice(1), liveFrom: REQUEST.liveFrom - 1 }],
    ['system', { ...REQUEST, system: [] }],
    ['tools', { ...REQUEST, tools: REQUEST.tools.slice(1) }],
    ['request', { ...REQUEST, model: 'gpt-4o-mini' }],
  ];

  it.each(TRESPASSES)('discards a rewrite of %s that was not declared', async (region, request) => {
    const rewrites = (['live', 'history', 'system', 'tools'] as const).filter(
      (declared) => declared !== region,
    );
    const made = bench([stage('context', { rewrites, prepare: () => rewritten(request) })]);
    const { head } = await made.run(REQUEST);
    expect(head?.stages).toEqual(['context=stage_rejected']);
    expect(made.upstream.calls[0]?.text).toBe(Buffer.from(REQUEST.source.bytes).toString());
    expect(made.events).toMatchObject([{ code: 'stage_rejected', level: 'error' }]);
    expect(made.records[0]?.measurements).toEqual([]);
  });

  it.each(TRESPASSES.filter(([region]) => region !== 'request'))(
    'lets a declared rewrite of %s pass',
    async (region, request) => {
      const rewrites = [region as 'live'];
      const made = bench([stage('context', { rewrites, prepare: () => rewritten(request) })]);
      const { head } = await made.run(REQUEST);
      expect(head?.stages).toEqual(['context=rewritten']);
      expect(made.upstream.calls[0]?.text).not.toBe(Buffer.from(REQUEST.source.bytes).toString());
    },
  );

  it('discards a rewrite that breaks a rule of the wire (INV-T1)', async () => {
    const turn = parse({
      model: 'gpt-4o',
      messages: [
        { role: 'user', content: 'use it' },
        {
          role: 'assistant',
          content: null,
          tool_calls: [{ id: 'c', type: 'function', function: { name: 'a', arguments: '{}' } }],
        },
        { role: 'tool', tool_call_id: 'c', content: 'done' },
      ],
    });
    const orphaned = {
      ...turn,
      messages: [turn.messages[0], turn.messages[2]].filter((m) => m !== undefined),
      liveFrom: 0,
    };
    const made = bench([
      stage('context', { rewrites: ['history', 'live'], prepare: () => rewritten(orphaned) }),
    ]);
    const { head } = await made.run(turn);
    expect(head?.stages).toEqual(['context=stage_rejected']);
    expect(made.upstream.calls[0]?.text).toBe(Buffer.from(turn.source.bytes).toString());
  });
});

describe('measurement', () => {
  const cutting = (overhead = 0) =>
    stage('context', { rewrites: ['live'], prepare: () => rewritten(shorten(REQUEST), overhead) });
  const gain = tokensOf(REQUEST) - tokensOf(shorten(REQUEST));

  it('counts before and after, with overhead, basis and price', async () => {
    const made = bench([cutting(5)]);
    const { head } = await made.run(REQUEST);
    const [record] = made.records;
    expect(record?.measurements).toEqual([
      {
        stage: 'context',
        mode: 'on',
        tokensBefore: tokensOf(REQUEST),
        tokensAfter: tokensOf(shorten(REQUEST)),
        overhead: 5,
        basis: basisOf(REQUEST),
        netCostUsd: expect.closeTo(((gain - 5) * 2.5) / 1e6, 12),
      },
    ]);
    expect(record?.netTokens).toBe(gain - 5);
    expect(head).toMatchObject({ tokensBefore: tokensOf(REQUEST), tokensAfter: tokensOf(shorten(REQUEST)) });
  });

  it('claims nothing of what the provider would have refused (INV-U4)', async () => {
    const taken = shorten(REQUEST, 'What the provider takes of the question.');
    const prepare = () =>
      ({ kind: 'rewritten', request: shorten(REQUEST), receipt: {}, baseline: taken }) as const;
    const made = bench([stage('context', { rewrites: ['live'], prepare })]);
    await made.run(REQUEST);
    expect(made.records[0]?.measurements).toMatchObject([
      { tokensBefore: tokensOf(taken), tokensAfter: tokensOf(shorten(REQUEST)) },
    ]);
    expect(made.records[0]?.netTokens).toBe(tokensOf(taken) - tokensOf(shorten(REQUEST)));
    expect(made.records[0]?.netTokens).toBeLessThan(gain);
  });

  it('stores and shows a negative net', async () => {
    const made = bench([cutting(gain + 50)]);
    await made.run(REQUEST);
    expect(made.records[0]?.netTokens).toBe(-50);
    expect(made.records[0]?.netCostUsd).toBeLessThan(0);
  });

  it('drops a rewrite that grew (INV-X1)', async () => {
    const longer = shorten(REQUEST, 'A much longer question than before. '.repeat(50));
    const made = bench([stage('context', { rewrites: ['live'], prepare: () => rewritten(longer) })]);
    const { head } = await made.run(REQUEST);
    expect(head?.stages).toEqual(['context=no_gain']);
    expect(made.upstream.calls[0]?.text).toBe(Buffer.from(REQUEST.source.bytes).toString());
    expect(made.events).toEqual([]);
  });

  it('of a stage in shadow is kept, and its rewrite is not', async () => {
    const made = bench([{ stage: cutting(), mode: 'shadow' }]);
    const { head } = await made.run(REQUEST);
    expect(head?.stages).toEqual(['context=shadow']);
    expect(made.upstream.calls[0]?.text).toBe(Buffer.from(REQUEST.source.bytes).toString());
    expect(made.records[0]?.measurements).toMatchObject([
      { mode: 'shadow', tokensBefore: tokensOf(REQUEST) },
    ]);
    expect(made.records[0]?.netTokens).toBe(0);
  });

  it('of an answer in shadow is kept, and the provider is asked', async () => {
    const made = bench([{ stage: stage('semantic-cache', { prepare: answered }), mode: 'shadow' }]);
    const { head } = await made.run(REQUEST);
    expect(made.upstream.calls).toHaveLength(1);
    expect(head?.stages).toEqual(['semantic-cache=shadow-hit']);
    expect(made.records[0]?.measurements).toMatchObject([{ mode: 'shadow', tokensBefore: 120 }]);
    expect(made.records[0]?.netTokens).toBe(0);
  });

  it('that fails drops the rewrite: a failed count is never 0 (INV-U3)', async () => {
    const made = bench(
      [cutting()],
      { body: ANSWER },
      {
        counter: {
          countText: (text, model) => counter.countText(text, model),
          countRequest: () => {
            throw new Error('no count');
          },
          observe: () => undefined,
        },
      },
    );
    const { head } = await made.run(REQUEST);
    expect(head?.stages).toEqual(['context=error']);
    expect(head?.tokensBefore).toBeUndefined();
    expect(made.records[0]?.usage.inputTokens).toBe(100);
    expect(made.events.map((event) => event.code)).toContain('token_count_failed');
  });

  it('that learns and fails is told, and the answer is whole', async () => {
    const made = bench(
      [],
      { body: ANSWER },
      {
        counter: {
          countText: (text, model) => counter.countText(text, model),
          countRequest: (request) => counter.countRequest(request),
          observe: () => {
            throw new Error('nothing is learned');
          },
        },
      },
    );
    const { body } = await made.run(REQUEST);
    expect(JSON.parse(String(body))).toEqual(ANSWER);
    expect(made.events).toContainEqual(
      expect.objectContaining({
        code: 'account_failed',
        message: expect.stringContaining('nothing is learned'),
      }),
    );
  });

  it('claims nothing for a request that the provider refused (INV-U4)', async () => {
    const made = bench([cutting()], { status: 429, body: { error: {} } });
    await made.run(REQUEST);
    expect(made.records).toMatchObject([{ status: 429, netTokens: 0, measurements: [], costUsd: 0 }]);
  });
});

describe('settle', () => {
  const noting = (seen: string[], exchanges: Exchange[] = []) =>
    (['context', 'exact-cache', 'budget'] as const).map((name) =>
      stage(name, {
        settle: (exchange) => {
          seen.push(name);
          exchanges.push(exchange);
        },
      }),
    );

  it('runs once per stage, last first, after the answer', async () => {
    const seen: string[] = [];
    const exchanges: Exchange[] = [];
    await bench(noting(seen, exchanges)).run(REQUEST);
    expect(seen).toEqual(['budget', 'context', 'exact-cache']);
    expect(exchanges[0]).toMatchObject({
      status: 200,
      wasAborted: false,
      usage: { inputTokens: 100 },
      usageBasis: 'reported',
    });
    expect(exchanges[0]?.request).toBe(REQUEST);
    expect(exchanges[0]?.response?.text).toBe('Four words are here');
  });

  it('hinders nobody when it fails', async () => {
    const seen: string[] = [];
    const made = bench([
      ...noting(seen),
      stage('tool-output', {
        settle: () => {
          throw new Error('a');
        },
      }),
      stage('memory-recall', { settle: () => Promise.reject(new Error('b')) }),
    ]);
    await made.run(REQUEST);
    await waitFor(() => made.events.length === 2);
    expect(seen).toHaveLength(3);
    expect(made.events.map((event) => event.code)).toEqual(['settle_failed', 'settle_failed']);
  });

  it.each<[string, FakeAnswer]>([
    ['refused', { status: 500, body: { error: {} } }],
    ['dropped before the head', { failure: 'before-head' }],
    ['dropped in the middle', { headers: STREAM_HEADERS, body: streamBody(false), failure: 'after-body' }],
  ])('runs once, without an answer, when the call was %s', async (_how, answer) => {
    const seen: string[] = [];
    const exchanges: Exchange[] = [];
    await bench(noting(seen, exchanges), answer).run(STREAM);
    expect(seen).toHaveLength(3);
    expect(exchanges.every((exchange) => exchange.response === undefined)).toBe(true);
  });

  it('runs for a caller that left before anyone was called, so that nothing stays reserved (INV-U5)', async () => {
    const seen: string[] = [];
    const exchanges: Exchange[] = [];
    const wait = stage('memory-recall', {
      prepare: () =>
        new Promise((resolve) => setTimeout(() => resolve({ kind: 'bypassed', reason: 'miss' }), 15)),
    });
    const made = bench([...noting(seen, exchanges), wait]);
    made.start(REQUEST).leave();
    await waitFor(() => made.records.length === 1);
    expect(made.upstream.calls).toHaveLength(0);
    expect(seen).toHaveLength(3);
    expect(exchanges[0]).toMatchObject({ status: 0, wasAborted: true });
    expect(made.records[0]).toMatchObject({ status: 499, errorCode: 'client_closed', costUsd: 0 });
  });

  it('gets the stage that answered', async () => {
    const exchanges: Exchange[] = [];
    const made = bench([
      stage('exact-cache', { prepare: answered, settle: (exchange) => void exchanges.push(exchange) }),
    ]);
    await made.run(REQUEST);
    expect(exchanges).toMatchObject([{ answeredBy: 'exact-cache', costUsd: 0, usage: { inputTokens: 0 } }]);
  });
});

describe('callers', () => {
  it('switch stages off or to shadow, never on (INV-C12)', async () => {
    const names = ['context', 'prompt-compression', 'tool-output'] as const;
    const made = bench([
      { stage: stage('context'), mode: 'off' },
      {
        stage: stage('prompt-compression', {
          rewrites: ['live'],
          prepare: () => rewritten(shorten(REQUEST)),
        }),
        mode: 'on',
      },
      {
        stage: stage('tool-output', { rewrites: ['live'], prepare: () => rewritten(shorten(REQUEST)) }),
        mode: 'shadow',
      },
    ]);
    const all = (mode: 'on' | 'shadow' | 'off') => ({
      stages: Object.fromEntries(names.map((name) => [name, mode])),
    });
    expect((await made.run(REQUEST, all('on'))).head?.stages).toEqual([
      'tool-output=shadow',
      'prompt-compression=rewritten',
    ]);
    expect((await made.run(REQUEST, all('shadow'))).head?.stages).toEqual([
      'tool-output=shadow',
      'prompt-compression=shadow',
    ]);
    expect((await made.run(REQUEST, all('off'))).head?.stages).toEqual([]);
  });

  it('that want a stored answer only get a 504, a record, and call nobody', async () => {
    const cache: CacheDirective = { mode: 'only-if-cached', noStore: false };
    const made = bench([stage('exact-cache', { prepare: () => ({ kind: 'bypassed', reason: 'miss' }) })]);
    const { error } = await made.run(REQUEST, { cache });
    expect(error).toMatchObject({ code: 'not_cached', status: 504 });
    expect(made.upstream.calls).toHaveLength(0);
    expect(made.records).toMatchObject([
      { status: 504, errorCode: 'not_cached', cacheOutcome: 'miss', costUsd: 0 },
    ]);
  });

  it('can see what would happen without a call or a record', async () => {
    const made = bench([
      stage('context', { rewrites: ['live'], prepare: () => rewritten(shorten(REQUEST)) }),
    ]);
    const prepared = await made.runner.dryRun({ request: REQUEST, scope: scopeOf() });
    expect(prepared.results).toEqual(['context=rewritten']);
    expect(prepared.measurements).toHaveLength(1);
    expect(made.upstream.calls).toHaveLength(0);
    expect(made.records).toEqual([]);
  });
});

describe('usage', () => {
  it.each<[string, (body: Buffer) => Buffer, string]>([
    ['gzip', (body) => gzipSync(body), 'gzip'],
    ['gzip in upper case', (body) => gzipSync(body), 'GZIP'],
    ['brotli', (body) => brotliCompressSync(body), 'br'],
  ])('is read through %s, whose bytes stay as they are', async (_name, encode, encoding) => {
    const bytes = encode(Buffer.from(JSON.stringify(ANSWER)));
    const made = bench([], {
      headers: { 'content-type': 'application/json', 'content-encoding': encoding },
      body: bytes,
      splitBytes: 7,
    });
    const { body } = await made.run(REQUEST);
    expect(body.equals(bytes)).toBe(true);
    expect(made.records).toMatchObject([
      { usage: { inputTokens: 100, outputTokens: 20 }, usageBasis: 'reported' },
    ]);
  });

  it('of an encoding that nobody knows, or of damaged bytes, is estimated', async () => {
    for (const encoding of ['pack200', 'gzip']) {
      const made = bench([], {
        headers: { 'content-type': 'application/json', 'content-encoding': encoding },
        body: 'damaged',
      });
      const { body } = await made.run(REQUEST);
      expect(body.toString()).toBe('damaged');
      expect(made.records[0]?.usageBasis).not.toBe('reported');
      expect(made.records[0]?.usage.inputTokens).toBe(tokensOf(REQUEST));
    }
  });

  it('that the provider does not report is counted, with its basis', async () => {
    const made = bench([], { body: ANSWER_WITHOUT_USAGE });
    await made.run(REQUEST);
    await made.run(PLAIN);
    expect(made.records).toMatchObject([
      { usage: { inputTokens: tokensOf(REQUEST), outputTokens: 4 }, usageBasis: 'estimated', status: 200 },
      { usage: { inputTokens: tokensOf(PLAIN), outputTokens: 4 }, usageBasis: 'exact', status: 200 },
    ]);
    expect(made.learned).toEqual([]);
  });

  it('of another family is estimated or calibrated, and says so', async () => {
    const claude = parse({ model: 'claude-sonnet-4-6', messages: HISTORY });
    const made = bench([], { body: ANSWER_WITHOUT_USAGE });
    await made.run(claude);
    expect(['estimated', 'calibrated']).toContain(made.records[0]?.usageBasis);
  });

  it('that the provider reports teaches the counter', async () => {
    const made = bench([]);
    await made.run(REQUEST);
    expect(made.learned).toMatchObject([
      { model: 'gpt-4o', reportedTokens: 100, rawTokens: expect.any(Number) },
    ]);
  });

  it('of a stream whose caller left is recorded as 499 with an estimate', async () => {
    const made = bench([], { headers: STREAM_HEADERS, body: [streamBody(false)], failure: 'hang' });
    const caller = made.start(STREAM);
    await waitFor(() => (made.upstream.calls[0]?.bytesSent ?? 0) > 0);
    caller.leave();
    await waitFor(() => made.records.length === 1);
    expect(made.upstream.calls[0]?.wasAborted).toBe(true);
    expect(made.records).toMatchObject([
      {
        status: 499,
        errorCode: 'client_closed',
        usage: { inputTokens: tokensOf(STREAM), outputTokens: 4 },
        usageBasis: 'exact',
      },
    ]);
  });

  it('of an answer that broke off is counted; of a refusal or an unreachable provider it is nothing', async () => {
    const broken = bench([], { headers: STREAM_HEADERS, body: streamBody(false), failure: 'after-body' });
    const { error } = await broken.run(STREAM);
    expect(error).toBeInstanceOf(Error);
    expect(broken.records).toMatchObject([
      { errorCode: 'upstream_closed', usage: { outputTokens: 4 }, usageBasis: 'exact' },
    ]);
    const refused = bench([], { status: 400, body: { error: {} } });
    await refused.run(REQUEST);
    expect(refused.records).toMatchObject([{ status: 400, usage: { inputTokens: 0 }, costUsd: 0 }]);
    const gone = bench([], { failure: 'before-head' });
    await gone.run(REQUEST);
    expect(gone.records).toMatchObject([{ status: 502, usage: { inputTokens: 0 }, costUsd: 0 }]);
  });

  it("of a whole answer without a word is the provider's, not ours", async () => {
    const made = bench([], {
      body: {
        ...ANSWER,
        choices: [{ index: 0, message: { role: 'assistant', content: '' }, finish_reason: 'stop' }],
        usage: { prompt_tokens: 100, completion_tokens: 0, total_tokens: 100 },
      },
    });
    await made.run(REQUEST);
    expect(made.records).toMatchObject([
      { usageBasis: 'reported', usage: { inputTokens: 100, outputTokens: 0 } },
    ]);
  });

  it('of a model without a price costs unknown, not 0 (INV-U2)', async () => {
    const made = bench([]);
    await made.run(parse({ model: 'nobody-knows-it', messages: HISTORY }));
    expect(made.records).toMatchObject([{ costUsd: null, usage: { inputTokens: 100 } }]);
  });
});

describe('identical concurrent requests (INV-C11)', () => {
  const sharing = () =>
    stage('exact-cache', { prepare: () => ({ kind: 'bypassed', reason: 'miss', shareKey: 'k' }) });

  it('share one call and one settle; each has its record', async () => {
    const settled: Exchange[] = [];
    const cache = { ...sharing(), settle: (exchange: Exchange) => void settled.push(exchange) };
    const made = bench([cache], { body: ANSWER, latencyMs: 20 });
    const results = await Promise.all([made.run(REQUEST), made.run(REQUEST), made.run(REQUEST)]);
    await waitFor(() => made.records.length === 3);
    expect(made.upstream.calls).toHaveLength(1);
    expect(settled).toHaveLength(1);
    expect(new Set(results.map((result) => result.body.toString())).size).toBe(1);
    expect(made.records.map((record) => record.cacheOutcome)).toEqual(['miss', 'hit', 'hit']);
    expect(made.records.map((record) => record.netTokens)).toEqual([0, 120, 120]);
    expect(results[1]?.head?.stages).toEqual(['exact-cache=miss', 'shared-call']);
  });

  it('that leave while others stay leave the call running', async () => {
    const made = bench([sharing()], { headers: STREAM_HEADERS, body: [streamBody()], latencyMs: 30 });
    const first = made.start(STREAM);
    const second = made.start(STREAM);
    await waitFor(() => made.upstream.calls.length === 1);
    first.leave();
    expect((await second.ended).body.toString()).toBe(streamBody());
    await waitFor(() => made.records.length === 2);
    expect(made.upstream.calls[0]?.wasAborted).toBe(false);
    expect(made.records.map((record) => record.status)).toEqual([499, 200]);
  });

  it('flow for whoever reads, and stop while nobody does', async () => {
    const pieces = Array.from({ length: 40 }, () => ': ping\n\n');
    const answer = { headers: STREAM_HEADERS, body: [...pieces, streamBody()], chunkDelayMs: 3 };
    const made = bench([sharing()], answer);
    const call = () => made.upstream.calls[0];
    const first = made.start(STREAM);
    await waitFor(() => (call()?.bytesSent ?? 0) > 0);
    first.pause();
    expect(call()?.isPaused).toBe(true);
    const second = made.start(STREAM);
    await waitFor(() => call()?.isPaused === false);
    second.pause();
    expect(call()?.isPaused).toBe(true);
    first.resume();
    expect(call()?.isPaused).toBe(false);
    first.leave();
    expect(call()?.isPaused).toBe(true);
    second.resume();
    expect((await second.ended).body.toString()).toBe(pieces.join('') + streamBody());
    expect(made.upstream.calls).toHaveLength(1);
  });

  it('longer than what is kept for late joiners make a call of their own', async () => {
    const made = bench(
      [sharing()],
      { headers: STREAM_HEADERS, body: [streamBody(false), streamBody(true)], chunkDelayMs: 40 },
      { maxCaptureBytes: 50 },
    );
    const first = made.start(STREAM);
    await waitFor(() => (made.upstream.calls[0]?.bytesSent ?? 0) > 50);
    const second = made.start(STREAM);
    await Promise.all([first.ended, second.ended]);
    expect(made.upstream.calls).toHaveLength(2);
  });
});

describe('the linter', () => {
  it('reports a broken rule in a body of the caller, which still goes out as it is (INV-T1)', async () => {
    const broken = parse({
      model: 'gpt-4o',
      messages: [
        { role: 'user', content: 'Hi' },
        { role: 'tool', tool_call_id: 'call_1', content: 'no call before this' },
      ],
    });
    const made = bench([]);
    await made.run(broken);
    expect(made.events).toMatchObject([
      { code: 'request_breaks_wire_rule', level: 'info', details: { rule: 'tool_result_without_call' } },
    ]);
    expect(made.upstream.calls[0]?.text).toBe(Buffer.from(broken.source.bytes).toString());
  });

  it('has nothing to say of a sound body', async () => {
    const made = bench([]);
    await made.run(REQUEST);
    expect(made.events).toEqual([]);
  });
});
