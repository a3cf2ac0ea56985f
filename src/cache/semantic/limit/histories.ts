/** Entries and groups of answers that are remembered; what was not seen for longest is forgotten first. */
const MOST_ENTRIES = 20_000;
const MOST_GROUPS = 5_000;
/** Wrong answers that a group is given in advance, and as many expected ones: how slowly its history says anything. */
const PRIOR_WRONG = 0.3;
/** Comparisons of a group after which an old one counts for 1/e. */
const MEMORY = 50;

/** What is remembered, as JSON, the least recently seen first. */
export interface HistoriesSnapshot {
  /** Entry, highest value at which it was wrong. */
  readonly wrongAt: readonly (readonly [number, number])[];
  /** Group, wrong answers, wrong answers that were to be expected. */
  readonly groups: readonly (readonly [number, number, number])[];
}

/** A lookup whose answer was compared. */
export interface ComparedLookup {
  readonly id: number;
  readonly answerGroup: number;
  /** How sure it looked, 0 to 1. */
  readonly value: number;
  /** The probability of a wrong answer that was expected of it. */
  readonly risk: number;
}

/** What was seen of single entries and of groups of answers. */
export interface Histories {
  observe(lookup: ComparedLookup, isSame: boolean): void;
  /** True when the entry was seen wrong at this value or a higher one. */
  wasWrong(id: number, value: number): boolean;
  /** The risk of a lookup, raised where the group's answers fared worse than was expected of them. */
  riskOf(answerGroup: number, risk: number): number;
  snapshot(): HistoriesSnapshot;
  restore(snapshot: HistoriesSnapshot): void;
}

/** Puts an entry last and forgets the first beyond the bound (INV-S4). */
function remember<V>(map: Map<number, V>, [key, value]: readonly [number, V], most: number): void {
  map.delete(key);
  map.set(key, value);
  for (const oldest of map.keys()) {
    if (map.size <= most) break;
    map.delete(oldest);
  }
}

/** Returns histories that know nothing; their size is bounded. */
export function createHistories(): Histories {
  const wrongAt = new Map<number, number>();
  const groups = new Map<number, readonly [number, number]>();
  return {
    observe({ id, answerGroup, value, risk }, isSame) {
      if (!isSame) remember(wrongAt, [id, Math.max(wrongAt.get(id) ?? 0, value)], MOST_ENTRIES);
      const [wrong, expected] = groups.get(answerGroup) ?? [0, 0];
      const kept = 1 - 1 / MEMORY;
      remember(groups, [answerGroup, [wrong * kept + (isSame ? 0 : 1), expected * kept + risk]], MOST_GROUPS);
    },
    wasWrong: (id, value) => (wrongAt.get(id) ?? -1) >= value,
    riskOf(answerGroup, risk) {
      const [wrong, expected] = groups.get(answerGroup) ?? [0, 0];
      // A good record does not lower it: what went well was mostly less sure, and says little of what is surer.
      return Math.min(1, risk * Math.max(1, (PRIOR_WRONG + wrong) / (PRIOR_WRONG + expected)));
    },
    snapshot: () => ({
      wrongAt: [...wrongAt],
      groups: [...groups].map(([group, [wrong, expected]]) => [group, wrong, expected] as const),
    }),
    restore(snapshot) {
      wrongAt.clear();
      groups.clear();
      for (const entry of snapshot.wrongAt) remember(wrongAt, entry, MOST_ENTRIES);
      for (const [group, wrong, expected] of snapshot.groups)
        remember(groups, [group, [wrong, expected]], MOST_GROUPS);
    },
  };
}
