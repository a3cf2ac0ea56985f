import { rankModels } from './rankings.ts';
import { recommend } from './recommendations.ts';
import { makeSavings } from './savings.ts';
import { makeStats, type ReportInput } from './stats.ts';
import { totalsOfAll } from './totals.ts';
import type { Report } from './types.ts';

/** The whole report of a period. */
export function makeReport(input: ReportInput): Report {
  const total = totalsOfAll(input.sums);
  return {
    ...makeStats(input),
    savings: makeSavings(input.sums, total),
    efficiency_rankings: rankModels(input.sums),
    recommendations: recommend(input, total),
  };
}
