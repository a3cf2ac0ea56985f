import type { Pair } from './gates/index.ts';
import type { Tie } from './relations.ts';

/** What a confidence is made of. */
export interface Features {
  /** Cosine, 0 to 1. */
  readonly similarity: number;
  /** Share of both texts' content, weighed, that has a counterpart; 0 to 1. */
  readonly coverage: number;
  /** Share of the counterparts that only a table, a spelling or a derivation ties; 0 to 1. */
  readonly looseness: number;
  /** How much the poorer text says: 0 for nothing, 1 for four words of content or more. */
  readonly substance: number;
  /** Share of the function words, articles and the like left out, that stand in one text alone; 0 to 1. */
  readonly drift: number;
}

const MUCH = 4;
/** Function words that say something, of both texts: of fewer one alone is no sign that the texts drift apart. */
const MANY = 3;
/** How loose a tie is: what is spelled in another way is the same word. */
const LOOSENESS: Readonly<Record<Tie, number>> = { same: 0, spelling: 0, synonym: 0.7, derived: 1 };
/** Words that come and go with the form of a question. */
const FORMAL = new Set(
  'a an the is are was were be been am do does did can could would will should some any of in on for to at and i you we one it there that my if'.split(
    ' ',
  ),
);

/** Reads what a confidence is made of off an alignment. */
export function featuresOf({ a, b, alignment }: Pair, similarity: number): Features {
  const total = a.weight + b.weight;
  const lone = [...alignment.onlyA, ...alignment.onlyB].reduce((sum, { weight }) => sum + weight, 0);
  const loose = alignment.matches.reduce((sum, { tie }) => sum + LOOSENESS[tie], 0);
  return {
    similarity: Number.isFinite(similarity) ? Math.max(0, Math.min(1, similarity)) : 0,
    coverage: total === 0 ? 0 : 1 - lone / total,
    looseness: loose / Math.max(1, alignment.matches.length),
    substance: Math.min(1, Math.min(a.weight, b.weight) / MUCH),
    drift: drift(a.functions, b.functions),
  };
}

function drift(one: ReadonlyMap<string, number>, two: ReadonlyMap<string, number>): number {
  let all = 0;
  let alone = 0;
  for (const [words, others] of [
    [one, two],
    [two, one],
  ] as const) {
    for (const word of words.keys()) {
      if (FORMAL.has(word)) continue;
      all += 1;
      if (!others.has(word)) alone += 1;
    }
  }
  return alone / Math.max(MANY, all);
}
