import * as fc from 'fast-check';
import { expect } from 'vitest';
import {
  type Basis,
  type LedgerQuery,
  type LedgerSums,
  type Measurement,
  OWN_WORK,
  type UsageRecord,
} from '../../contract/index.ts';

const MINUTE = 60_000;
const HOUR = 3_600_000;
const DAY = 86_400_000;

/** The start of a day (UTC), recent enough for stores on the real clock to keep its minutes. */
export const START: number = Math.floor(Date.now() / DAY) * DAY - 4 * DAY;

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

/** Any record that a gateway may write, at one of a few tenants, providers and models. */
export const anyRecord: fc.Arbitrary<UsageRecord> = fc.record({
  id: fc.uuid(),
  time: fc.integer({ min: START - HOUR, max: START + 2 * DAY }),
  tenant: fc.constantFrom('a', 'b'),
  session: fc.option(fc.constantFrom('s1', 's2')),
  wire: fc.constantFrom('openai-chat', 'anthropic-messages', null),
  provider: fc.constantFrom('openai', 'anthropic', OWN_WORK),
  model: fc.constantFrom('m1', 'm2', 'm3'),
  isStream: fc.boolean(),
  status: fc.constantFrom(200, 200, 201, 302, 400, 429, 499, 500, 0),
  errorCode: fc.constantFrom(null, null, 'broken', 'aborted'),
  cacheOutcome: fc.constantFrom('hit', 'semantic', 'miss', 'stale', 'bypassed'),
  cacheReason: fc.constantFrom('off', 'agent_turn', 'not_eligible'),
  semanticReason: fc.constantFrom(undefined, 'off', 'gate_negation', 'would_hit', 'verification'),
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

/** Expects sums to equal a fold, up to the rounding of sums in another order. */
export function expectSums(actual: LedgerSums, expected: Map<string, Map<string, number>>): void {
  const flat = new Map<string, Map<string, number>>();
  for (const { model, provider, ...sums } of actual.models) flat.set(`${provider} ${model}`, numbersOf(sums));
  for (const { stage, mode, ...sums } of actual.stages) flat.set(`${stage} ${mode}`, numbersOf(sums));
  for (const { reason, requests } of actual.bypassReasons)
    flat.set(`reason ${reason}`, new Map([['requests', requests]]));
  for (const { reason, requests } of actual.semanticReasons)
    flat.set(`semantic ${reason}`, new Map([['requests', requests]]));
  for (const { code, requests } of actual.errorCodes)
    flat.set(`error ${code}`, new Map([['requests', requests]]));
  expect([...flat.keys()].toSorted()).toEqual([...expected.keys()].toSorted());
  for (const [key, sums] of expected) {
    const found = flat.get(key) ?? new Map<string, number>();
    for (const field of new Set([...sums.keys(), ...found.keys()])) {
      expect(found.get(field) ?? 0, `${key} ${field}`).toBeCloseTo(sums.get(field) ?? 0, 6);
    }
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
export function foldOf(
  records: readonly UsageRecord[],
  query: LedgerQuery,
): Map<string, Map<string, number>> {
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
    if (record.provider === OWN_WORK) continue;
    foldRecord(record, (field, value) => add(`${record.provider} ${record.model}`, field, value));
    if (record.errorCode !== null) add(`error ${record.errorCode}`, 'requests', 1);
    if (record.cacheOutcome === 'bypassed') add(`reason ${record.cacheReason}`, 'requests', 1);
    if (record.semanticReason !== undefined) add(`semantic ${record.semanticReason}`, 'requests', 1);
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
    add('overheadTokens', m.overhead);
    if (m.tokensBefore === 0 && m.tokensAfter === 0) continue;
    before += m.tokensBefore;
    after += m.tokensAfter;
    if (m.tokensBefore === end) {
      before -= end;
      after -= end;
    }
    end = m.tokensAfter;
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
