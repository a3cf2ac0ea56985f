import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type {
  Basis,
  LedgerQuery,
  LedgerStore,
  LedgerSums,
  Measurement,
  ModelSums,
  StageSums,
  UsageRecord,
} from '../../contract/index.ts';

const MINUTE = 60_000;
const HOUR = 3_600_000;
const DAY = 86_400_000;
/** A whole day in UTC. */
const START = Date.UTC(2026, 10, 16);

/** A plain record at `START`, with what a test cares about. */
export function usageRecord(id: string, more: Partial<UsageRecord> = {}): UsageRecord {
  return {
    id,
    time: START,
    tenant: 'acme',
    session: null,
    wire: 'openai-chat',
    provider: 'openai',
    model: 'gpt-4o',
    isStream: false,
    status: 200,
    errorCode: null,
    cacheOutcome: 'miss',
    usage: {
      inputTokens: 100,
      outputTokens: 10,
      cacheReadTokens: 0,
      cacheWriteTokens: 0,
      cacheWrite1hTokens: 0,
      reasoningTokens: 0,
    },
    usageBasis: 'reported',
    costUsd: 0.25,
    netTokens: 0,
    netCostUsd: 0,
    latencyMs: 1000,
    firstTokenMs: 200,
    tags: {},
    measurements: [],
    ...more,
  };
}

/**
 * Checks a ledger store against its contract.
 *
 * @param create makes an empty store whose clock reads `now`
 */
export function ledgerStoreConformance(
  name: string,
  create: (now: () => number) => LedgerStore | Promise<LedgerStore>,
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
    foldProperty(create);
  });
}

const ALL: LedgerQuery = { from: START - DAY, to: START + 3 * DAY };

function sumsCases(store: () => LedgerStore): void {
  it('has no sums and no records when nothing was appended', async () => {
    expect(await store().sums(ALL)).toEqual({ models: [], stages: [], bypassReasons: [], errorCodes: [] });
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
    expect(sums.errorCodes).toEqual([{ code: 'upstream_failed', requests: 1 }]);
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

const BASES: readonly Basis[] = ['reported', 'exact', 'calibrated', 'estimated'];

const anyMeasurement: fc.Arbitrary<Measurement> = fc.record({
  stage: fc.constantFrom('exact-cache', 'tool-selection', 'context'),
  mode: fc.constantFrom('on', 'shadow'),
  tokensBefore: fc.constantFrom(0, 10, 20, 30),
  tokensAfter: fc.constantFrom(0, 10, 20, 30),
  overhead: fc.nat(3),
  basis: fc.constantFrom(...BASES),
  netCostUsd: fc.option(fc.double({ min: -1, max: 1, noNaN: true })),
});

const anyRecord: fc.Arbitrary<UsageRecord> = fc.record({
  id: fc.uuid(),
  time: fc.integer({ min: START - HOUR, max: START + 2 * DAY }),
  tenant: fc.constantFrom('a', 'b'),
  session: fc.option(fc.constantFrom('s1', 's2')),
  wire: fc.constantFrom('openai-chat', 'anthropic-messages', null),
  provider: fc.constantFrom('openai', 'anthropic'),
  model: fc.constantFrom('m1', 'm2', 'm3'),
  isStream: fc.boolean(),
  status: fc.constantFrom(200, 200, 201, 302, 400, 429, 499, 500, 0),
  errorCode: fc.constantFrom(null, null, 'broken', 'aborted'),
  cacheOutcome: fc.constantFrom('hit', 'semantic', 'miss', 'stale', 'bypassed'),
  cacheReason: fc.constantFrom('off', 'agent_turn', 'not_eligible'),
  usage: fc.record({
    inputTokens: fc.nat(1e6),
    outputTokens: fc.nat(1e5),
    cacheReadTokens: fc.nat(1e5),
    cacheWriteTokens: fc.nat(1e5),
    cacheWrite1hTokens: fc.nat(1e5),
    reasoningTokens: fc.nat(1e5),
  }),
  usageBasis: fc.constantFrom(...BASES),
  costUsd: fc.option(fc.double({ min: 0, max: 5, noNaN: true })),
  netTokens: fc.integer({ min: -1e5, max: 1e5 }),
  netCostUsd: fc.option(fc.double({ min: -1, max: 1, noNaN: true })),
  latencyMs: fc.nat(60_000),
  firstTokenMs: fc.option(fc.nat(10_000)),
  tags: fc.constantFrom({}, { team: 'x' }),
  measurements: fc.array(anyMeasurement, { maxLength: 3 }),
});

function foldProperty(create: (now: () => number) => LedgerStore | Promise<LedgerStore>): void {
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
      { numRuns: 40 },
    );
  });
}

/** Equal up to the rounding of sums in another order. */
function expectSums(actual: LedgerSums, expected: Map<string, Map<string, number>>): void {
  const flat = new Map<string, Map<string, number>>();
  for (const { model, provider, ...sums } of actual.models) flat.set(`${provider} ${model}`, numbersOf(sums));
  for (const { stage, mode, ...sums } of actual.stages) flat.set(`${stage} ${mode}`, numbersOf(sums));
  for (const { reason, requests } of actual.bypassReasons)
    flat.set(`reason ${reason}`, new Map([['requests', requests]]));
  for (const { code, requests } of actual.errorCodes)
    flat.set(`error ${code}`, new Map([['requests', requests]]));
  expect([...flat.keys()].toSorted()).toEqual([...expected.keys()].toSorted());
  for (const [key, sums] of expected) {
    const found = flat.get(key);
    for (const [field, value] of sums) {
      expect(found?.get(field) ?? 0, `${key} ${field}`).toBeCloseTo(value, 6);
    }
    for (const [field, value] of found ?? [])
      if (!sums.has(field)) expect(value, `${key} ${field}`).toBeCloseTo(0, 6);
  }
}

function numbersOf(sums: object, prefix = ''): Map<string, number> {
  const numbers = new Map<string, number>();
  for (const [name, value] of Object.entries(sums)) {
    if (typeof value === 'number') numbers.set(prefix + name, value);
    else for (const [inner, number] of numbersOf(value as object, `${name}.`)) numbers.set(inner, number);
  }
  return numbers;
}

/** The obvious way: look at every record, add what it says. Written apart from every driver. */
function foldOf(records: readonly UsageRecord[], query: LedgerQuery): Map<string, Map<string, number>> {
  const from = Math.floor(query.from / MINUTE) * MINUTE;
  const to = Math.ceil(query.to / MINUTE) * MINUTE;
  const result = new Map<string, Map<string, number>>();
  const add = (key: string, field: string, value: number | boolean): void => {
    const sums = result.get(key) ?? new Map<string, number>();
    sums.set(field, (sums.get(field) ?? 0) + Number(value));
    result.set(key, sums);
  };
  for (const record of records) {
    if (record.time < from || record.time >= to) continue;
    if (query.tenant !== undefined && record.tenant !== query.tenant) continue;
    foldRecord(record, (field, value) => add(`${record.provider} ${record.model}`, field, value));
    for (const m of record.measurements) {
      const key = `${m.stage} ${m.mode}`;
      add(key, 'requests', 1);
      add(key, 'tokensBefore', m.tokensBefore);
      add(key, 'tokensAfter', m.tokensAfter);
      add(key, 'overheadTokens', m.overhead);
      add(key, `tokensByBasis.${m.basis}`, m.tokensBefore);
      add(key, 'netCostUsd', m.netCostUsd ?? 0);
      add(key, 'unknownCostRequests', m.netCostUsd === null);
    }
    if (record.errorCode !== null) add(`error ${record.errorCode}`, 'requests', 1);
    if (record.cacheOutcome === 'bypassed') add(`reason ${record.cacheReason}`, 'requests', 1);
  }
  return result;
}

function foldRecord(record: UsageRecord, add: (field: string, value: number | boolean) => void): void {
  const outcome = record.cacheOutcome;
  const tokens = record.usage.inputTokens + record.usage.outputTokens;
  const isHit = outcome === 'hit' || outcome === 'semantic';
  const isFailure =
    record.status !== 499 && (record.status === 0 || record.status >= 400 || record.errorCode !== null);
  const isAnswered = !isHit && !isFailure && record.status >= 200 && record.status <= 299;
  const isUnpriced = record.netCostUsd === null && record.netTokens !== 0;
  add('requests', 1);
  add('failures', isFailure);
  add('aborted', record.status === 499);
  add('hits', outcome === 'hit');
  add('semanticHits', outcome === 'semantic');
  add('misses', outcome === 'miss' || outcome === 'stale');
  add('stale', outcome === 'stale');
  add('bypassed', outcome === 'bypassed');
  for (const [field, value] of Object.entries(record.usage)) add(`usage.${field}`, Number(value));
  add('costUsd', record.costUsd ?? 0);
  add('unknownCostRequests', record.costUsd === null);
  add('unknownCostTokens', record.costUsd === null ? tokens : 0);
  add('latencyMs', record.latencyMs);
  add('answeredRequests', isAnswered);
  add('answeredLatencyMs', isAnswered ? record.latencyMs : 0);
  add('answeredOutputTokens', isAnswered ? record.usage.outputTokens : 0);
  add('answeredCostUsd', isAnswered ? (record.costUsd ?? 0) : 0);
  add('answeredCostRequests', isAnswered && record.costUsd !== null);
  add('firstTokenMs', record.firstTokenMs ?? 0);
  add('firstTokenRequests', record.firstTokenMs !== null);
  add(`tokensByBasis.${record.usageBasis}`, tokens);
  let before = 0;
  let after = 0;
  let end: number | undefined;
  for (const m of record.measurements.filter(({ mode }) => mode === 'on')) {
    before += m.tokensBefore;
    after += m.tokensAfter;
    if (m.tokensBefore === end) {
      before -= end;
      after -= end;
    }
    end = m.tokensAfter;
    add('overheadTokens', m.overhead);
  }
  add('tokensBefore', before);
  add('tokensAfter', after);
  add('netTokens', record.netTokens);
  add('netTokensSquared', record.netTokens ** 2);
  add('netCostUsd', record.netCostUsd ?? 0);
  add('unknownNetCostRequests', isUnpriced);
  add('hitNetTokens', isHit ? record.netTokens : 0);
  add('hitNetCostUsd', isHit ? (record.netCostUsd ?? 0) : 0);
  add('hitUnknownCostRequests', isHit && isUnpriced);
}

const selection = (mode: Measurement['mode'], netCostUsd: number | null): Measurement => ({
  stage: 'tool-selection',
  mode,
  tokensBefore: 1000,
  tokensAfter: 600,
  overhead: 50,
  basis: 'exact',
  netCostUsd,
});

/** An answer, a hit, a failure, a stream that the caller left, and a bypassed answer of unknown price. */
const HAND_RECORDS: readonly UsageRecord[] = [
  usageRecord('answer', {
    usage: {
      inputTokens: 1000,
      outputTokens: 200,
      cacheReadTokens: 300,
      cacheWriteTokens: 40,
      cacheWrite1hTokens: 5,
      reasoningTokens: 60,
    },
    costUsd: 0.5,
    netTokens: 350,
    netCostUsd: 0.125,
    latencyMs: 2000,
    firstTokenMs: 400,
    measurements: [selection('on', 0.125)],
  }),
  usageRecord('hit', {
    cacheOutcome: 'hit',
    usage: { ...usageRecord('').usage, inputTokens: 0, outputTokens: 0 },
    costUsd: 0,
    netTokens: 1200,
    netCostUsd: 0.5,
    latencyMs: 2,
    firstTokenMs: null,
  }),
  usageRecord('failure', {
    cacheOutcome: 'stale',
    status: 502,
    errorCode: 'upstream_failed',
    usage: { ...usageRecord('').usage, inputTokens: 0, outputTokens: 0 },
    costUsd: 0,
    latencyMs: 50,
    firstTokenMs: null,
  }),
  usageRecord('left', { status: 499, usageBasis: 'estimated', costUsd: 0.25, latencyMs: 500 }),
  usageRecord('unpriced', {
    cacheOutcome: 'bypassed',
    cacheReason: 'agent_turn',
    costUsd: null,
    netTokens: -20,
    netCostUsd: null,
    measurements: [selection('shadow', null)],
  }),
];

const HAND_SUMS: ModelSums = {
  model: 'gpt-4o',
  provider: 'openai',
  requests: 5,
  failures: 1,
  aborted: 1,
  hits: 1,
  semanticHits: 0,
  misses: 3,
  stale: 1,
  bypassed: 1,
  usage: {
    inputTokens: 1200,
    outputTokens: 220,
    cacheReadTokens: 300,
    cacheWriteTokens: 40,
    cacheWrite1hTokens: 5,
    reasoningTokens: 60,
  },
  costUsd: 0.75,
  unknownCostRequests: 1,
  unknownCostTokens: 110,
  latencyMs: 3552,
  answeredRequests: 2,
  answeredLatencyMs: 3000,
  answeredOutputTokens: 210,
  answeredCostUsd: 0.5,
  answeredCostRequests: 1,
  firstTokenMs: 800,
  firstTokenRequests: 3,
  tokensByBasis: { reported: 1310, exact: 0, calibrated: 0, estimated: 110 },
  tokensBefore: 1000,
  tokensAfter: 600,
  overheadTokens: 50,
  netTokens: 1530,
  netTokensSquared: 350 ** 2 + 1200 ** 2 + 20 ** 2,
  netCostUsd: 0.625,
  unknownNetCostRequests: 1,
  hitNetTokens: 1200,
  hitNetCostUsd: 0.5,
  hitUnknownCostRequests: 0,
};

const HAND_STAGES: readonly StageSums[] = [
  {
    stage: 'tool-selection',
    mode: 'on',
    requests: 1,
    tokensBefore: 1000,
    tokensAfter: 600,
    overheadTokens: 50,
    tokensByBasis: { reported: 0, exact: 1000, calibrated: 0, estimated: 0 },
    netCostUsd: 0.125,
    unknownCostRequests: 0,
  },
  {
    stage: 'tool-selection',
    mode: 'shadow',
    requests: 1,
    tokensBefore: 1000,
    tokensAfter: 600,
    overheadTokens: 50,
    tokensByBasis: { reported: 0, exact: 1000, calibrated: 0, estimated: 0 },
    netCostUsd: 0,
    unknownCostRequests: 1,
  },
];
