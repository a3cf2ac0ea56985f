import type { Pair } from './gates/index.ts';

/** Odds of a pair that shares no word and points the same way by chance. */
const BASE = -5.5;
const OF_SIMILARITY = 4;
const OF_COVERAGE = 5;
const OF_LOOSE_TIES = -1.2;
const OF_LIGHT_WORDS = -0.5;

/**
 * The estimated probability that one answer serves both texts, by a logistic function of their similarity, the share
 * of their content that has a counterpart, the share of counterparts that only a table ties, and how many light words
 * stand in one text alone.
 */
export function confidenceOf({ a, b, alignment }: Pair, similarity: number): number {
  const total = a.weight + b.weight;
  const lone = [...alignment.onlyA, ...alignment.onlyB];
  const coverage = total === 0 ? 0 : 1 - lone.reduce((sum, { weight }) => sum + weight, 0) / total;
  const loose =
    alignment.matches.filter(({ tie }) => tie !== 'same').length / Math.max(1, alignment.matches.length);
  const light = lone.filter(({ weight }) => weight < 0.9).length;
  const near = Number.isFinite(similarity) ? Math.max(0, Math.min(1, similarity)) : 0;
  const odds =
    BASE + OF_SIMILARITY * near + OF_COVERAGE * coverage + OF_LOOSE_TIES * loose + OF_LIGHT_WORDS * light;
  return 1 / (1 + Math.exp(-odds));
}
