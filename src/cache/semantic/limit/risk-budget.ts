import { betaCdf } from './binomial.ts';

/** Wrong hits that are allowed less than the rate allows: hits may turn out fewer than planned. */
const RESERVE = 1;
/** A hit may be this many times as risky as hits may be on average, while nothing is spent. */
const MOST_RISK = 1.5;
/** A hit of at most this share of what a hit may cost on average is always affordable, so that serving never ends. */
const ALWAYS_AFFORDED = 0.5;
/** Hits that are planned for at least: a cache that has just started is not held to a rate of the few hits so far. */
const LEAST_HITS = 300;
/** Hits after which an old one counts for 1/e. */
const MEMORY = 20_000;
const HALVINGS = 40;
const BIG = 1e7;
const MOST_MEANS = 1_000;

/** What was spent: hits that were served and the false ones that are to be expected among them. */
export interface Spending {
  /** Hits that would have been served, had the budget allowed each. */
  readonly wouldBe: number;
  readonly served: number;
  readonly expectedFalse: number;
}

/** Keeps the false hits that are to be expected so low that the allowed rate is not passed by bad luck either. */
export interface RiskBudget {
  /** True when a hit of this risk may be served. */
  affords(risk: number): boolean;
  spend(risk: number): void;
  snapshot(): Spending;
  restore(spending: Spending): void;
}

/** Probability that a Poisson variable of this mean is at most `count` (as the limit of the binomial one). */
function poissonCdf(count: number, mean: number): number {
  return 1 - betaCdf(mean / BIG, [count + 1, BIG - count]);
}

/** The highest mean at which more than `count` events come with a probability of at most `level`. */
function highestMean(count: number, level: number): number {
  let [low, high] = [0, count + 1];
  for (let i = 0; i < HALVINGS; i += 1) {
    const middle = (low + high) / 2;
    if (poissonCdf(count, middle) >= 1 - level) low = middle;
    else high = middle;
  }
  return low;
}

/**
 * Returns a budget: of `n` hits at most `maxRate * n` may be false, so the expected number is kept where more than
 * that come with a probability of `level` at most: about half of `maxRate` at first, near to it later.
 */
export function createRiskBudget({
  maxRate,
  level,
}: {
  readonly maxRate: number;
  readonly level: number;
}): RiskBudget {
  let [wouldBe, served, expectedFalse] = [0, 0, 0];
  const means = new Map<number, number>();
  const allowed = (hits: number) => {
    const count = Math.max(0, Math.floor(maxRate * hits) - RESERVE);
    const known = means.get(count) ?? highestMean(count, level);
    if (means.size < MOST_MEANS) means.set(count, known);
    return known;
  };
  return {
    affords(risk) {
      if (maxRate >= 1) return true;
      if (risk <= maxRate) wouldBe = wouldBe * (1 - 1 / MEMORY) + 1;
      const hits = Math.max(LEAST_HITS, wouldBe, served + 1);
      const most = allowed(hits);
      const left = Math.max(0, 1 - expectedFalse / most);
      const room = Math.min(MOST_RISK * maxRate * left, most - expectedFalse);
      return risk <= Math.max((ALWAYS_AFFORDED * most) / hits, room);
    },
    spend(risk) {
      served = served * (1 - 1 / MEMORY) + 1;
      expectedFalse = expectedFalse * (1 - 1 / MEMORY) + risk;
    },
    snapshot: () => ({ wouldBe, served, expectedFalse }),
    restore(spending) {
      wouldBe = spending.wouldBe;
      served = spending.served;
      expectedFalse = spending.expectedFalse;
    },
  };
}
