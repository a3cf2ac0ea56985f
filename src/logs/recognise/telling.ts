/** Sets of texts for one pattern. */
export const MOST_SETS = 3;

/** Texts of which every match holds at least one, by letters of either case. */
export type Literals = readonly string[];

/** What a line must hold beside the most telling text is looked for where it is as telling as this. */
const TELLING = 3;

/** How much it tells that a line holds one of the texts: by the shortest, more where it has a rare letter or mark. */
function strengthOf(set: Literals): number {
  let least = Number.POSITIVE_INFINITY;
  for (const text of set) {
    const strength = Math.min(text.length, 4) + (/[^etaoinsrhldcu ./:\-_\d]/i.test(text) ? 1 : 0);
    if (strength < least) least = strength;
  }
  return least;
}

/** The sets that tell most, the best first, at most so many. */
export function mostTelling(sets: readonly Literals[], most: number): readonly Literals[] {
  if (sets.length < 2) return sets;
  return sets
    .map((set) => ({ set, strength: strengthOf(set) }))
    .toSorted((a, b) => b.strength - a.strength || a.set.length - b.set.length)
    .filter(({ strength }, index) => index === 0 || (index < most && strength >= TELLING))
    .map(({ set }) => set);
}
