import type { Basis, BypassReason, StageName } from '../contract/index.ts';

/** Tokens by where their number comes from. */
export type BasisMix = Readonly<Record<Basis, number>>;

/** What the cache did in the period, for one model or for all. */
export interface CacheFigures {
  /** Answers from the cache, word for word and semantic. */
  readonly total_hits: number;
  /**
   * Hits as a share of the requests that looked into the cache: hits / (hits + misses). Requests that
   * bypassed it are counted apart. 0 when none looked.
   */
  readonly hit_rate: number;
  readonly semantic_hits: number;
  readonly misses: number;
  readonly bypassed: number;
  /** Input and output tokens that hits did not send again. */
  readonly tokens_saved: number;
  /** USD that hits did not spend; those of unknown price add nothing and are counted beside it. */
  readonly estimated_cost_saved: number;
  readonly unknown_cost_hits: number;
}

/** What the semantic cache decided in the period. */
export interface SemanticFigures {
  /** Requests by what was decided, the most first; `verification` counts calls that no caller made. */
  readonly decisions: readonly { readonly reason: BypassReason; readonly requests: number }[];
  /** Requests that it would have answered, had it not been in shadow. */
  readonly would_hits: number;
  /** Requests that it answered. */
  readonly hits: number;
  /** Requests that it would have answered, and asked the provider to learn. */
  readonly explored: number;
  /** Answers of its own that it asked the provider about afterwards. */
  readonly verified: number;
  /** How it fares now; null where it is off or nothing is known of it. */
  readonly live: {
    readonly mode: 'on' | 'shadow';
    readonly entries: number;
    readonly max_false_hit_rate: number;
    /** Hits that were checked lately. */
    readonly checked: number;
    /** Those of them of which it could not be told whether they were right. */
    readonly unsure: number;
    readonly false_hit_rate: number | null;
    readonly ci95: readonly [number, number];
    /** True while it serves nothing since too much of it was wrong. */
    readonly breached: boolean;
    /** True while the checked hits prove that the tolerated share is kept. */
    readonly proven: boolean;
  } | null;
}

/** The cache's part of a report. */
export interface CacheSection extends CacheFigures {
  /** Entries that the cache holds now; null when that was not asked. */
  readonly total_entries: number | null;
  readonly semantic: SemanticFigures;
  readonly by_model: Readonly<Record<string, CacheFigures>>;
}

/** What requests of one model, or of all, used. */
export interface UsageFigures {
  readonly total_requests: number;
  /** Requests that failed; callers that left are not failures. */
  readonly failed_requests: number;
  /** Input and output tokens that providers billed. */
  readonly total_tokens: number;
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly cache_read_tokens: number;
  readonly cache_write_tokens: number;
  readonly reasoning_tokens: number;
  /** Where `total_tokens` come from. */
  readonly tokens_by_basis: BasisMix;
  /** USD of the requests whose cost is known. */
  readonly total_cost: number;
  readonly unknown_cost_requests: number;
  /** Share of the tokens whose cost is unknown; of the requests, when there were no tokens. 0 to 1. */
  readonly unknown_cost_share: number;
  /** Milliseconds from arrival to the end of the answer, hits included. */
  readonly avg_latency_ms: number;
  /** Hits as a share of all requests, those that bypassed the cache included. 0 when there were none. */
  readonly cache_hit_rate: number;
}

/** The usage part of a report. */
export interface UsageSection extends UsageFigures {
  readonly by_model: Readonly<Record<string, UsageFigures>>;
}

/** What one stage took away, gross and net. */
export interface StageFigures {
  readonly requests: number;
  readonly tokens_before: number;
  readonly tokens_after: number;
  readonly overhead_tokens: number;
  /** Before less after less overhead; negative when the stage cost more than it saved. */
  readonly net_tokens: number;
  readonly tokens_by_basis: BasisMix;
  readonly net_cost: number;
  readonly unknown_cost_requests: number;
}

/** What was saved, net of what saving cost. */
export interface SavingsSection {
  readonly tokens_before: number;
  readonly tokens_after: number;
  readonly overhead_tokens: number;
  readonly net_tokens: number;
  readonly net_cost: number;
  /** Requests that saved or lost tokens of unknown price; `net_cost` leaves them out. */
  readonly unknown_cost_requests: number;
  /** Those requests as a share of all. */
  readonly unknown_cost_share: number;
  /**
   * 95% interval of `net_tokens`, low and high: normal approximation over the net tokens of each
   * request. Null for fewer than two requests, which say nothing about their spread.
   */
  readonly ci95: readonly [number, number] | null;
  /** Where `tokens_before` of all stages come from. */
  readonly tokens_by_basis: BasisMix;
  readonly by_stage: Readonly<Partial<Record<StageName, StageFigures>>>;
  /** What stages in shadow would have saved; part of no total. */
  readonly shadow: Readonly<Partial<Record<StageName, StageFigures>>>;
}

/** How much speed one model gives for its price. */
export interface EfficiencyRanking {
  readonly model: string;
  /** Output tokens per second of answered requests, from arrival to end. */
  readonly tokens_per_second: number;
  /** USD per answered request of known cost; null when no cost is known. */
  readonly avg_cost: number | null;
  /** `tokens_per_second / avg_cost`; null when the model is free or its cost unknown. */
  readonly efficiency_score: number | null;
  /** Requests that a provider answered. */
  readonly requests: number;
  readonly free?: true;
  readonly cost_unknown?: true;
}

/** One thing worth changing, and the figures that say so. */
export interface Recommendation {
  /** Stable. */
  readonly code: string;
  readonly severity: 'info' | 'warning' | 'critical';
  readonly message: string;
  readonly evidence: Readonly<Record<string, string | number>>;
  /** What following it may save in the same period; absent when the figures do not tell. */
  readonly potential_savings?: { readonly tokens?: number; readonly cost?: number };
}

/** How tool selection fares now, over its latest selections. */
export interface ToolSelectionFigures {
  readonly selections: number;
  /** Selections that left out a tool which was needed. */
  readonly misses: number;
  /** 1 - misses / selections; null before the first. */
  readonly recall: number | null;
  readonly ci95: readonly [number, number];
  readonly min_recall: number;
  /** True while all tools are sent since too much was missed. */
  readonly breached: boolean;
}

/** Cache and usage sums of a period, as JSON. */
export interface Stats {
  readonly period_hours: number;
  readonly cache: CacheSection;
  /** Null where it is off or nothing is known of it. */
  readonly tool_selection: ToolSelectionFigures | null;
  readonly metrics: UsageSection;
}

/** The optimization report of a period, as JSON. */
export interface Report extends Stats {
  readonly savings: SavingsSection;
  readonly efficiency_rankings: readonly EfficiencyRanking[];
  readonly recommendations: readonly Recommendation[];
}

/** Models of a period by efficiency, as JSON. */
export interface Rankings {
  readonly period_hours: number;
  readonly efficiency_rankings: readonly EfficiencyRanking[];
}
