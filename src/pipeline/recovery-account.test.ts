import { describe, expect, it } from 'vitest';
import { createExactCache, createExactCacheStage } from '../cache/exact.ts';
import type { ChatRequest, Exchange, RequestTokens, Stage } from '../contract/index.ts';
import { createSqliteCacheStore } from '../stores/index.ts';
import {
  bodyOf,
  cutAfter,
  firstToolOnly,
  recoverMissing,
  recoverUseless,
  requestOf,
  streamedOf,
  streamOf,
} from '../testing/fixtures/recovery.ts';
import { bench, counter, STREAM_HEADERS, stage, waitFor } from '../testing/fixtures/runner-bench.ts';
import type { FakeAnswer } from '../testing/index.ts';
import { codecFor } from '../wire/index.ts';

const WIRE = 'openai-chat';
const REQUEST = requestOf(WIRE);
const MISSED: FakeAnswer = { body: bodyOf(WIRE, { calls: ['weather'] }) };
const RIGHT: FakeAnswer = {
  body: {
    ...bodyOf(WIRE, { text: 'It rains.' }),
    usage: { prompt_tokens: 700, completion_tokens: 5, total_tokens: 705 },
  },
};
const FIRST_COST = (100 * 2.5 + 20 * 10) / 1e6;
const SECOND_COST = (700 * 2.5 + 5 * 10) / 1e6;

const inTurn =
  (...answers: readonly FakeAnswer[]) =>
  (index: number): FakeAnswer =>
    answers[index] as FakeAnswer;
const tokensOf = (request: ChatRequest): number => (counter.countRequest(request) as RequestTokens).tokens;
const selecting = (more: Partial<Stage> = {}): Stage => firstToolOnly(recoverMissing, more);
const sentFirst = (request: ChatRequest): ChatRequest => ({ ...request, tools: request.tools.slice(0, 1) });

describe('the bill of a recovered request (INV-U4)', () => {
  it('is two rows: the first answer is all overhead of the stage, and the second spared nothing', async () => {
    const made = bench([selecting()], inTurn(MISSED, RIGHT));
    const { head } = await made.run(REQUEST, {
      requestId: 'r1',
      tenant: 't1',
      session: 's1',
      tags: { team: 'a' },
    });
    expect(head).toMatchObject({ tokensBefore: tokensOf(REQUEST), tokensAfter: tokensOf(REQUEST) });
    const shared = { tenant: 't1', session: 's1', tags: { team: 'a' }, cacheOutcome: 'bypassed' };
    expect(made.records).toMatchObject([
      {
        ...shared,
        id: 'r1-first',
        status: 200,
        errorCode: null,
        usage: { inputTokens: 100, outputTokens: 20 },
        usageBasis: 'reported',
        costUsd: expect.closeTo(FIRST_COST, 12),
        netTokens: -120,
        netCostUsd: expect.closeTo(-FIRST_COST, 12),
        firstTokenMs: null,
        measurements: [
          {
            stage: 'tool-selection',
            mode: 'on',
            tokensBefore: 0,
            tokensAfter: 0,
            overhead: 120,
            basis: 'reported',
            netCostUsd: expect.closeTo(-FIRST_COST, 12),
          },
        ],
      },
      {
        ...shared,
        id: 'r1',
        status: 200,
        usage: { inputTokens: 700, outputTokens: 5 },
        usageBasis: 'reported',
        costUsd: expect.closeTo(SECOND_COST, 12),
        netTokens: 0,
        netCostUsd: 0,
        measurements: [
          {
            stage: 'tool-selection',
            mode: 'on',
            tokensBefore: tokensOf(REQUEST),
            tokensAfter: tokensOf(REQUEST),
            overhead: 0,
          },
        ],
      },
    ]);
    // Both answers teach the counter, each with the request that it answers.
    expect(made.learned).toMatchObject([
      {
        reportedTokens: 100,
        rawTokens: (counter.countRequest(sentFirst(REQUEST)) as RequestTokens).rawTokens,
      },
      { reportedTokens: 700, rawTokens: (counter.countRequest(REQUEST) as RequestTokens).rawTokens },
    ]);
  });

  it('keeps what the stage spent, and what a retry with fewer tools still spares', async () => {
    const made = bench(
      [
        firstToolOnly(
          ({ request, sent }) => ({
            kind: 'retry',
            request: { ...sent, tools: request.tools.slice(0, 2) },
            reason: 'unsent_tool',
          }),
          {
            prepare: (request) => ({
              kind: 'rewritten',
              request: sentFirst(request),
              receipt: { overheadTokens: 3 },
            }),
          },
        ),
      ],
      inTurn(MISSED, RIGHT),
    );
    const { head } = await made.run(REQUEST);
    const after = tokensOf({ ...REQUEST, tools: REQUEST.tools.slice(0, 2) });
    const spared = tokensOf(REQUEST) - after - 3;
    expect(head).toMatchObject({ tokensBefore: tokensOf(REQUEST), tokensAfter: after });
    expect(made.records[1]).toMatchObject({
      netTokens: spared,
      measurements: [{ tokensBefore: tokensOf(REQUEST), tokensAfter: after, overhead: 3 }],
    });
    expect(spared).toBeGreaterThan(0);
  });

  it('joins what later stages spared to what is sent now', async () => {
    const shorter = stage('prompt-compression', {
      rewrites: ['live'],
      prepare: (request) => {
        const [message] = request.messages;
        const [part] = message?.parts ?? [];
        if (message === undefined || part?.kind !== 'text') throw new Error('unexpected request');
        const short = { ...message, parts: [{ ...part, text: 'Weather in Oslo?' }] };
        return { kind: 'rewritten', request: { ...request, messages: [short] }, receipt: {} };
      },
    });
    const made = bench([selecting(), shorter], inTurn(MISSED, RIGHT));
    const { head } = await made.run(REQUEST);
    const [selection, compression] = made.records[1]?.measurements ?? [];
    expect(selection?.tokensAfter).toBe(tokensOf(REQUEST));
    expect(compression?.tokensBefore).toBe(tokensOf(REQUEST));
    expect(compression?.tokensAfter).toBe(head?.tokensAfter);
    expect(compression?.tokensAfter).toBeLessThan(tokensOf(REQUEST));
    expect(head?.tokensBefore).toBe(tokensOf(REQUEST));
    expect(made.upstream.calls[1]?.text).toContain('"weather"');
    expect(made.upstream.calls[1]?.text).toContain('Weather in Oslo?');
  });

  it('of a stream that was cut off is counted up to there, and is no failure', async () => {
    const request = streamedOf(WIRE);
    const begun = cutAfter(streamOf(WIRE, { calls: ['weather'] }), 'Oslo');
    const made = bench(
      [selecting()],
      inTurn(
        { headers: STREAM_HEADERS, body: begun, failure: 'hang' },
        { headers: STREAM_HEADERS, body: streamOf(WIRE, { text: 'It rains.' }) },
      ),
    );
    await made.run(request);
    const [first, second] = made.records;
    expect(first).toMatchObject({ id: 'r-first', status: 499, errorCode: 'answer_discarded' });
    expect(first?.usage.inputTokens).toBe(tokensOf(sentFirst(request)));
    expect(first?.usage.outputTokens).toBeGreaterThan(0);
    expect(first?.usageBasis).not.toBe('reported');
    expect(first?.costUsd).toBeGreaterThan(0);
    expect(first?.netTokens).toBe(-((first?.usage.inputTokens ?? 0) + (first?.usage.outputTokens ?? 0)));
    expect(second).toMatchObject({ id: 'r', status: 200, errorCode: null, usageBasis: 'reported' });
    expect(second?.firstTokenMs).not.toBeNull();
  });

  it('holds the first answer though the second was refused', async () => {
    const made = bench(
      [selecting({ recover: recoverUseless })],
      inTurn(MISSED, { status: 429, body: { error: {} } }),
    );
    await made.run(REQUEST);
    expect(made.records).toMatchObject([
      { id: 'r-first', netTokens: -120, costUsd: expect.closeTo(FIRST_COST, 12) },
      { id: 'r', status: 429, costUsd: 0, netTokens: 0, measurements: [] },
    ]);
  });

  it('of a model without a price is unknown, not 0 (INV-U2)', async () => {
    const made = bench([selecting()], inTurn(MISSED, RIGHT));
    await made.run(requestOf(WIRE, { model: 'nobody-knows-it' }));
    expect(made.records).toMatchObject([
      { costUsd: null, netTokens: -120, netCostUsd: null },
      { costUsd: null, netTokens: 0 },
    ]);
  });

  it('claims for those who share the call what it would have cost them, and no more', async () => {
    const sharing = stage('exact-cache', {
      prepare: () => ({ kind: 'bypassed', reason: 'miss', shareKey: 'k' }),
    });
    const made = bench([sharing, selecting()], inTurn({ ...MISSED, latencyMs: 10 }, RIGHT));
    await Promise.all([made.run(REQUEST, { requestId: 'a' }), made.run(REQUEST, { requestId: 'b' })]);
    await waitFor(() => made.records.length === 3);
    expect(made.records.map(({ id, netTokens }) => [id, netTokens])).toEqual([
      ['a-first', -120],
      ['a', 0],
      ['b', 705],
    ]);
  });
});

describe('stages settle the answer that was used', () => {
  it('once each, with what the first one took (INV-U4)', async () => {
    const settled: Exchange[] = [];
    const settle = (exchange: Exchange): void => void settled.push(exchange);
    const made = bench([stage('budget', { settle }), selecting({ settle })], inTurn(MISSED, RIGHT));
    await made.run(REQUEST);
    expect(settled).toHaveLength(2);
    expect(settled[0]).toBe(settled[1]);
    const [exchange] = settled;
    expect(exchange).toMatchObject({
      status: 200,
      response: { text: 'It rains.' },
      usage: { inputTokens: 700, outputTokens: 5 },
      costUsd: expect.closeTo(SECOND_COST, 12),
      recovered: {
        by: 'tool-selection',
        reason: 'unsent_tool',
        first: {
          usage: { inputTokens: 100, outputTokens: 20 },
          usageBasis: 'reported',
          costUsd: expect.closeTo(FIRST_COST, 12),
        },
      },
    });
    expect(exchange?.request).toBe(REQUEST);
    expect(exchange?.sent.tools).toBe(REQUEST.tools);
  });

  it('without a word of a retry that came to nothing', async () => {
    const settled: Exchange[] = [];
    const settle = (exchange: Exchange): void => void settled.push(exchange);
    const made = bench([selecting({ settle })], inTurn(MISSED, { failure: 'before-head' }));
    await made.run(REQUEST);
    expect(settled).toHaveLength(1);
    expect(settled[0]?.recovered).toBeUndefined();
    expect(settled[0]).toMatchObject({ status: 200, response: { toolCalls: [{ name: 'weather' }] } });
    expect(settled[0]?.sent.tools).toHaveLength(1);
  });

  it('so that the exact cache keeps it, and never the one that was thrown away (INV-C4)', async () => {
    const cache = createExactCache({
      store: createSqliteCacheStore({ path: ':memory:', onEvent: () => {} }),
      codecs: {
        'openai-chat': codecFor('openai-chat'),
        'openai-responses': codecFor('openai-responses'),
        'anthropic-messages': codecFor('anthropic-messages'),
      },
      onEvent: () => {},
    });
    const request = requestOf(WIRE, { temperature: 0 });
    const made = bench([createExactCacheStage(cache), selecting()], inTurn(MISSED, RIGHT));
    await made.run(request);
    const again = await made.run(request);
    expect(again.head?.cacheOutcome).toBe('hit');
    expect(JSON.parse(again.body.toString())).toEqual(RIGHT.body);
    expect(made.upstream.calls).toHaveLength(2);
    await cache.close();
  });
});
