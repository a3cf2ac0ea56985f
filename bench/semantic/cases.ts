import { type DataSets, type EntailedPair, textSources } from './data-sets.ts';
import { type MinimalPair, makeMinimalPairs } from './minimal-pairs.ts';

const PAIRS_PER_KIND = 80;
const SEED = 7;
const LEAST_OVERLAP = 0.6;

/** All that the bench compares. */
export interface Cases {
  readonly sets: DataSets;
  /** Changed and kept meanings by rule, and SICK's contradictions that share most of their words. */
  readonly minimal: readonly MinimalPair[];
}

function sickContradictions(sick: readonly EntailedPair[]): MinimalPair[] {
  return sick
    .filter(({ entail, overlap }) => entail === 'CONTRADICTION' && overlap >= LEAST_OVERLAP)
    .map(({ a, b }) => ({ a, b, label: 0, kind: 'sick_contradiction', source: 'sick' }));
}

/** Returns the cases of the bench, the same at every run. */
export function makeCases(sets: DataSets): Cases {
  const made = makeMinimalPairs({
    sources: textSources(sets),
    changed: PAIRS_PER_KIND,
    kept: PAIRS_PER_KIND,
    seed: SEED,
  });
  return { sets, minimal: [...made, ...sickContradictions(sets.sick)] };
}

/** Every text that the bench embeds. */
export function textsOf({ sets, minimal }: Cases): string[] {
  const texts = new Set([...textSources(sets).values()].flat());
  for (const { a, b } of minimal) texts.add(a).add(b);
  return [...texts];
}
