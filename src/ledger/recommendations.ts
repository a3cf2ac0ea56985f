import { recommendForCache } from './recommendations-cache.ts';
import { recommendForModels } from './recommendations-models.ts';
import { formatNumber, formatShare } from './render/format.ts';
import type { ReportInput } from './stats.ts';
import { ENOUGH_REQUESTS, share, type Totals } from './totals.ts';
import type { Recommendation } from './types.ts';

const MANY_FAILURES = 0.05;
const CRITICAL_FAILURES = 0.25;
const MUCH_UNKNOWN = 0.1;
/** A stage in shadow is worth a word when it would have saved this share of all tokens. */
const WORTH_SAVING = 0.01;

const ORDER: readonly Recommendation['severity'][] = ['critical', 'warning', 'info'];

/**
 * What the figures of the period suggest, the gravest first. Each names its evidence; nothing is
 * claimed that was not measured. Empty when nothing is wrong.
 */
export function recommend(input: ReportInput, total: Totals): Recommendation[] {
  if (total.requests === 0) {
    return [
      {
        code: 'no_traffic',
        severity: 'info',
        message: 'There were no requests in this period, so there is nothing to recommend.',
        evidence: { requests: 0 },
      },
    ];
  }
  return [
    ...recommendForFailures(input, total),
    ...recommendForPrices(input, total),
    ...recommendForCache(input, total),
    ...recommendForStages(input, total),
    ...recommendForModels(input, total),
  ].toSorted((a, b) => ORDER.indexOf(a.severity) - ORDER.indexOf(b.severity));
}

function recommendForFailures({ sums }: ReportInput, total: Totals): Recommendation[] {
  const ratio = share(total.failures, total.requests);
  if (total.requests < ENOUGH_REQUESTS || ratio < MANY_FAILURES) return [];
  const [most] = sums.errorCodes.toSorted((a, b) => b.requests - a.requests);
  const cause = most === undefined ? '' : ` Most often: ${most.code} (${formatNumber(most.requests)}).`;
  return [
    {
      code: 'many_failures',
      severity: ratio >= CRITICAL_FAILURES ? 'critical' : 'warning',
      message: `${formatShare(ratio)} of the requests failed.${cause}`,
      evidence: {
        failed_requests: total.failures,
        requests: total.requests,
        ...(most === undefined ? {} : { error_code: most.code, error_requests: most.requests }),
      },
    },
  ];
}

/** Only models that used tokens: what used none has no price to know. */
function recommendForPrices({ sums }: ReportInput, total: Totals): Recommendation[] {
  if (total.unknownCostTokens === 0) return [];
  const tokens = total.usage.inputTokens + total.usage.outputTokens;
  const ratio = share(total.unknownCostTokens, tokens);
  const models = sums.models
    .filter((model) => model.unknownCostTokens > 0)
    .toSorted((a, b) => b.unknownCostTokens - a.unknownCostTokens)
    .map((model) => model.model);
  const named = [...new Set(models)].slice(0, 5).join(', ');
  return [
    {
      code: 'unknown_prices',
      severity: ratio >= MUCH_UNKNOWN ? 'warning' : 'info',
      message: `The cost of ${formatShare(ratio)} of the tokens is unknown (${named}); every total leaves it out. Run \`pare models update\` with a current price list.`,
      evidence: { tokens: total.unknownCostTokens, share: ratio, models: named },
    },
  ];
}

function recommendForStages({ sums }: ReportInput, total: Totals): Recommendation[] {
  const used = total.usage.inputTokens + total.usage.outputTokens;
  return sums.stages.flatMap((stage): Recommendation[] => {
    const net = stage.tokensBefore - stage.tokensAfter - stage.overheadTokens;
    const evidence = { stage: stage.stage, requests: stage.requests, net_tokens: net };
    const enough = stage.requests >= ENOUGH_REQUESTS;
    if (stage.mode === 'on' && net < 0 && enough) {
      return [
        {
          code: 'stage_loses',
          severity: 'warning',
          message: `Stage ${stage.stage} cost ${formatNumber(-net)} tokens more than it saved; set it to shadow or off.`,
          evidence,
          potential_savings: { tokens: -net, ...(stage.netCostUsd < 0 ? { cost: -stage.netCostUsd } : {}) },
        },
      ];
    }
    if (stage.mode === 'shadow' && enough && net > used * WORTH_SAVING) {
      return [
        {
          code: 'stage_worth_trying',
          severity: 'info',
          message: `Stage ${stage.stage}, in shadow, would have saved ${formatNumber(net)} tokens net; its effect on answers was not measured. Try it on a share of the traffic.`,
          evidence,
          potential_savings: { tokens: net, ...(stage.netCostUsd > 0 ? { cost: stage.netCostUsd } : {}) },
        },
      ];
    }
    return [];
  });
}
