import type { CacheStats, LedgerSums, SemanticLive, SemanticReason, ToolRecall } from '../contract/index.ts';
import { compareNames, share, type Totals, totalsByModel, totalsOfAll } from './totals.ts';
import type { CacheFigures, SemanticFigures, Stats, UsageFigures } from './types.ts';

/** What a report is made of. */
export interface ReportInput {
  /** Length of the period. */
  readonly hours: number;
  readonly sums: LedgerSums;
  readonly cacheStats: CacheStats | undefined;
  readonly semanticLive?: SemanticLive | undefined;
  readonly toolRecall?: ToolRecall | undefined;
}

/** Cache and usage sums; every rate is 0 where there is nothing, never NaN. */
export function makeStats({ hours, sums, cacheStats, semanticLive, toolRecall }: ReportInput): Stats {
  const total = totalsOfAll(sums);
  const models = [...totalsByModel(sums)];
  return {
    period_hours: hours,
    cache: {
      total_entries: cacheStats?.totalEntries ?? null,
      ...cacheFigures(total),
      semantic: semanticFigures(sums, semanticLive),
      by_model: Object.fromEntries(models.map(([model, totals]) => [model, cacheFigures(totals)])),
    },
    tool_selection: toolRecall === undefined ? null : toolFigures(toolRecall),
    metrics: {
      ...usageFigures(total),
      by_model: Object.fromEntries(models.map(([model, totals]) => [model, usageFigures(totals)])),
    },
  };
}

function cacheFigures(totals: Totals): CacheFigures {
  const hits = totals.hits + totals.semanticHits;
  return {
    total_hits: hits,
    hit_rate: share(hits, hits + totals.misses),
    semantic_hits: totals.semanticHits,
    misses: totals.misses,
    bypassed: totals.bypassed,
    tokens_saved: totals.hitNetTokens,
    estimated_cost_saved: totals.hitNetCostUsd,
    unknown_cost_hits: totals.hitUnknownCostRequests,
  };
}

function semanticFigures({ semanticReasons }: LedgerSums, live: SemanticLive | undefined): SemanticFigures {
  const count = (reason: SemanticReason): number =>
    semanticReasons.find((decision) => decision.reason === reason)?.requests ?? 0;
  return {
    decisions: semanticReasons.toSorted(
      (a, b) => b.requests - a.requests || compareNames(a.reason, b.reason),
    ),
    would_hits: count('would_hit'),
    hits: count('semantic_hit'),
    explored: count('explored'),
    verified: count('verification'),
    live: live === undefined ? null : liveFigures(live),
  };
}

function liveFigures(live: SemanticLive): NonNullable<SemanticFigures['live']> {
  return {
    mode: live.mode,
    entries: live.entries,
    max_false_hit_rate: live.maxFalseHitRate,
    checked: live.checked,
    unsure: live.unsure,
    false_hit_rate: live.falseHitRate,
    ci95: live.ci95,
    breached: live.isBreached,
    proven: live.isProven,
  };
}

function toolFigures(live: ToolRecall): NonNullable<Stats['tool_selection']> {
  return {
    selections: live.selections,
    misses: live.misses,
    recall: live.recall,
    ci95: live.ci95,
    min_recall: live.minRecall,
    breached: live.isBreached,
  };
}

function usageFigures(totals: Totals): UsageFigures {
  const { usage } = totals;
  const tokens = usage.inputTokens + usage.outputTokens;
  return {
    total_requests: totals.requests,
    failed_requests: totals.failures,
    total_tokens: tokens,
    input_tokens: usage.inputTokens,
    output_tokens: usage.outputTokens,
    cache_read_tokens: usage.cacheReadTokens,
    cache_write_tokens: usage.cacheWriteTokens + usage.cacheWrite1hTokens,
    reasoning_tokens: usage.reasoningTokens,
    tokens_by_basis: totals.tokensByBasis,
    total_cost: totals.costUsd,
    unknown_cost_requests: totals.unknownCostRequests,
    unknown_cost_share:
      tokens > 0
        ? share(totals.unknownCostTokens, tokens)
        : share(totals.unknownCostRequests, totals.requests),
    avg_latency_ms: share(totals.latencyMs, totals.requests),
    cache_hit_rate: share(totals.hits + totals.semanticHits, totals.requests),
  };
}
