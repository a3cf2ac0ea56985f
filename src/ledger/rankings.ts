import type { LedgerSums } from '../contract/index.ts';
import { compareNames, share, type Totals, totalsByModel } from './totals.ts';
import type { EfficiencyRanking, Rankings } from './types.ts';

/** Models by efficiency, of a period. */
export function makeRankings(input: { readonly hours: number; readonly sums: LedgerSums }): Rankings {
  return { period_hours: input.hours, efficiency_rankings: rankModels(input.sums) };
}

/**
 * Ranks the models that answered at least once: free ones first, then by score, those of unknown
 * cost last; ties by name.
 */
export function rankModels(sums: LedgerSums): EfficiencyRanking[] {
  return [...totalsByModel(sums)]
    .filter(([, totals]) => totals.answeredRequests > 0)
    .map(([model, totals]) => rank(model, totals))
    .toSorted((a, b) => place(a) - place(b) || scoreOf(b) - scoreOf(a) || compareNames(a.model, b.model));
}

function rank(model: string, totals: Totals): EfficiencyRanking {
  const speed = share(totals.answeredOutputTokens, totals.answeredLatencyMs / 1000);
  const priced = totals.answeredCostRequests;
  const shown = { model, tokens_per_second: speed, requests: totals.answeredRequests };
  const average = share(totals.answeredCostUsd, priced);
  if (average > 0) {
    // JSON has no infinity, which a cost next to nothing would give.
    const score = Math.min(speed / average, Number.MAX_VALUE);
    return { ...shown, avg_cost: average, efficiency_score: score };
  }
  // Free only when every answer is known to have cost nothing (INV-U2).
  if (priced === totals.answeredRequests) {
    return { ...shown, avg_cost: 0, efficiency_score: null, free: true };
  }
  return { ...shown, avg_cost: null, efficiency_score: null, cost_unknown: true };
}

function place(ranking: EfficiencyRanking): number {
  if (ranking.free === true) return 0;
  return ranking.cost_unknown === true ? 2 : 1;
}

function scoreOf(ranking: EfficiencyRanking): number {
  return ranking.efficiency_score ?? ranking.tokens_per_second;
}
