import { formatMoney, formatNumber, formatShare } from './render/format.ts';
import type { ReportInput } from './stats.ts';
import { ENOUGH_REQUESTS, share, type Totals, totalsByModel } from './totals.ts';
import type { Recommendation } from './types.ts';

/** Providers cache prompts from about 1,024 tokens on; well above it a stable prefix should be read. */
const LONG_PROMPT = 4096;
const LOW_CACHE_READS = 0.1;
const OUTPUT_DOMINATES = 0.5;
const REASONING_DOMINATES = 0.5;
const ENOUGH_TOKENS = 10_000;
const SLOW_TOKENS_PER_SECOND = 10;
const LONG_ANSWER = 50;
const BIG_COST_SHARE = 0.5;
/** Traffic is similar when average input and output differ by at most this factor. */
const SIMILAR = 1.5;
const MUCH_CHEAPER = 0.5;

/** Averages over the answers of one model. */
interface Profile {
  readonly model: string;
  readonly totals: Totals;
  readonly input: number;
  readonly output: number;
  /** USD per answer; null when some are unknown. */
  readonly cost: number | null;
}

/** What the figures of single models suggest. */
export function recommendForModels({ sums }: ReportInput, total: Totals): Recommendation[] {
  const profiles = [...totalsByModel(sums)]
    .filter(([, totals]) => totals.answeredRequests >= ENOUGH_REQUESTS)
    .map(([model, totals]) => profileOf(model, totals));
  return [
    ...profiles.flatMap((profile) => cheaperModel(profile, profiles, total)),
    ...profiles.flatMap(promptCacheReads),
    ...profiles.flatMap(longOutputs),
    ...profiles.flatMap((profile) => slowModel(profile, profiles)),
  ];
}

function profileOf(model: string, totals: Totals): Profile {
  const answers = totals.answeredRequests;
  return {
    model,
    totals,
    input: totals.usage.inputTokens / answers,
    output: totals.answeredOutputTokens / answers,
    cost: totals.answeredCostRequests === answers ? totals.answeredCostUsd / answers : null,
  };
}

function cheaperModel(one: Profile, all: readonly Profile[], total: Totals): Recommendation[] {
  const { cost } = one;
  if (cost === null || cost === 0 || one.totals.costUsd < total.costUsd * BIG_COST_SHARE) return [];
  const isSimilar = (other: Profile): boolean =>
    Math.max(one.input, other.input) <= Math.min(one.input, other.input) * SIMILAR &&
    Math.max(one.output, other.output) <= Math.min(one.output, other.output) * SIMILAR;
  const [other] = all
    .filter((profile) => profile !== one && profile.cost !== null && profile.cost <= cost * MUCH_CHEAPER)
    .filter(isSimilar)
    .toSorted((a, b) => (a.cost ?? 0) - (b.cost ?? 0));
  if (other === undefined || other.cost === null) return [];
  return [
    {
      code: 'cheaper_model',
      severity: 'info',
      message: `${one.model} cost ${formatMoney(cost)} an answer, ${other.model} ${formatMoney(other.cost)} on requests of similar size. Whether its answers are as good was not measured: compare them on a share of the traffic.`,
      evidence: {
        model: one.model,
        avg_cost: cost,
        requests: one.totals.answeredRequests,
        cheaper_model: other.model,
        cheaper_avg_cost: other.cost,
        cheaper_requests: other.totals.answeredRequests,
      },
      potential_savings: { cost: (cost - other.cost) * one.totals.answeredRequests },
    },
  ];
}

function promptCacheReads({ model, totals, input }: Profile): Recommendation[] {
  const { inputTokens, cacheReadTokens } = totals.usage;
  const ratio = share(cacheReadTokens, inputTokens);
  if (input < LONG_PROMPT || ratio >= LOW_CACHE_READS) return [];
  return [
    {
      code: 'few_prompt_cache_reads',
      severity: 'info',
      message: `${model} got prompts of ${formatNumber(input)} tokens on average and read ${formatShare(ratio)} of them from the provider's prompt cache. If its provider caches prompts, keep what changes (times, ids) at the end and the order of tools the same.`,
      evidence: {
        model,
        avg_input_tokens: Math.round(input),
        cache_read_tokens: cacheReadTokens,
        input_tokens: inputTokens,
        share: ratio,
      },
    },
  ];
}

function longOutputs({ model, totals }: Profile): Recommendation[] {
  const { inputTokens, outputTokens, reasoningTokens } = totals.usage;
  const ratio = share(outputTokens, inputTokens + outputTokens);
  if (outputTokens < ENOUGH_TOKENS || ratio < OUTPUT_DOMINATES) return [];
  const isReasoning = reasoningTokens >= outputTokens * REASONING_DOMINATES;
  const advice = isReasoning
    ? `${formatShare(share(reasoningTokens, outputTokens))} of it is reasoning; try a lower reasoning effort.`
    : 'Shorter prompts will not help here; ask for shorter answers or set a limit on output tokens.';
  return [
    {
      code: isReasoning ? 'reasoning_dominates' : 'output_dominates',
      severity: 'info',
      message: `${formatShare(ratio)} of the tokens of ${model} are output. ${advice}`,
      evidence: {
        model,
        output_tokens: outputTokens,
        input_tokens: inputTokens,
        reasoning_tokens: reasoningTokens,
      },
    },
  ];
}

function slowModel({ model, totals, output }: Profile, all: readonly Profile[]): Recommendation[] {
  const speedOf = (of: Totals): number => share(of.answeredOutputTokens, of.answeredLatencyMs / 1000);
  const speed = speedOf(totals);
  if (output < LONG_ANSWER || speed >= SLOW_TOKENS_PER_SECOND || totals.answeredLatencyMs === 0) return [];
  const fastest = Math.max(...all.map((profile) => speedOf(profile.totals)));
  if (fastest < speed * 2) return [];
  return [
    {
      code: 'slow_model',
      severity: 'info',
      message: `${model} wrote ${formatNumber(speed, 1)} tokens a second; the fastest model in use wrote ${formatNumber(fastest, 1)}.`,
      evidence: {
        model,
        tokens_per_second: speed,
        fastest_tokens_per_second: fastest,
        requests: totals.answeredRequests,
      },
    },
  ];
}
