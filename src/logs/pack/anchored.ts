/** Share of the worth per token of what belongs to it that an error has at least. */
const LEAD = 0.5;

/** Candidates, some of which say little without another. */
export interface Anchored {
  readonly worth: Float64Array;
  /** Tokens of each. */
  readonly cost: Float64Array;
  /** For each the index of the candidate that it belongs to; -1 for none. */
  readonly anchors: Int32Array;
}

/**
 * Returns worths by which no candidate is chosen before the one that it belongs to: at any price per token an
 * error is worth its tokens wherever one of its frames is. Otherwise a short frame would be kept without the
 * long message that it is there for.
 */
export function anchoredWorths({ worth, cost, anchors }: Anchored): Float64Array {
  const led = worth.slice();
  for (const [i, anchor] of anchors.entries()) {
    if (anchor < 0) continue;
    const needed = ((LEAD * (worth[i] as number)) / (cost[i] as number)) * (cost[anchor] as number);
    if (needed > (led[anchor] as number)) led[anchor] = needed;
  }
  return led;
}
