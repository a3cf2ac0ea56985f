/**
 * Shares of tools that were called in the turn at hand, by their place in the ranking, of those that the session did
 * not have: recorded runs of BFCL (multi-turn, even rows), tau-bench and LiveMCPBench, 3,600 places, rounded.
 */
const AFTER_A_REQUEST = [0.45, 0.15, 0.1, 0.06, 0.06] as const;
const IN_A_LOOP = [0.1, 0.04, 0.015] as const;
const FURTHER_DOWN = 0.015;

/** So far from what was said that none of them was called. */
const FAR = 0.2;

/** How likely a tool that the session lacks is called now, 0 to 1. */
export function likelyCalled({
  place,
  similarity,
  isNewRequest,
}: {
  /** Among the ranked tools, 0 for the best. */
  readonly place: number;
  /** Cosine of the request and the tool. */
  readonly similarity: number;
  /** True where the user said something new, false where the model goes on with its own calls. */
  readonly isNewRequest: boolean;
}): number {
  const share = (isNewRequest ? AFTER_A_REQUEST : IN_A_LOOP)[place] ?? FURTHER_DOWN;
  return similarity < FAR ? Math.min(share, FURTHER_DOWN) : share;
}
