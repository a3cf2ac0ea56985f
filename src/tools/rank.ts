/**
 * How much words count beside meaning, and from which match on more words change little. Fitted on halves of
 * the queries of metatool, sealtools and bfcl (docs/tools.md has the figures of the other halves).
 */
const WORDS = 1.5;
const HALF_MATCH = 4;
/** Share of the whole request's figure that each step has on top of its own: a step keeps its subject. */
const WHOLE_IN_STEP = 0.5;
/** What a figure must fall by for its tool to be e times less likely. Fitted on the same halves. */
const TEMPERATURE = 0.08;
/** Tools of a part that can be meant; the others' shares would be lost in rounding. */
const MOST_MEANT = 30;

/** Words and meaning of one text, for each tool. */
export interface Match {
  readonly words: Float32Array;
  /** Absent without an embedder. */
  readonly meaning: Float32Array | undefined;
}

/** Joins words and meaning, and what a tool has in its favour, into one figure comparable within one request. */
export function fuse({ words, meaning }: Match, bonus: Float32Array): Float32Array {
  const fused = new Float32Array(words.length);
  for (let tool = 0; tool < words.length; tool += 1) {
    const match = words[tool] as number;
    fused[tool] = (WORDS * match) / (match + HALF_MATCH) + (meaning?.[tool] ?? 0) + (bonus[tool] as number);
  }
  return fused;
}

/** A step's figures with a share of the whole's. */
export function withWhole(step: Float32Array, whole: Float32Array): Float32Array {
  const joined = new Float32Array(step.length);
  for (let tool = 0; tool < step.length; tool += 1) {
    joined[tool] = ((step[tool] as number) + WHOLE_IN_STEP * (whole[tool] as number)) / (1 + WHOLE_IN_STEP);
  }
  return joined;
}

/** Adds `weight`, shared out among the tools by how likely each is the one that a part means, to `into`. */
export function addShares(figures: Float32Array, weight: number, into: Float32Array): void {
  const places = highest(figures, MOST_MEANT);
  const best = figures[places[0] ?? 0] ?? 0;
  const odds = places.map((place) => Math.exp(((figures[place] as number) - best) / TEMPERATURE));
  const sum = odds.reduce((total, odd) => total + odd, 0);
  for (const [i, place] of places.entries()) {
    into[place] = (into[place] as number) + (weight * (odds[i] as number)) / sum;
  }
}

/** The places of the highest values, highest first; of equal ones the first. The work grows with the values alone. */
export function highest(values: Float32Array, count: number): number[] {
  const places: number[] = [];
  let least = Number.NEGATIVE_INFINITY;
  for (let place = 0; place < values.length; place += 1) {
    const value = values[place] as number;
    if (value <= least) continue;
    let at = places.length;
    while (at > 0 && (values[places[at - 1] as number] as number) < value) at -= 1;
    places.splice(at, 0, place);
    if (places.length > count) places.pop();
    if (places.length === count) least = values[places[count - 1] as number] as number;
  }
  return places;
}
