import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CacheStats, Measurement, UsageRecord } from '../contract/index.ts';
import { createSqliteLedgerStore } from '../stores/index.ts';
import { anyRecord } from '../testing/conformance/ledger-fold.ts';
import { usageRecord } from '../testing/fixtures/usage-record.ts';
import { createLedger, type Report, type ReportOptions } from './index.ts';

async function reportOf(records: readonly UsageRecord[], options: ReportOptions = {}): Promise<Report> {
  const onEvent = () => {};
  const ledger = createLedger({ store: createSqliteLedgerStore({ path: ':memory:', onEvent }), onEvent });
  for (const record of records) ledger.append(record);
  const report = await ledger.report({ hours: 24 * 365, ...options });
  await ledger.close();
  return report;
}

const BASE = usageRecord('');

/** `count` records alike. */
function times(count: number, name: string, more: Partial<UsageRecord> = {}): UsageRecord[] {
  return Array.from({ length: count }, (_, i) => usageRecord(`${name}-${i}`, more));
}

function tokens(inputTokens: number, outputTokens: number): UsageRecord['usage'] {
  return { ...BASE.usage, inputTokens, outputTokens };
}

function hit(netTokens: number, netCostUsd: number | null): Partial<UsageRecord> {
  return { cacheOutcome: 'hit', usage: tokens(0, 0), costUsd: 0, netTokens, netCostUsd, latencyMs: 4 };
}

function measured(more: Partial<Measurement>): Measurement {
  return {
    stage: 'tool-selection',
    mode: 'on',
    tokensBefore: 1000,
    tokensAfter: 800,
    overhead: 0,
    basis: 'exact',
    netCostUsd: 0,
    ...more,
  };
}

const codes = (report: Report): string[] => report.recommendations.map((item) => item.code);

describe('the report', () => {
  it('has the sums of SURFACE, computed by hand', async () => {
    const cacheStats = { totalEntries: 17 } as CacheStats;
    const report = await reportOf(
      [
        usageRecord('a', { usage: tokens(1000, 500), costUsd: 0.25, latencyMs: 1000 }),
        usageRecord('b', { usage: tokens(200, 100), costUsd: 0.5, latencyMs: 3000, model: 'claude' }),
        usageRecord('c', hit(1500, 0.25)),
        usageRecord('d', { ...hit(300, null), cacheOutcome: 'semantic', semanticReason: 'semantic_hit' }),
        usageRecord('e', {
          cacheOutcome: 'bypassed',
          cacheReason: 'agent_turn',
          usage: tokens(10, 5),
          costUsd: 0,
        }),
      ],
      { cacheStats },
    );
    expect(report.period_hours).toBe(24 * 365);
    const { by_model: cacheByModel, ...cache } = report.cache;
    expect(cache).toEqual({
      total_entries: 17,
      total_hits: 2,
      hit_rate: 0.5,
      semantic_hits: 1,
      misses: 2,
      bypassed: 1,
      tokens_saved: 1800,
      estimated_cost_saved: 0.25,
      unknown_cost_hits: 1,
      semantic: {
        decisions: [{ reason: 'semantic_hit', requests: 1 }],
        would_hits: 0,
        hits: 1,
        explored: 0,
        verified: 0,
        live: null,
      },
    });
    expect(Object.keys(cacheByModel)).toEqual(['gpt-4o', 'claude']);
    expect(cacheByModel['gpt-4o']?.hit_rate).toBe(2 / 3);
    const { by_model: byModel, ...metrics } = report.metrics;
    expect(metrics).toMatchObject({
      total_requests: 5,
      failed_requests: 0,
      total_tokens: 1815,
      input_tokens: 1210,
      output_tokens: 605,
      total_cost: 0.75,
      unknown_cost_requests: 0,
      unknown_cost_share: 0,
      avg_latency_ms: (1000 + 3000 + 4 + 4 + 1000) / 5,
      cache_hit_rate: 2 / 5,
    });
    expect(byModel['claude']).toMatchObject({ total_requests: 1, total_cost: 0.5, avg_latency_ms: 3000 });
  });

  it('says what the semantic cache decided, the most first, and verifying as a cost (INV-U4)', async () => {
    const decided = (semanticReason: UsageRecord['semanticReason']): Partial<UsageRecord> => ({
      semanticReason,
    });
    const { cache, savings, metrics } = await reportOf([
      ...times(2, 'n', decided('gate_number')),
      ...times(3, 'w', decided('would_hit')),
      ...times(2, 'a', decided('gate_antonym')),
      ...times(1, 'e', decided('explored')),
      ...times(2, 'h', { ...hit(300, 0.25), cacheOutcome: 'semantic', semanticReason: 'semantic_hit' }),
      ...times(1, 'v', {
        cacheOutcome: 'bypassed',
        semanticReason: 'verification',
        netTokens: -110,
        netCostUsd: -0.125,
        costUsd: 0.125,
        measurements: [
          measured({
            stage: 'semantic-cache',
            tokensBefore: 0,
            tokensAfter: 0,
            overhead: 110,
            netCostUsd: -0.125,
          }),
        ],
      }),
    ]);
    expect(cache.semantic).toEqual({
      decisions: [
        { reason: 'would_hit', requests: 3 },
        { reason: 'gate_antonym', requests: 2 },
        { reason: 'gate_number', requests: 2 },
        { reason: 'semantic_hit', requests: 2 },
        { reason: 'explored', requests: 1 },
        { reason: 'verification', requests: 1 },
      ],
      would_hits: 3,
      hits: 2,
      explored: 1,
      verified: 1,
      live: null,
    });
    expect(cache).toMatchObject({
      semantic_hits: 2,
      bypassed: 1,
      tokens_saved: 600,
      estimated_cost_saved: 0.5,
    });
    expect(savings).toMatchObject({ net_tokens: 490, net_cost: 0.375, overhead_tokens: 110 });
    expect(savings.by_stage['semantic-cache']).toMatchObject({ net_tokens: -110, net_cost: -0.125 });
    expect(metrics.total_requests).toBe(11);
  });

  it('has rates of 0, no interval and no number that is not one when there is nothing', async () => {
    const report = await reportOf([]);
    expect([report.cache.hit_rate, report.metrics.cache_hit_rate, report.metrics.avg_latency_ms]).toEqual([
      0, 0, 0,
    ]);
    expect(report.savings).toMatchObject({ net_tokens: 0, ci95: null, by_stage: {} });
    expect(report.efficiency_rankings).toEqual([]);
    expect(codes(report)).toEqual(['no_traffic']);
    expect(JSON.stringify(report)).not.toMatch(/NaN|Infinity/);
  });

  it('never holds NaN or an infinity, whatever was recorded', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyRecord, { maxLength: 30 }), async (records) => {
        const isSound = (value: unknown): boolean =>
          typeof value === 'number'
            ? Number.isFinite(value)
            : typeof value !== 'object' || value === null || Object.values(value).every(isSound);
        expect(isSound(await reportOf(records))).toBe(true);
      }),
      { numRuns: 30 },
    );
  });

  it('keeps an unknown cost unknown and says what share it is (INV-U2)', async () => {
    const report = await reportOf([
      usageRecord('known', { usage: tokens(60, 40), costUsd: 1 }),
      usageRecord('new', { usage: tokens(200, 100), costUsd: null, model: 'brand-new' }),
    ]);
    expect(report.metrics).toMatchObject({
      total_cost: 1,
      unknown_cost_requests: 1,
      unknown_cost_share: 0.75,
    });
    expect(report.metrics.by_model['brand-new']).toMatchObject({ total_cost: 0, unknown_cost_share: 1 });
    expect(report.efficiency_rankings.at(-1)).toMatchObject({ model: 'brand-new', avg_cost: null });
    const [advice] = report.recommendations;
    expect(advice).toMatchObject({ code: 'unknown_prices', severity: 'warning' });
    expect(advice?.message).toContain('pare models update');
    expect(advice?.evidence).toMatchObject({ tokens: 300, share: 0.75, models: 'brand-new' });
  });

  it('says where tokens come from, in usage and in savings (INV-U3)', async () => {
    const report = await reportOf([
      usageRecord('a', { usage: tokens(60, 40), usageBasis: 'reported', measurements: [measured({})] }),
      usageRecord('b', {
        usage: tokens(200, 100),
        usageBasis: 'estimated',
        measurements: [measured({ basis: 'calibrated', tokensBefore: 500, tokensAfter: 400 })],
      }),
    ]);
    expect(report.metrics.tokens_by_basis).toEqual({
      reported: 100,
      exact: 0,
      calibrated: 0,
      estimated: 300,
    });
    expect(report.savings.tokens_by_basis).toEqual({
      reported: 0,
      exact: 1000,
      calibrated: 500,
      estimated: 0,
    });
  });

  it('claims no saving for what shadow measured, nor tokens twice that passed two stages (INV-U4)', async () => {
    const report = await reportOf([
      usageRecord('a', {
        netTokens: 270,
        netCostUsd: 0.01,
        measurements: [
          measured({ tokensBefore: 1000, tokensAfter: 800, overhead: 30 }),
          measured({ stage: 'context', tokensBefore: 800, tokensAfter: 700 }),
          measured({ stage: 'prompt-compression', mode: 'shadow', tokensBefore: 700, tokensAfter: 100 }),
        ],
      }),
    ]);
    const { by_stage, shadow, ...totals } = report.savings;
    expect(totals).toMatchObject({
      tokens_before: 1000,
      tokens_after: 700,
      overhead_tokens: 30,
      net_tokens: 270,
    });
    expect(Object.keys(by_stage)).toEqual(['context', 'tool-selection']);
    expect(by_stage['tool-selection']).toMatchObject({ net_tokens: 170, overhead_tokens: 30 });
    expect(shadow).toMatchObject({ 'prompt-compression': { net_tokens: 600 } });
  });

  it('shows a loss as a negative net, charged with the overhead (INV-U4)', async () => {
    const report = await reportOf(
      times(20, 'r', {
        netTokens: -50,
        netCostUsd: -0.001,
        measurements: [measured({ tokensAfter: 1000, overhead: 50, netCostUsd: -0.001 })],
      }),
    );
    expect(report.savings.net_tokens).toBe(-1000);
    expect(report.savings.net_cost).toBeCloseTo(-0.02, 10);
    expect(report.savings.by_stage['tool-selection']?.net_tokens).toBe(-1000);
    const [advice] = report.recommendations;
    expect(advice).toMatchObject({ code: 'stage_loses', potential_savings: { tokens: 1000 } });
  });

  it('has the 95% interval of the net tokens by the normal approximation', async () => {
    const nets = [100, 200, 300, 400];
    const report = await reportOf(
      nets.map((netTokens, i) => usageRecord(`r${i}`, { netTokens, netCostUsd: 0 })),
    );
    // Mean 250, sample deviation 129.0994..., 1.96 deviations of a sum of four: 506.06.
    const half = 1.959964 * Math.sqrt(4) * Math.sqrt(50_000 / 3);
    expect(report.savings.ci95?.[0]).toBeCloseTo(1000 - half, 2);
    expect(report.savings.ci95?.[1]).toBeCloseTo(1000 + half, 2);
    expect((await reportOf([usageRecord('one')])).savings.ci95).toBeNull();
    expect((await reportOf(times(3, 'same', { netTokens: 5 }))).savings.ci95).toEqual([15, 15]);
  });
});

describe('the rankings', () => {
  it('are by tokens per second and dollar; free first, unknown last, ties by name', async () => {
    const { efficiency_rankings: rankings } = await reportOf([
      usageRecord('a', { model: 'dear', usage: tokens(1, 100), latencyMs: 2000, costUsd: 0.5 }),
      usageRecord('b', { model: 'good', usage: tokens(1, 100), latencyMs: 1000, costUsd: 0.25 }),
      usageRecord('c', { model: 'also-good', usage: tokens(1, 100), latencyMs: 1000, costUsd: 0.25 }),
      usageRecord('d', { model: 'local', usage: tokens(1, 10), latencyMs: 1000, costUsd: 0 }),
      usageRecord('e', { model: 'new', usage: tokens(1, 1000), latencyMs: 1000, costUsd: null }),
      usageRecord('f', { model: 'failed', status: 500, costUsd: 0 }),
    ]);
    expect(rankings).toEqual([
      { model: 'local', tokens_per_second: 10, avg_cost: 0, efficiency_score: null, requests: 1, free: true },
      { model: 'also-good', tokens_per_second: 100, avg_cost: 0.25, efficiency_score: 400, requests: 1 },
      { model: 'good', tokens_per_second: 100, avg_cost: 0.25, efficiency_score: 400, requests: 1 },
      { model: 'dear', tokens_per_second: 50, avg_cost: 0.5, efficiency_score: 100, requests: 1 },
      {
        model: 'new',
        tokens_per_second: 1000,
        avg_cost: null,
        efficiency_score: null,
        requests: 1,
        cost_unknown: true,
      },
    ]);
  });

  it('do not take hits for speed or for low cost', async () => {
    const { efficiency_rankings: rankings } = await reportOf([
      usageRecord('a', { usage: tokens(1, 100), latencyMs: 1000, costUsd: 0.5 }),
      ...times(9, 'hit', hit(100, 0.5)),
    ]);
    expect(rankings).toEqual([
      { model: 'gpt-4o', tokens_per_second: 100, avg_cost: 0.5, efficiency_score: 200, requests: 1 },
    ]);
  });

  it('do not call a model free when some of its answers have no known cost (INV-U2)', async () => {
    const { efficiency_rankings: rankings } = await reportOf([
      usageRecord('a', { costUsd: 0 }),
      usageRecord('b', { costUsd: null }),
    ]);
    expect(rankings[0]).toMatchObject({ cost_unknown: true, avg_cost: null });
  });
});

describe('the recommendations', () => {
  it('are none when nothing is wrong', async () => {
    expect(codes(await reportOf([...times(40, 'a'), ...times(40, 'b', hit(110, 0.25))]))).toEqual([]);
  });

  it.each<[string, readonly UsageRecord[]]>([
    ['many_failures', [...times(18, 'ok'), ...times(2, 'bad', { status: 503, errorCode: 'overloaded' })]],
    ['cache_off', times(20, 'r', { cacheOutcome: 'bypassed', cacheReason: 'off' })],
    ['cache_bypassed', times(20, 'r', { cacheOutcome: 'bypassed', cacheReason: 'agent_turn' })],
    ['entries_expire', times(20, 'r', { cacheOutcome: 'stale' })],
    ['low_hit_rate', times(100, 'r')],
    ['few_prompt_cache_reads', [...times(20, 'r', { usage: tokens(5000, 10) })]],
    ['output_dominates', times(20, 'r', { usage: tokens(100, 600) })],
    ['reasoning_dominates', times(20, 'r', { usage: { ...tokens(100, 600), reasoningTokens: 400 } })],
    [
      'slow_model',
      [
        ...times(20, 'slow', { model: 'slow', latencyMs: 20_000, usage: tokens(500, 100) }),
        ...times(20, 'fast', { latencyMs: 1000, usage: tokens(500, 100) }),
      ],
    ],
    [
      'cheaper_model',
      [
        ...times(20, 'a', { model: 'dear', costUsd: 1 }),
        ...times(20, 'b', { model: 'cheap', costUsd: 0.25 }),
      ],
    ],
    [
      'stage_worth_trying',
      times(20, 'r', {
        measurements: [measured({ stage: 'semantic-cache', mode: 'shadow', tokensAfter: 0 })],
      }),
    ],
  ])('name %s, with evidence', async (code, records) => {
    const report = await reportOf(records);
    expect(codes(report)).toContain(code);
    const item = report.recommendations.find((one) => one.code === code);
    expect(Object.keys(item?.evidence ?? {}).length).toBeGreaterThan(1);
  });

  it('compare models only on requests of similar size, and compute what it may save', async () => {
    const dear = times(20, 'a', { model: 'dear', costUsd: 1 });
    const similar = await reportOf([...dear, ...times(20, 'b', { model: 'cheap', costUsd: 0.25 })]);
    expect(similar.recommendations[0]?.potential_savings).toEqual({ cost: 15 });
    const small = times(20, 'b', { model: 'cheap', costUsd: 0.25, usage: tokens(10, 1) });
    expect(codes(await reportOf([...dear, ...small]))).not.toContain('cheaper_model');
  });

  it('put the gravest first', async () => {
    const report = await reportOf([
      ...times(20, 'a', { cacheOutcome: 'stale' }),
      ...times(20, 'b', { status: 500, errorCode: 'upstream_failed' }),
    ]);
    expect(report.recommendations.map((item) => item.severity)).toEqual(['critical', 'info']);
    expect(report.recommendations[0]?.message).toContain('upstream_failed (20)');
  });
});
