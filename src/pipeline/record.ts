import {
  type CacheOutcome,
  type Measurement,
  NO_USAGE,
  type RequestScope,
  type UsageRecord,
} from '../contract/index.ts';
import type { RunInput } from './answer.ts';
import { sumOfCosts } from './measure.ts';
import type { RunnerOptions } from './options.ts';
import type { Prepared } from './prepared.ts';
import type { KnownUsage } from './usage-of-answer.ts';

/** Status of a request whose caller left before the end, as proxies log it. */
export const CLIENT_CLOSED = 499;

/** What a record needs beyond the request. */
export interface RecordFacts {
  readonly status: number;
  readonly errorCode: string | null;
  readonly cacheOutcome: CacheOutcome;
  /** Why the exact cache did not answer, when it looked. */
  readonly cacheReason: Prepared['cacheReason'];
  /** What the semantic cache decided, when it was asked. */
  readonly semanticReason: Prepared['semanticReason'];
  readonly used: KnownUsage;
  readonly costUsd: number | null;
  readonly firstTokenAt: number | null;
  readonly endedAt: number;
  readonly hasLeft: boolean;
  readonly measurements: readonly Measurement[];
}

/** The ledger's row of one exchange. */
export function toRecord(input: RunInput, facts: RecordFacts): UsageRecord {
  const { scope, request } = input;
  const net = sumOfNet(facts.measurements);
  return {
    id: scope.requestId,
    time: scope.startedAt,
    tenant: scope.tenant,
    session: scope.session,
    wire: request.wire,
    provider: input.upstream.name,
    model: request.model,
    isStream: request.isStream,
    status: facts.hasLeft ? CLIENT_CLOSED : facts.status,
    errorCode: facts.errorCode,
    cacheOutcome: facts.cacheOutcome,
    cacheReason: facts.cacheOutcome === 'bypassed' ? facts.cacheReason : undefined,
    semanticReason: facts.semanticReason,
    usage: facts.used.usage,
    usageBasis: facts.used.basis,
    costUsd: facts.costUsd,
    netTokens: net.tokens,
    netCostUsd: net.costUsd,
    latencyMs: facts.endedAt - scope.startedAt,
    firstTokenMs: sinceStart(scope, facts.firstTokenAt),
    tags: scope.tags,
    measurements: facts.measurements,
  };
}

function sinceStart(scope: RequestScope, at: number | null): number | null {
  return at === null ? null : at - scope.startedAt;
}

/** Only what was really done counts; shadow measurements are recorded but save nothing. */
function sumOfNet(measurements: readonly Measurement[]): { tokens: number; costUsd: number | null } {
  let tokens = 0;
  let costUsd: number | null = 0;
  for (const measurement of measurements) {
    if (measurement.mode !== 'on') continue;
    tokens += measurement.tokensBefore - measurement.tokensAfter - measurement.overhead;
    costUsd = sumOfCosts(costUsd, measurement.netCostUsd);
  }
  return { tokens, costUsd };
}

/** Hands a record to the ledger and to whoever waits for this one. */
export function publish(options: Pick<RunnerOptions, 'record'>, input: RunInput, record: UsageRecord): void {
  options.record(record);
  input.onRecord?.(record);
}

/** Hit, miss, stale or bypassed, from what the stages said. */
export function cacheOutcomeOf(prepared: Prepared): CacheOutcome {
  if (prepared.answer?.by === 'exact-cache') return 'hit';
  if (prepared.answer?.by === 'semantic-cache') return 'semantic';
  if (prepared.cacheReason === 'miss' || prepared.cacheReason === 'stale') return prepared.cacheReason;
  return 'bypassed';
}

/** A usage of nothing, billed by nobody: a stored or shared answer. */
export const FREE: KnownUsage = { usage: NO_USAGE, basis: 'reported', isKnown: true };
