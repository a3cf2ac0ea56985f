/** Chooses the hits that are asked anew, so that answers can be compared. */
export interface Exploring {
  /** 0 to 1; 0 explores nothing at any time. */
  readonly share: number;
  /** From 0 to below 1. */
  readonly random: () => number;
}

/**
 * True when a hit is to be explored: all until it is proven that they are right, later the stated share of them at
 * random.
 *
 * @param isProven whether the hits that were compared so far show that the tolerated rate is kept
 */
export function isExplored(isProven: boolean, { share, random }: Exploring): boolean {
  if (share <= 0) return false;
  if (share >= 1) return true;
  return !isProven || random() < share;
}
