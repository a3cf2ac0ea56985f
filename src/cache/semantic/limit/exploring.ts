/** Hits that are served before any is explored: whoever switches the cache on sees hits. */
const FIRST_SERVED = 3;

/** Chooses the hits that are asked anew, so that answers can be compared. */
export interface Exploring {
  /**
   * True when this hit is to be explored; the hit is counted.
   *
   * @param isProven whether the hits that were compared so far show that the tolerated rate is kept
   */
  explores(isProven: boolean): boolean;
  snapshot(): ExploringSnapshot;
  restore(snapshot: ExploringSnapshot): void;
}

/** What is remembered, as JSON. */
export interface ExploringSnapshot {
  readonly hits: number;
  readonly explored: number;
}

/**
 * Returns a choice: all hits but the first three until it is proven that they are right, later the stated share of
 * them at random.
 *
 * @param options.share 0 to 1; 0 explores nothing at any time
 * @param options.random from 0 to below 1
 */
export function createExploring({
  share,
  random,
}: {
  readonly share: number;
  readonly random: () => number;
}): Exploring {
  let [hits, explored] = [0, 0];
  const chooses = (isProven: boolean): boolean => {
    if (share <= 0) return false;
    if (share >= 1) return true;
    return hits > FIRST_SERVED && (!isProven || random() < share);
  };
  return {
    explores(isProven) {
      hits += 1;
      const isExplored = chooses(isProven);
      if (isExplored) explored += 1;
      return isExplored;
    },
    snapshot: () => ({ hits, explored }),
    restore(snapshot) {
      ({ hits, explored } = snapshot);
    },
  };
}
