import type { Cost, PriceSet, Prices, Usage } from '../../contract/index.ts';

const TOKENS_PER_PRICE = 1_000_000;

/**
 * What a usage costs at given prices; `costUsd` is null when a price that a part of it needs is unknown.
 *
 * Input is split into reads, 5-minute writes, 1-hour writes and the rest, each charged once. The whole
 * request is charged at the highest tier that its input passes. A part of 0 tokens needs no price.
 * When the parts of the input add up to more than `inputTokens`, the parts are believed: the input is
 * their sum, and nothing is left over for the plain price. A count that is negative or not finite
 * gives `invalid_usage`.
 */
export function priceUsage(prices: Prices, usage: Usage, isBatch: boolean): Cost {
  const { inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens, cacheWrite1hTokens } = usage;
  if (!areCounts(usage)) return { costUsd: null, reason: 'invalid_usage' };
  const cached = cacheReadTokens + cacheWriteTokens + cacheWrite1hTokens;
  const input = Math.max(inputTokens, cached);
  const rates = ratesOf(tierFor(prices, input), isBatch, usage.reasoningTokens > 0);
  const micros =
    charge(input - cached, rates.input) +
    charge(cacheReadTokens, rates.cacheRead) +
    charge(cacheWriteTokens, rates.cacheWrite) +
    charge(cacheWrite1hTokens, rates.cacheWrite1h) +
    charge(outputTokens, rates.output);
  if (Number.isNaN(micros)) return { costUsd: null, reason: 'unknown_price' };
  return { costUsd: micros / TOKENS_PER_PRICE };
}

/** Tokens at a price; NaN when the price is unknown and there are any. */
function charge(tokens: number, price: number | undefined): number {
  return tokens === 0 ? 0 : tokens * (price ?? Number.NaN);
}

function areCounts(usage: Usage): boolean {
  return (
    isCount(usage.inputTokens) &&
    isCount(usage.outputTokens) &&
    isCount(usage.cacheReadTokens) &&
    isCount(usage.cacheWriteTokens) &&
    isCount(usage.cacheWrite1hTokens) &&
    isCount(usage.reasoningTokens)
  );
}

function isCount(tokens: number): boolean {
  return Number.isFinite(tokens) && tokens >= 0;
}

function tierFor(prices: Prices, inputTokens: number): PriceSet {
  let best: PriceSet = prices;
  let limit = -1;
  for (const tier of prices.tiers ?? []) {
    if (inputTokens > tier.aboveInputTokens && tier.aboveInputTokens > limit) {
      best = tier;
      limit = tier.aboveInputTokens;
    }
  }
  return best;
}

interface Rates {
  readonly input: number | undefined;
  readonly output: number | undefined;
  readonly cacheRead: number | undefined;
  readonly cacheWrite: number | undefined;
  readonly cacheWrite1h: number | undefined;
}

function ratesOf(set: PriceSet, isBatch: boolean, hasReasoning: boolean): Rates {
  if (isBatch) {
    return {
      input: set.batchInput,
      // No list states a batch price for answers whose price depends on reasoning.
      output: hasReasoning && set.outputWithReasoning !== undefined ? undefined : set.batchOutput,
      cacheRead: set.batchCacheRead,
      cacheWrite: set.batchCacheWrite,
      cacheWrite1h: set.batchCacheWrite1h,
    };
  }
  return {
    input: set.input,
    output: hasReasoning ? (set.outputWithReasoning ?? set.output) : set.output,
    cacheRead: set.cacheRead,
    cacheWrite: set.cacheWrite,
    cacheWrite1h: set.cacheWrite1h,
  };
}
