import { BoundedMap } from '../../../support/index.ts';

/** Whether two words of one stem are near in meaning. */
export type AreNear = (x: string, y: string) => boolean;

const MOST_KEPT = 4_096;
/** "invest" and "investment" have 0.86, "universe" and "university" 0.08. */
const LEAST_SIMILARITY = 0.3;

/**
 * Tells words that are derived from each other from words that only look so, by the cosine of their vectors. Only
 * ever asked of words that share a stem: on its own the nearness of vectors ties opposites.
 */
export function createNearness(embedWord: (word: string) => Float32Array): AreNear {
  const kept = new BoundedMap<string, Float32Array>(MOST_KEPT);
  const vectorOf = (word: string): Float32Array => {
    const known = kept.get(word);
    if (known !== undefined) return known;
    const vector = embedWord(word);
    kept.set(word, vector);
    return vector;
  };
  return (x, y) => {
    try {
      return cosine(vectorOf(x), vectorOf(y)) >= LEAST_SIMILARITY;
    } catch {
      // The judge never throws; without vectors the words stay apart, which stops the pair with a reason.
      return false;
    }
  };
}

/** NaN, which is near nothing, for vectors that cannot be compared. */
function cosine(x: Float32Array, y: Float32Array): number {
  if (x.length !== y.length) return Number.NaN;
  let sum = 0;
  for (let i = 0; i < x.length; i += 1) sum += (x[i] as number) * (y[i] as number);
  return sum;
}
