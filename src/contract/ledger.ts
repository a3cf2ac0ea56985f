import type { CacheOutcome } from './cache.ts';
import type { WireFormat } from './chat.ts';
import type { MaybePromise } from './json.ts';
import type { BypassReason, Measurement, StageName } from './stage.ts';
import type { Basis, Usage } from './usage.ts';

/**
 * The provider of work that Pare did for itself (`pare logs --track-usage`). It is no request: of such a record only
 * the measurements are summed, by stage.
 */
export const OWN_WORK = 'pare';

/** One exchange, as it happened. Append-only. */
export interface UsageRecord {
  readonly id: string;
  /** Epoch milliseconds of the request's arrival. */
  readonly time: number;
  readonly tenant: string;
  readonly session: string | null;
  /** `null` for paths that are not chats (embeddings, other pass-through). */
  readonly wire: WireFormat | null;
  /** The upstream that answered, or would have: its configured name; `OWN_WORK` where there was no exchange. */
  readonly provider: string;
  readonly model: string;
  readonly isStream: boolean;
  /** HTTP status that the caller saw; 499 when the caller left first. */
  readonly status: number;
  /** Code of the error, when there was one. */
  readonly errorCode: string | null;
  readonly cacheOutcome: CacheOutcome;
  /** Why the cache was bypassed; absent for other outcomes. */
  readonly cacheReason?: BypassReason | undefined;
  /** What the semantic cache decided; absent where it was not asked. */
  readonly semanticReason?: BypassReason | undefined;
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

/**
 * Sums over the records of one model at one provider.
 *
 * `requests` = `hits` + `semanticHits` + `misses` + `bypassed`. A request was *answered* when a
 * provider ended it with a 2xx status and no error code; it *failed* with a status of 400 or more, 0,
 * or an error code; a caller that left (499) is *aborted* and not a failure.
 */
export interface ModelSums {
  readonly model: string;
  readonly provider: string;
  readonly requests: number;
  readonly failures: number;
  readonly aborted: number;
  readonly hits: number;
  readonly semanticHits: number;
  /** `stale` included. */
  readonly misses: number;
  /** Part of `misses`. */
  readonly stale: number;
  readonly bypassed: number;
  readonly usage: Usage;
  readonly costUsd: number;
  readonly unknownCostRequests: number;
  /** Input and output tokens of requests whose cost is unknown. */
  readonly unknownCostTokens: number;
  readonly latencyMs: number;
  /** Sums over requests that a provider answered: for speed, not for totals. */
  readonly answeredRequests: number;
  readonly answeredLatencyMs: number;
  readonly answeredOutputTokens: number;
  /** Cost of answered requests whose cost is known, and how many they are. */
  readonly answeredCostUsd: number;
  readonly answeredCostRequests: number;
  readonly firstTokenMs: number;
  readonly firstTokenRequests: number;
  /** Input and output tokens by the basis of their record. */
  readonly tokensByBasis: Readonly<Record<Basis, number>>;
  /**
   * What the stages that were on found and left. A measurement that starts where the one before it
   * ended continues it, so that tokens which pass several stages count once; one of overhead alone
   * stands between none.
   */
  readonly tokensBefore: number;
  readonly tokensAfter: number;
  readonly overheadTokens: number;
  readonly netTokens: number;
  /** Sum of squares of net tokens per request, for the confidence interval. */
  readonly netTokensSquared: number;
  readonly netCostUsd: number;
  /** Requests that spared or cost tokens whose price is unknown. */
  readonly unknownNetCostRequests: number;
  /** The parts of the net sums that hits (word for word or semantic) spared. */
  readonly hitNetTokens: number;
  readonly hitNetCostUsd: number;
  readonly hitUnknownCostRequests: number;
}

/** Sums over the measurements of one stage in one mode; what `shadow` measured was not saved. */
export interface StageSums {
  readonly stage: StageName;
  readonly mode: 'on' | 'shadow';
  readonly requests: number;
  readonly tokensBefore: number;
  readonly tokensAfter: number;
  readonly overheadTokens: number;
  /** `tokensBefore` by the basis of its measurement. */
  readonly tokensByBasis: Readonly<Record<Basis, number>>;
  readonly netCostUsd: number;
  readonly unknownCostRequests: number;
}

export interface LedgerSums {
  readonly models: readonly ModelSums[];
  readonly stages: readonly StageSums[];
  /** Requests that bypassed the cache, by reason. */
  readonly bypassReasons: readonly { readonly reason: BypassReason; readonly requests: number }[];
  /** Requests that the semantic cache was asked about, by what it decided. */
  readonly semanticReasons: readonly { readonly reason: BypassReason; readonly requests: number }[];
  /** Requests that ended with an error code, by code. */
  readonly errorCodes: readonly { readonly code: string; readonly requests: number }[];
}

/** A page of records to read. */
export interface RecordsQuery extends LedgerQuery {
  readonly limit: number;
  /** Only records that follow this one (the last of the page before). */
  readonly after?: { readonly id: string; readonly time: number };
}

/** Keeps usage records and their sums. Sums are kept as rows are written, never by scanning rows. */
export interface LedgerStore {
  /**
   * Appends records and updates the sums in one transaction; a record whose id and time were seen
   * before is ignored. All are kept, or none and it throws.
   */
  append(records: readonly UsageRecord[]): MaybePromise<void>;
  /**
   * The sums of a period. A store may forget the minutes of days long past; an edge that falls there
   * is rounded outwards to whole hours or days.
   */
  sums(query: LedgerQuery): MaybePromise<LedgerSums>;
  /** Records of a period, newest first, in pages, at most `limit`. */
  records(query: RecordsQuery): MaybePromise<readonly UsageRecord[]>;
  /** Deletes the records before `time`, whose sums stay; returns how many. */
  deleteBefore(time: number): MaybePromise<number>;
  close(): MaybePromise<void>;
}
