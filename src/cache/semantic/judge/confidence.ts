import { featuresOf } from './features.ts';
import type { Pair } from './gates/index.ts';

// In log-odds. A pair of texts with the same words, plenty of them, and vectors that all but agree, begins at 5.2
// (0.994); each thing that speaks against it takes a share away.
const SURE = 5.2;
/** For a tenth of the content without a counterpart 0.9: one light word in a short question. */
const OF_LOST_COVERAGE = -9;
/** When all counterparts are synonyms and derivations, none the same word. */
const OF_LOOSENESS = -1.5;
/** For a text that says next to nothing: one word may mean many things. */
const OF_LITTLE_SUBSTANCE = -1.6;
/** When all pronouns, quantifiers and the like differ. */
const OF_DRIFT = -1.6;
/** For a tenth that the cosine is below `NEAR` 0.5; the words have told most of it. */
const OF_DISTANCE = -5;
/** Of words that all have a counterpart: how far apart the forms of the question are, which says little. */
const OF_DISTANT_FORMS = -2.5;
const NEAR = 0.95;

/**
 * The estimated probability that one answer serves both texts: a logistic function of five features, with
 * coefficients that were set by hand, not fitted: it orders pairs, and how often a given value is right is for the
 * cache to learn. Meant for pairs that the gates let
 * pass; for others it says how near they are apart from what the gates saw.
 */
export function confidenceOf(pair: Pair, similarity: number): number {
  const { coverage, looseness, substance, drift, similarity: near } = featuresOf(pair, similarity);
  const odds =
    SURE +
    OF_LOST_COVERAGE * (1 - coverage) +
    OF_LOOSENESS * looseness +
    OF_LITTLE_SUBSTANCE * (1 - substance) +
    OF_DRIFT * drift +
    (coverage === 1 ? OF_DISTANT_FORMS : OF_DISTANCE) * Math.max(0, NEAR - near);
  return 1 / (1 + Math.exp(-odds));
}
