/** Stated rates of false hits and the lowest confidence to serve at each: from `bench/semantic/judge-sweep.ts`. */
const RATES = [0.005, 0.01, 0.02, 0.05, 0.1] as const;

/**
 * By the embedder whose cosines enter the confidence. Cosines of a sentence encoder tell more than those of the
 * built-in table, so they may go lower at the lax end. Of an embedder that was never measured nothing is assumed.
 */
const LIMITS: Readonly<Record<string, readonly number[]>> = {
  'pare-static': [0.985, 0.975, 0.96, 0.92, 0.85],
  'all-MiniLM-L6-v2': [0.985, 0.975, 0.955, 0.88, 0.8],
};
const CAREFUL = [0.99, 0.985, 0.975, 0.95, 0.9];

/**
 * The lowest confidence to serve a stored answer at while nothing has been learned of the traffic: rises as the
 * tolerated rate falls. Between the rates that were measured it is interpolated; a rate below 0.005 tightens it in
 * proportion, so that at 0 only texts that are the same are served; one above 0.1 loosens it no more.
 *
 * @param maxFalseHitRate tolerated share of wrong hits among the hits, 0 to 1
 * @param embedderModel `EmbedderIdentity.model`; a path in front of the name is ignored
 * @returns 0 to 1, to compare with `PairJudgement.confidence`: serve at or above it
 */
export function coldLimit(maxFalseHitRate: number, embedderModel: string): number {
  const limits = LIMITS[embedderModel.split('/').at(-1) ?? ''] ?? CAREFUL;
  // NaN is no permission.
  if (!(maxFalseHitRate > 0)) return 1;
  const [least, lowest] = [RATES[0], limits[0] as number];
  if (maxFalseHitRate <= least) return 1 - (1 - lowest) * (maxFalseHitRate / least);
  for (let i = 1; i < RATES.length; i += 1) {
    const [from, to] = [RATES[i - 1] as number, RATES[i] as number];
    if (maxFalseHitRate > to) continue;
    const part = Math.log(maxFalseHitRate / from) / Math.log(to / from);
    return (limits[i - 1] as number) + part * ((limits[i] as number) - (limits[i - 1] as number));
  }
  return limits.at(-1) as number;
}
