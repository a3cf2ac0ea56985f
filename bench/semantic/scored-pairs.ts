import { rateInterval } from '../../src/cache/semantic/limit/binomial.ts';
import type { PairGate, PairJudge } from '../../src/contract/index.ts';
import { cosine, type TextVectors } from './vectors.ts';

/** A pair with all that a decision may look at. */
export interface ScoredPair {
  readonly kind: string;
  /** True when one answer serves both. */
  readonly isSame: boolean;
  /** Cosine, -1 to 1. */
  readonly similarity: number;
  readonly gate: PairGate | null;
  /** The judge's, 0 to 1. */
  readonly confidence: number;
}

/** A rate with its 95% interval, and the counts behind it. */
export interface Rate {
  readonly rate: number;
  readonly lower: number;
  readonly upper: number;
  readonly events: number;
  readonly trials: number;
}

/** What a decision served of some pairs. */
export interface Served {
  /** Right ones among the served. */
  readonly precision: Rate;
  /** Served ones among those that one answer serves. */
  readonly recall: Rate;
  /** Served ones among those that need different answers. */
  readonly falseHits: Rate;
}

/** Says whether a stored answer is served; `a` is stored, `b` asked. */
export type Decide = (pair: ScoredPair) => boolean;

/** A rate with its exact interval (Clopper and Pearson); NaN without trials. */
export function rate(events: number, trials: number): Rate {
  return { rate: events / trials, ...rateInterval({ events, trials }), events, trials };
}

/** Asks embedder and judge about every pair. */
export function scorePairs(
  pairs: readonly { readonly a: string; readonly b: string; readonly label: 0 | 1; readonly kind?: string }[],
  { vectors, judge }: { readonly vectors: TextVectors; readonly judge: PairJudge },
): ScoredPair[] {
  return pairs.map(({ a, b, label, kind = '' }) => {
    const similarity = cosine(vectors.vector(a), vectors.vector(b));
    const { gate, confidence } = judge.judge(a, b, similarity);
    return { kind, isSame: label === 1, similarity, gate, confidence };
  });
}

/** Counts what a decision serves. */
export function servedOf(pairs: readonly ScoredPair[], decide: Decide): Served {
  const served = pairs.filter(decide);
  const right = served.filter(({ isSame }) => isSame).length;
  const same = pairs.filter(({ isSame }) => isSame).length;
  return {
    precision: rate(right, served.length),
    recall: rate(right, same),
    falseHits: rate(served.length - right, pairs.length - same),
  };
}

/** The same by kind, in the order of the pairs: the share of each kind that is served. */
export function servedByKind(pairs: readonly ScoredPair[], decide: Decide): Map<string, Rate> {
  return new Map(
    [...Map.groupBy(pairs, ({ kind }) => kind)].map(([kind, group]) => [
      kind,
      rate(group.filter(decide).length, group.length),
    ]),
  );
}

/** Serves by cosine alone, as other semantic caches do. */
export function byCosine(minSimilarity: number): Decide {
  return ({ similarity }) => similarity >= minSimilarity;
}

/** Serves what passes all gates and is sure enough. */
export function byJudge(minConfidence: number): Decide {
  return ({ gate, confidence }) => gate === null && confidence >= minConfidence;
}

/**
 * The lowest limit at which a measure still serves at this precision, chosen on the pairs themselves; Infinity when
 * there is none. Pairs whose measure is null are never served.
 */
export function limitAtPrecision(
  pairs: readonly ScoredPair[],
  {
    measure,
    precision,
  }: { readonly measure: (pair: ScoredPair) => number | null; readonly precision: number },
): number {
  const measured = pairs
    .map((pair) => ({ value: measure(pair), isSame: pair.isSame }))
    .filter((pair): pair is { value: number; isSame: boolean } => pair.value !== null)
    .toSorted((a, b) => b.value - a.value);
  let [right, best] = [0, Number.POSITIVE_INFINITY];
  for (const [i, { value, isSame }] of measured.entries()) {
    if (isSame) right += 1;
    const isLastOfValue = measured[i + 1]?.value !== value;
    if (isLastOfValue && right / (i + 1) >= precision) best = value;
  }
  return best;
}
