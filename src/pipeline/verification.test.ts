import { describe, expect, it } from 'vitest';
import { createExactCache, createExactCacheStage } from '../cache/exact.ts';
import type { Exchange, RequestScope, Stage, StageOutcome } from '../contract/index.ts';
import { createSqliteCacheStore } from '../stores/index.ts';
import { scopeOf } from '../testing/fixtures/request-scope.ts';
import {
  ANSWER,
  answered,
  bench,
  REQUEST,
  STREAM,
  STREAM_HEADERS,
  stage,
  streamBody,
  waitFor,
} from '../testing/fixtures/runner-bench.ts';
import type { FakeAnswer } from '../testing/index.ts';
import { anthropicMessages, codecFor, openaiChat, openaiResponses } from '../wire/index.ts';

const FRESH = {
  ...ANSWER,
  id: 'chatcmpl-2',
  choices: [{ index: 0, message: { role: 'assistant', content: 'Something new' }, finish_reason: 'stop' }],
};
const toVerify = (): StageOutcome => ({ ...answered(), isToBeVerified: true }) as StageOutcome;

interface Settled {
  readonly exchange: Exchange;
  readonly scope: RequestScope;
}

function verified(settled: Settled[] = [], prepare: Stage['prepare'] = toVerify): Stage {
  return stage('semantic-cache', {
    prepare,
    settle: (exchange, scope) => void settled.push({ exchange, scope }),
  });
}

const shortly = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20));

describe('an answer that is to be verified', () => {
  it('goes out at once; then the provider is asked the same, and its answer is settled', async () => {
    const settled: Settled[] = [];
    const made = bench([verified(settled)], { body: FRESH, latencyMs: 20 });
    const { head, body } = await made.run(REQUEST, { requestId: 'r1', tags: { team: 'a' }, session: 's' });
    expect(head).toMatchObject({ cacheOutcome: 'semantic', stages: ['semantic-cache=hit'] });
    expect(JSON.parse(body.toString())).toEqual(ANSWER);
    expect(made.records).toHaveLength(1);
    await waitFor(() => made.records.length === 2);
    expect(made.upstream.calls.map((call) => call.text)).toEqual([
      Buffer.from(REQUEST.source.bytes).toString(),
    ]);
    expect(settled.map(({ exchange }) => exchange)).toMatchObject([
      { answeredBy: 'semantic-cache', response: { text: 'Four words are here' } },
      {
        verifies: 'semantic-cache',
        status: 200,
        wasAborted: false,
        response: { text: 'Something new' },
        usage: { inputTokens: 100, outputTokens: 20 },
      },
    ]);
    expect(settled[0]?.exchange.verifies).toBeUndefined();
    expect(settled[1]?.exchange.answeredBy).toBeUndefined();
    expect(settled[1]?.exchange.request).toBe(REQUEST);
    // What the stage attached to the scope when it answered is there when it learns.
    expect(settled[1]?.scope).toBe(settled[0]?.scope);
  });

  it('leaves its own record as it is; the verification has another, with its bill as overhead (INV-U4)', async () => {
    const made = bench([verified()], { body: FRESH, latencyMs: 5 });
    const scope = { requestId: 'r1', tenant: 't1', session: 's1', tags: { team: 'a' } };
    await made.run(REQUEST, scope);
    await waitFor(() => made.records.length === 2);
    const costUsd = (100 * 2.5 + 20 * 10) / 1e6;
    expect(made.records).toMatchObject([
      { id: 'r1', semanticReason: 'semantic_hit', costUsd: 0, netTokens: 120, netCostUsd: 0.001 },
      {
        id: 'r1-verification',
        tenant: 't1',
        session: 's1',
        tags: { team: 'a' },
        status: 200,
        errorCode: null,
        cacheOutcome: 'bypassed',
        semanticReason: 'verification',
        usage: { inputTokens: 100, outputTokens: 20 },
        usageBasis: 'reported',
        costUsd: expect.closeTo(costUsd, 12),
        netTokens: -120,
        netCostUsd: expect.closeTo(-costUsd, 12),
        measurements: [
          {
            stage: 'semantic-cache',
            mode: 'on',
            tokensBefore: 0,
            tokensAfter: 0,
            overhead: 120,
            basis: 'reported',
            netCostUsd: expect.closeTo(-costUsd, 12),
          },
        ],
      },
    ]);
    expect(made.records[1]?.cacheReason).toBeUndefined();
    expect(made.records[1]?.time).toBeGreaterThanOrEqual(made.records[0]?.time ?? Number.NaN);
  });

  it('of unknown price costs unknown to verify, not 0 (INV-U2)', async () => {
    const odd = codecFor('openai-chat').parseRequest(
      Buffer.from(JSON.stringify({ model: 'nobody-knows-it', messages: [{ role: 'user', content: 'Hi' }] })),
    );
    const made = bench([verified()], { body: FRESH });
    await made.run(odd);
    await waitFor(() => made.records.length === 2);
    expect(made.records[1]).toMatchObject({ costUsd: null, netTokens: -120, netCostUsd: null });
  });

  it('is verified by a stream when it was streamed', async () => {
    const settled: Settled[] = [];
    const made = bench([verified(settled)], { headers: STREAM_HEADERS, body: streamBody(), splitBytes: 9 });
    const { body } = await made.run(STREAM);
    expect(body.toString()).toContain('data: [DONE]');
    await waitFor(() => settled.length === 2);
    expect(settled[1]?.exchange).toMatchObject({
      verifies: 'semantic-cache',
      response: { text: 'Four words are here', finish: 'complete' },
    });
  });

  it('is asked for with the headers of the caller, read while the request is alive', async () => {
    const made = bench([verified()], { body: FRESH });
    let isAlive = true;
    const heard: string[] = [];
    made.runner.run({
      request: REQUEST,
      scope: scopeOf({ requestId: 'r1' }),
      upstream: made.upstream,
      path: '/v1/chat/completions?beta=1',
      get headers() {
        if (!isAlive) throw new Error('The request is gone.');
        return { authorization: 'Bearer of-the-caller' };
      },
      sink: { onHead: () => {}, onData: () => {}, onEnd: () => {}, onError: () => {} },
      onRecord: ({ id }) => void heard.push(id),
    });
    isAlive = false;
    await waitFor(() => made.records.length === 2);
    expect(made.upstream.calls[0]?.request).toMatchObject({
      path: '/v1/chat/completions?beta=1',
      headers: { authorization: 'Bearer of-the-caller' },
    });
    expect(heard).toEqual(['r1']);
    expect(made.events).toEqual([]);
  });
});

describe('no verification is made', () => {
  it('in shadow, or when the stage does not ask for it', async () => {
    const shadow = bench([{ stage: verified(), mode: 'shadow' }], { body: FRESH });
    await shadow.run(REQUEST);
    const plain = bench([verified([], answered)], { body: FRESH });
    await plain.run(REQUEST);
    await shortly();
    expect(shadow.records).toMatchObject([{ semanticReason: 'would_hit' }]);
    expect(plain.upstream.calls).toHaveLength(0);
    expect(plain.records).toHaveLength(1);
  });

  it('for a caller that left before the answer', async () => {
    const late = async (): Promise<StageOutcome> => {
      await new Promise((resolve) => setTimeout(resolve, 10));
      return toVerify();
    };
    const made = bench([verified([], late)], { body: FRESH });
    made.start(REQUEST).leave();
    await waitFor(() => made.records.length === 1);
    await shortly();
    expect(made.upstream.calls).toHaveLength(0);
    expect(made.records).toMatchObject([{ status: 499 }]);
  });

  it('for a caller that wants a stored answer only (INV-C12)', async () => {
    const made = bench([verified()], { body: FRESH });
    const { head } = await made.run(REQUEST, { cache: { mode: 'only-if-cached', noStore: false } });
    await shortly();
    expect(head?.cacheOutcome).toBe('semantic');
    expect(made.upstream.calls).toHaveLength(0);
  });

  it('beyond as many as may run, until one of them ended (INV-S4)', async () => {
    const made = bench([verified()], { body: FRESH, latencyMs: 25 }, { maxVerifications: 2 });
    for (let i = 0; i < 5; i++) made.start(REQUEST, { requestId: `r${i}` });
    await waitFor(() => made.records.length === 7);
    expect(made.upstream.calls).toHaveLength(2);
    expect(made.events).toMatchObject(
      Array.from({ length: 3 }, () => ({
        level: 'info',
        code: 'verification_skipped',
        details: { stage: 'semantic-cache' },
      })),
    );
    made.start(REQUEST);
    await waitFor(() => made.records.length === 9);
    expect(made.upstream.calls).toHaveLength(3);
    expect(made.events).toHaveLength(3);
  });

  it('that cannot start does not harm the answer, and says so', async () => {
    const made = bench([verified()], undefined, {
      codecFor: (wire) => ({
        ...codecFor(wire),
        renderRequest: () => {
          throw new Error('unwritable');
        },
      }),
    });
    const { error, head } = await made.run(REQUEST);
    expect([error, head?.status]).toEqual([undefined, 200]);
    expect(made.events).toMatchObject([{ level: 'error', code: 'verification_failed' }]);
  });
});

describe('a verification that fails', () => {
  it.each<[string, FakeAnswer, object]>([
    ['is refused', { status: 500, body: { error: {} } }, { status: 500, errorCode: 'upstream_status' }],
    ['reaches nobody', { failure: 'before-head' }, { status: 502, errorCode: 'upstream_closed' }],
  ])('because it %s is settled without an answer and costs nothing', async (_how, answer, record) => {
    const settled: Settled[] = [];
    const made = bench([verified(settled)], answer);
    await made.run(REQUEST);
    await waitFor(() => made.records.length === 2);
    expect(settled[1]?.exchange).toMatchObject({ verifies: 'semantic-cache', usage: { inputTokens: 0 } });
    expect(settled[1]?.exchange.response).toBeUndefined();
    expect(made.records[1]).toMatchObject({
      ...record,
      semanticReason: 'verification',
      costUsd: 0,
      netTokens: 0,
      measurements: [],
    });
  });

  it('in the middle is settled without an answer, and what it used is the overhead', async () => {
    const settled: Settled[] = [];
    const broken = { headers: STREAM_HEADERS, body: streamBody(false), failure: 'after-body' } as const;
    const made = bench([verified(settled)], broken);
    await made.run(STREAM);
    await waitFor(() => made.records.length === 2);
    expect(settled[1]?.exchange).toMatchObject({ verifies: 'semantic-cache', status: 200 });
    expect(settled[1]?.exchange.response).toBeUndefined();
    const { usage, netTokens } = made.records[1] ?? {};
    expect(usage?.outputTokens).toBe(4);
    expect(netTokens).toBe(-((usage?.inputTokens ?? 0) + 4));
  });

  it('because the runner closes is aborted, settled and recorded, and no other begins', async () => {
    const settled: Settled[] = [];
    const made = bench([verified(settled)], { failure: 'hang' });
    await made.run(REQUEST);
    await waitFor(() => made.upstream.calls.length === 1);
    made.runner.close();
    await waitFor(() => made.records.length === 2);
    expect(made.upstream.calls[0]?.wasAborted).toBe(true);
    expect(settled[1]?.exchange).toMatchObject({ verifies: 'semantic-cache', wasAborted: true });
    expect(settled[1]?.exchange.response).toBeUndefined();
    expect(made.records[1]).toMatchObject({ status: 499, semanticReason: 'verification' });
    expect((await made.run(REQUEST)).head?.cacheOutcome).toBe('semantic');
    await shortly();
    expect(made.upstream.calls).toHaveLength(1);
    expect(made.records).toHaveLength(3);
  });
});

describe('the exact cache', () => {
  const exact = () =>
    createExactCache({
      store: createSqliteCacheStore({ path: ':memory:', onEvent: () => {} }),
      codecs: {
        'openai-chat': openaiChat,
        'openai-responses': openaiResponses,
        'anthropic-messages': anthropicMessages,
      },
      onEvent: () => {},
    });
  const plain = codecFor('openai-chat').parseRequest(
    Buffer.from(JSON.stringify({ model: 'gpt-4o', messages: [{ role: 'user', content: 'What is new?' }] })),
  );

  it("keeps what the provider says in a verification under the request's own key, and once", async () => {
    const cache = exact();
    const made = bench([createExactCacheStage(cache), verified()], { body: FRESH });
    const first = await made.run(plain);
    expect(JSON.parse(first.body.toString())).toEqual(ANSWER);
    await waitFor(() => made.records.length === 2);
    const second = await made.run(plain);
    expect(second.head?.cacheOutcome).toBe('hit');
    expect(JSON.parse(second.body.toString())).toEqual(FRESH);
    expect(made.upstream.calls).toHaveLength(1);
    expect((await cache.stats()).totalEntries).toBe(1);
    await cache.close();
  });

  it.each<[string, FakeAnswer, Partial<RequestScope>]>([
    ['was refused', { status: 500, body: { error: {} } }, {}],
    ['was for a caller that forbids it', { body: FRESH }, { cache: { mode: 'default', noStore: true } }],
  ])('keeps nothing of a verification that %s (INV-C4)', async (_why, answer, scope) => {
    const cache = exact();
    const made = bench([createExactCacheStage(cache), verified()], answer);
    await made.run(plain, scope);
    await waitFor(() => made.records.length === 2);
    expect((await cache.stats()).totalEntries).toBe(0);
    await cache.close();
  });
});
