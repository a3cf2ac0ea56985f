/** Hits that are served before any is explored on top of the stated share: whoever switches the cache on sees hits. */
const FIRST_SERVED = 3;
/** At first hits are explored so many times as often in addition as later. */
const EAGERNESS = 2;
/** Hits after which half of that eagerness is left. */
const EAGER_HITS = 40;
/** Bound of all exploring that is not asked for: so many hits, and this share of all. */
const MOST_EXTRA = 2;
const MOST_EXTRA_SHARE = 0.09;

/** Chooses the hits that are asked anew, so that answers can be compared. */
export interface Exploring {
  /** True when this hit is to be explored; the hit is counted. */
  explores(): boolean;
  snapshot(): ExploringSnapshot;
  restore(snapshot: ExploringSnapshot): void;
}

/** What is remembered, as JSON. */
export interface ExploringSnapshot {
  readonly hits: number;
  readonly explored: number;
}

/**
 * Returns a choice at random: the stated share of the hits, and up to three times as many among the first hundred or
 * so, of which the cache knows least; not of the first three.
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
  return {
    explores() {
      hits += 1;
      const mayBeMore = hits > FIRST_SERVED && explored + 1 <= MOST_EXTRA + MOST_EXTRA_SHARE * hits;
      const extra = mayBeMore ? (EAGERNESS * EAGER_HITS) / (EAGER_HITS + hits) : 0;
      const isExplored = hits > FIRST_SERVED || share >= 1 ? random() < share * (1 + extra) : false;
      if (isExplored) explored += 1;
      return isExplored;
    },
    snapshot: () => ({ hits, explored }),
    restore(snapshot) {
      ({ hits, explored } = snapshot);
    },
  };
}
