import type { BypassReason } from '../contract/index.ts';
import { formatMoney, formatNumber, formatShare } from './render/format.ts';
import type { ReportInput } from './stats.ts';
import { ENOUGH_REQUESTS, share, type Totals } from './totals.ts';
import type { Recommendation } from './types.ts';

const MANY_BYPASSED = 0.3;
const MOSTLY_OFF = 0.5;
const MANY_STALE = 0.2;
const LOW_HIT_RATE = 0.05;
const ENOUGH_LOOKUPS = 100;

/** What to do about requests that bypass for a reason; reasons that are as they should be are absent. */
const ADVICE: Readonly<Partial<Record<BypassReason, string>>> = {
  agent_turn:
    'They are turns of agents, whose answers are not replayed unless asked; where a repeated turn may get the same answer, send `x-pare-cache: on`.',
  caller_opted_out:
    'Their callers asked for it (`cache-control` or `x-pare-cache`); check whether they still need to.',
  not_eligible: 'Their parameters or content keep them out of the cache; check whether they need to.',
  deadline:
    'The cache did not answer in time; check the disk of the data folder and the load of the machine.',
  error: 'The cache failed; the events in the log say why.',
};

/** What the figures of the cache suggest. */
export function recommendForCache({ sums }: ReportInput, total: Totals): Recommendation[] {
  if (total.requests < ENOUGH_REQUESTS) return [];
  const found: Recommendation[] = [];
  for (const { reason, requests } of sums.bypassReasons) {
    const ratio = share(requests, total.requests);
    const advice = ADVICE[reason];
    const evidence = { reason, requests, share: ratio };
    if (reason === 'off' && ratio >= MOSTLY_OFF) {
      found.push({
        code: 'cache_off',
        severity: 'info',
        message: `The response cache was off for ${formatShare(ratio)} of the requests. Set it to shadow to see what it would save.`,
        evidence,
      });
    } else if (advice !== undefined && ratio >= MANY_BYPASSED) {
      found.push({
        code: 'cache_bypassed',
        severity: reason === 'error' || reason === 'deadline' ? 'warning' : 'info',
        message: `${formatShare(ratio)} of the requests bypassed the cache (${reason}). ${advice}`,
        evidence,
      });
    }
  }
  return [...found, ...recommendForMisses(total)];
}

function recommendForMisses(total: Totals): Recommendation[] {
  const hits = total.hits + total.semanticHits;
  const lookups = hits + total.misses;
  if (total.stale >= ENOUGH_REQUESTS && total.stale >= lookups * MANY_STALE) {
    // What an answer cost on average; a longer life would have spared it for each of these.
    const average = share(total.answeredCostUsd, total.answeredCostRequests);
    const cost = average * total.stale;
    const worth = cost > 0 ? ` At the average price of an answer that is ${formatMoney(cost)}.` : '';
    return [
      {
        code: 'entries_expire',
        severity: 'info',
        message: `${formatNumber(total.stale)} requests found an answer that had expired.${worth} Where answers stay true for longer, raise the cache's \`ttlSeconds\`.`,
        evidence: { stale: total.stale, lookups, avg_cost: average },
        ...(cost > 0 ? { potential_savings: { cost } } : {}),
      },
    ];
  }
  if (lookups < ENOUGH_LOOKUPS || hits >= lookups * LOW_HIT_RATE) return [];
  return [
    {
      code: 'low_hit_rate',
      severity: 'info',
      message: `Only ${formatShare(share(hits, lookups))} of ${formatNumber(lookups)} lookups hit: few requests repeat word for word. Look for times, ids or random texts in the prompts; the semantic cache in shadow tells how many repeat in meaning.`,
      evidence: { hits, lookups, hit_rate: share(hits, lookups) },
    },
  ];
}
