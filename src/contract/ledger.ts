import type { CacheOutcome } from './cache.ts';
import type { WireFormat } from './chat.ts';
import type { MaybePromise } from './json.ts';
import type { Measurement } from './stage.ts';
import type { Basis, Usage } from './usage.ts';

/** One exchange, as it happened. Append-only. */
export interface UsageRecord {
  readonly id: string;
  /** Epoch milliseconds of the request's arrival. */
  readonly time: number;
  readonly tenant: string;
  readonly session: string | null;
  /** `null` for paths that are not chats (embeddings, other pass-through). */
  readonly wire: WireFormat | null;
  /** The upstream that answered, or would have: its configured name. */
  readonly provider: string;
  readonly model: string;
  readonly isStream: boolean;
  /** HTTP status that the caller saw; 499 when the caller left first. */
  readonly status: number;
  /** Code of the error, when there was one. */
  readonly errorCode: string | null;
  readonly cacheOutcome: CacheOutcome;
  /** What the provider billed for this exchange: all zero for a hit. */
  readonly usage: Usage;
  readonly usageBasis: Basis;
  /** USD; null when unknown. 0 for a hit. */
  readonly costUsd: number | null;
  /** What a hit or a rewrite spared, in tokens, after overhead; negative when it cost more. */
  readonly netTokens: number;
  /** The same in USD; null when unknown. */
  readonly netCostUsd: number | null;
  readonly latencyMs: number;
  /** Milliseconds to the first generated content; null when none came. */
  readonly firstTokenMs: number | null;
  readonly tags: Readonly<Record<string, string>>;
  readonly measurements: readonly Measurement[];
}

/** Restricts a reading to a period and perhaps one tenant. */
export interface LedgerQuery {
  /** Epoch milliseconds, inclusive, rounded down to a whole minute. */
  readonly from: number;
  /** Epoch milliseconds, exclusive; rounded up to a whole minute. */
  readonly to: number;
  readonly tenant?: string;
}

/** Sums over the records of one model. */
export interface ModelSums {
  readonly model: string;
  readonly provider: string;
  readonly requests: number;
  readonly failures: number;
  readonly hits: number;
  readonly semanticHits: number;
  readonly misses: number;
  readonly bypassed: number;
  readonly usage: Usage;
  readonly costUsd: number;
  readonly unknownCostRequests: number;
  readonly latencyMs: number;
  /** Sums over requests that a provider answered: for speed, not for totals. */
  readonly answeredRequests: number;
  readonly answeredLatencyMs: number;
  readonly firstTokenMs: number;
  readonly firstTokenRequests: number;
  /** Tokens by the basis of their record. */
  readonly tokensByBasis: Readonly<Record<Basis, number>>;
  readonly netTokens: number;
  /** Sum of squares of net tokens per request, for the confidence interval. */
  readonly netTokensSquared: number;
  readonly netCostUsd: number;
}

/** Sums over the measurements of one stage. */
export interface StageSums {
  readonly stage: string;
  readonly requests: number;
  readonly tokensBefore: number;
  readonly tokensAfter: number;
  readonly overheadTokens: number;
  readonly netCostUsd: number;
}

export interface LedgerSums {
  readonly models: readonly ModelSums[];
  readonly stages: readonly StageSums[];
}

/** Keeps usage records and their sums. Sums are kept as rows are written, never by scanning rows. */
export interface LedgerStore {
  /** Appends records and updates the sums in one transaction; an id seen before is ignored. */
  append(records: readonly UsageRecord[]): MaybePromise<void>;
  sums(query: LedgerQuery): MaybePromise<LedgerSums>;
  /** Records of a period, newest first, in pages, at most `limit`. */
  records(query: LedgerQuery & { readonly limit: number }): MaybePromise<readonly UsageRecord[]>;
  deleteBefore(time: number): MaybePromise<number>;
  close(): MaybePromise<void>;
}
