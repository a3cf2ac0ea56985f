import type { LedgerSums, StageSums } from '../contract/index.ts';
import { addBases, compareNames, share, type Totals } from './totals.ts';
import type { SavingsSection, StageFigures } from './types.ts';

/** Two-sided 95% quantile of the normal distribution. */
const Z95 = 1.959963984540054;

/** What was saved: net, by stage, with its interval. What `shadow` measured is shown apart (INV-U4). */
export function makeSavings(sums: LedgerSums, total: Totals): SavingsSection {
  const stagesIn = (mode: StageSums['mode']) =>
    sums.stages.filter((stage) => stage.mode === mode).toSorted((a, b) => compareNames(a.stage, b.stage));
  const active = stagesIn('on');
  const byStage = (stages: readonly StageSums[]) =>
    Object.fromEntries(stages.map((stage) => [stage.stage, stageFigures(stage)]));
  return {
    tokens_before: total.tokensBefore,
    tokens_after: total.tokensAfter,
    overhead_tokens: total.overheadTokens,
    net_tokens: total.netTokens,
    net_cost: total.netCostUsd,
    unknown_cost_requests: total.unknownNetCostRequests,
    unknown_cost_share: share(total.unknownNetCostRequests, total.requests),
    ci95: interval(total),
    tokens_by_basis: addBases(active.map((stage) => stage.tokensByBasis)),
    by_stage: byStage(active),
    shadow: byStage(stagesIn('shadow')),
  };
}

function stageFigures(stage: StageSums): StageFigures {
  return {
    requests: stage.requests,
    tokens_before: stage.tokensBefore,
    tokens_after: stage.tokensAfter,
    overhead_tokens: stage.overheadTokens,
    net_tokens: stage.tokensBefore - stage.tokensAfter - stage.overheadTokens,
    tokens_by_basis: stage.tokensByBasis,
    net_cost: stage.netCostUsd,
    unknown_cost_requests: stage.unknownCostRequests,
  };
}

/** The sum of n draws spreads by the deviation of one times the root of n. */
function interval({ requests: n, netTokens, netTokensSquared }: Totals): [number, number] | null {
  if (n < 2) return null;
  const variance = Math.max(0, (netTokensSquared - netTokens ** 2 / n) / (n - 1));
  const half = Z95 * Math.sqrt(n * variance);
  return [netTokens - half, netTokens + half];
}
