import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LedgerQuery, LedgerStore, Measurement, UsageRecord } from '../../contract/index.ts';
import { usageRecord as recordOf } from '../fixtures/usage-record.ts';
import { anyRecord, expectSums, foldOf, START } from './ledger-fold.ts';
import { HAND_RECORDS, HAND_STAGES, HAND_SUMS } from './ledger-hand.ts';
import { EVERY_REASON } from './ledger-reasons.ts';

const MINUTE = 60_000;
const HOUR = 3_600_000;
const DAY = 86_400_000;

const usageRecord = (id: string, more: Partial<UsageRecord> = {}): UsageRecord =>
  recordOf(id, { time: START, ...more });

/**
 * Checks a ledger store against its contract.
 *
 * @param create makes an empty store whose clock reads `now`
 * @param runs of the property test @default 40
 */
export function ledgerStoreConformance(
  name: string,
  create: (now: () => number) => LedgerStore | Promise<LedgerStore>,
  runs = 40,
): void {
  describe(`ledger store: ${name}`, () => {
    let store: LedgerStore;
    beforeEach(async () => {
      store = await create(() => START + 2 * DAY);
    });
    afterEach(async () => {
      await store.close();
    });
    sumsCases(() => store);
    windowCases(() => store);
    recordCases(() => store);
    foldProperty(create, runs);
  });
}

const ALL: LedgerQuery = { from: START - DAY, to: START + 3 * DAY };

function sumsCases(store: () => LedgerStore): void {
  it('has no sums and no records when nothing was appended', async () => {
    expect(await store().sums(ALL)).toEqual({
      models: [],
      stages: [],
      bypassReasons: [],
      semanticReasons: [],
      errorCodes: [],
    });
    expect(await store().records({ ...ALL, limit: 10 })).toEqual([]);
    await store().append([]);
    expect((await store().sums(ALL)).models).toEqual([]);
  });

  it('sums the fields of records as computed by hand', async () => {
    await store().append(HAND_RECORDS);
    const sums = await store().sums(ALL);
    expect(sums.models).toEqual([HAND_SUMS]);
    expect(sums.stages.toSorted((a, b) => a.mode.localeCompare(b.mode))).toEqual(HAND_STAGES);
    expect(sums.bypassReasons).toEqual([{ reason: 'agent_turn', requests: 1 }]);
    expect(sums.semanticReasons).toEqual([{ reason: 'gate_number', requests: 1 }]);
    expect(sums.errorCodes).toEqual([{ code: 'upstream_failed', requests: 1 }]);
  });

  it('counts every reason, of either kind, under its own name', async () => {
    const count = new Map(EVERY_REASON.map((reason, i) => [reason, i + 1]));
    const records = EVERY_REASON.flatMap((reason, i) => [
      usageRecord(`bypassed-${reason}`, { cacheOutcome: 'bypassed', cacheReason: reason }),
      ...Array.from({ length: i + 1 }, (_, n) => usageRecord(`${reason}-${n}`, { semanticReason: reason })),
    ]);
    await store().append(records);
    const { bypassReasons, semanticReasons } = await store().sums(ALL);
    expect(new Map(bypassReasons.map(({ reason, requests }) => [reason, requests]))).toEqual(
      new Map(EVERY_REASON.map((reason) => [reason, 1])),
    );
    expect(new Map(semanticReasons.map(({ reason, requests }) => [reason, requests]))).toEqual(count);
    const read = await store().records({ ...ALL, limit: records.length });
    const byId = new Map(read.map((record) => [record.id, record]));
    expect(records.map(({ id }) => byId.get(id))).toEqual(records);
  });

  it('counts a measurement of nothing but overhead between two stages that follow one another', async () => {
    const measured = (tokensBefore: number, tokensAfter: number, overhead: number): Measurement => ({
      stage: 'context',
      mode: 'on',
      tokensBefore,
      tokensAfter,
      overhead,
      basis: 'exact',
      netCostUsd: 0,
    });
    await store().append([
      usageRecord('a', { measurements: [measured(100, 80, 1), measured(0, 0, 7), measured(80, 50, 0)] }),
    ]);
    const [sums] = (await store().sums(ALL)).models;
    expect(sums).toMatchObject({ tokensBefore: 100, tokensAfter: 50, overheadTokens: 8 });
  });

  it('ignores an id seen before, in the same batch and in a later one, and counts it once', async () => {
    const one = usageRecord('one');
    await store().append([one, one]);
    await store().append([one, usageRecord('two')]);
    expect((await store().sums(ALL)).models.map((model) => model.requests)).toEqual([2]);
    expect(await store().records({ ...ALL, limit: 10 })).toHaveLength(2);
  });

  it('keeps models of one name at two providers apart, and tenants', async () => {
    await store().append([
      usageRecord('a', { provider: 'openai' }),
      usageRecord('b', { provider: 'azure' }),
      usageRecord('c', { provider: 'azure', tenant: 'other' }),
    ]);
    const requests = async (query: LedgerQuery) =>
      Object.fromEntries((await store().sums(query)).models.map((model) => [model.provider, model.requests]));
    expect(await requests(ALL)).toEqual({ openai: 1, azure: 2 });
    expect(await requests({ ...ALL, tenant: 'acme' })).toEqual({ openai: 1, azure: 1 });
    expect(await requests({ ...ALL, tenant: 'nobody' })).toEqual({});
  });

  it('sums what is beyond 32 and 53 bits without an error', async () => {
    const usage = { ...usageRecord('').usage, inputTokens: 2 ** 52 };
    await store().append(
      Array.from({ length: 4 }, (_, i) => usageRecord(`big${i}`, { usage, netTokens: 2 ** 40 })),
    );
    const [sums] = (await store().sums(ALL)).models;
    expect(sums?.usage.inputTokens).toBe(2 ** 54);
    expect(sums?.netTokensSquared).toBe(2 ** 82);
  });

  it('is not harmed by quotes, braces or SQL in names (INV-E4)', async () => {
    const odd = `'; DROP TABLE records; -- "{}[]\\ \u{1f600}`;
    await store().append([usageRecord(odd, { tenant: odd, model: odd, session: odd, tags: { [odd]: odd } })]);
    const [record] = await store().records({ ...ALL, limit: 1, tenant: odd });
    expect([record?.id, record?.tenant, record?.model, record?.session]).toEqual([odd, odd, odd, odd]);
    expect(record?.tags).toEqual({ [odd]: odd });
    expect((await store().sums({ ...ALL, tenant: odd })).models[0]?.model).toBe(odd);
  });
}

function windowCases(store: () => LedgerStore): void {
  it.each([
    ['one minute', START + 12 * HOUR, MINUTE],
    ['one hour', START + 12 * HOUR, HOUR],
    ['one day', START, DAY],
    ['from the middle of a minute to the middle of another', START + 12 * HOUR + 30_000, MINUTE],
    ['across a day, with minutes at both edges', START + 23 * HOUR + 17 * MINUTE, 26 * HOUR + 3 * MINUTE],
  ])('a period of %s includes its first millisecond and excludes its end', async (_, from, length) => {
    const to = from + length;
    const first = Math.floor(from / MINUTE) * MINUTE;
    const end = Math.ceil(to / MINUTE) * MINUTE;
    await store().append(
      [first - 1, first, end - 1, end].map((time, i) => usageRecord(`r${i}`, { time, costUsd: 10 ** i })),
    );
    expect((await store().sums({ from, to })).models.map((model) => model.costUsd)).toEqual([110]);
    const records = await store().records({ from, to, limit: 10 });
    expect(records.map((record) => record.time)).toEqual([end - 1, first]);
  });

  it('an empty or backward period holds nothing, an endless one everything', async () => {
    await store().append([usageRecord('a')]);
    const requests = async (from: number, to: number) =>
      (await store().sums({ from, to })).models.reduce((sum, model) => sum + model.requests, 0);
    expect(await requests(START, START)).toBe(0);
    expect(await requests(START + HOUR, START - HOUR)).toBe(0);
    expect(await requests(-1e15, Number.MAX_SAFE_INTEGER)).toBe(1);
    expect(await requests(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY)).toBe(1);
  });
}

function recordCases(store: () => LedgerStore): void {
  it('gives every field of a record back', async () => {
    const plain = usageRecord('plain');
    const measurement: Measurement = {
      stage: 'tool-selection',
      mode: 'shadow',
      tokensBefore: 1000,
      tokensAfter: 400,
      overhead: 7,
      basis: 'calibrated',
      netCostUsd: null,
    };
    const full = usageRecord('full', {
      time: START + 1,
      session: 's1',
      wire: null,
      isStream: true,
      status: 502,
      errorCode: 'upstream_failed',
      cacheOutcome: 'bypassed',
      cacheReason: 'not_eligible',
      semanticReason: 'below_limit',
      usage: {
        inputTokens: 1,
        outputTokens: 2,
        cacheReadTokens: 3,
        cacheWriteTokens: 4,
        cacheWrite1hTokens: 5,
        reasoningTokens: 6,
      },
      usageBasis: 'estimated',
      costUsd: null,
      netTokens: -7,
      netCostUsd: null,
      latencyMs: 12.345,
      firstTokenMs: null,
      tags: { team: 'a', feature: 'b' },
      measurements: [
        measurement,
        { ...measurement, stage: 'exact-cache', mode: 'on', netCostUsd: -0.000001 },
      ],
    });
    await store().append([plain, full]);
    expect(await store().records({ ...ALL, limit: 10 })).toEqual([full, plain]);
  });

  it('pages newest first without a gap or a repeat, also within one millisecond', async () => {
    const records = Array.from({ length: 100 }, (_, i) =>
      usageRecord(`r${i}`, { time: START + Math.floor(i / 10), tenant: i % 2 === 0 ? 'acme' : 'b' }),
    );
    await store().append(records);
    for (const tenant of [undefined, 'acme']) {
      const seen: UsageRecord[] = [];
      for (;;) {
        const last = seen.at(-1);
        const page = await store().records({
          ...ALL,
          limit: 7,
          ...(tenant === undefined ? {} : { tenant }),
          ...(last === undefined ? {} : { after: { id: last.id, time: last.time } }),
        });
        if (page.length === 0) break;
        expect(page.length).toBeLessThanOrEqual(7);
        seen.push(...page);
      }
      expect(new Set(seen.map((record) => record.id)).size).toBe(seen.length);
      expect(seen.length).toBe(tenant === undefined ? 100 : 50);
      expect(seen.map((record) => record.time)).toEqual(
        seen.map((record) => record.time).toSorted((a, b) => b - a),
      );
    }
  });

  it('keeps many ids of one millisecond apart', async () => {
    const records = Array.from({ length: 3000 }, (_, i) => usageRecord(`id-${i}`));
    await store().append(records);
    await store().append(records);
    expect((await store().sums(ALL)).models[0]?.requests).toBe(3000);
    const read = await store().records({ ...ALL, limit: 5000 });
    expect(new Set(read.map((record) => record.id)).size).toBe(3000);
  });

  it('deletes the records before a time and keeps their sums', async () => {
    await store().append([0, 1, 2].map((i) => usageRecord(`r${i}`, { time: START + i })));
    expect(await store().deleteBefore(START + 2)).toBe(2);
    expect((await store().records({ ...ALL, limit: 10 })).map((record) => record.id)).toEqual(['r2']);
    expect((await store().sums(ALL)).models[0]?.requests).toBe(3);
    expect(await store().deleteBefore(START + 2)).toBe(0);
  });
}

function foldProperty(create: (now: () => number) => LedgerStore | Promise<LedgerStore>, runs: number): void {
  // oxlint-disable-next-line vitest/expect-expect -- `expectSums` does
  it('sums of any period equal a plain fold over its records', async () => {
    const edge = fc.integer({ min: START - 2 * HOUR, max: START + 2 * DAY + HOUR });
    const batches = fc.array(fc.array(anyRecord, { maxLength: 12 }), { maxLength: 5 });
    const tenants = fc.constantFrom(undefined, 'a', 'b');
    await fc.assert(
      fc.asyncProperty(
        batches,
        fc.array(fc.tuple(edge, edge, tenants), { minLength: 1 }),
        async (all, queries) => {
          const store = await create(() => START + 2 * DAY);
          try {
            for (const batch of all) await store.append(batch);
            for (const [one, two, tenant] of queries) {
              const query = {
                from: Math.min(one, two),
                to: Math.max(one, two),
                ...(tenant === undefined ? {} : { tenant }),
              };
              expectSums(await store.sums(query), foldOf(all.flat(), query));
            }
          } finally {
            await store.close();
          }
        },
      ),
      { numRuns: runs },
    );
  });
}
