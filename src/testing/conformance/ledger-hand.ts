import type { Measurement, ModelSums, StageSums, UsageRecord } from '../../contract/index.ts';
import { usageRecord as recordOf } from '../fixtures/usage-record.ts';
import { START } from './ledger-fold.ts';

const usageRecord = (id: string, more: Partial<UsageRecord> = {}): UsageRecord =>
  recordOf(id, { time: START, ...more });

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
export const HAND_RECORDS: readonly UsageRecord[] = [
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
    semanticReason: 'gate_number',
    costUsd: null,
    netTokens: -20,
    netCostUsd: null,
    measurements: [selection('shadow', null)],
  }),
];

/** Their sums, added up by hand. */
export const HAND_SUMS: ModelSums = {
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

/** The sums of their measurements, `on` before `shadow`. */
export const HAND_STAGES: readonly StageSums[] = [
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
