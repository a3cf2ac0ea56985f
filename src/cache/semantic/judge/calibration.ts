/** Stated rates of false hits that have a limit of their own. */
const RATES = [0.005, 0.01, 0.02, 0.05, 0.1] as const;

/**
 * The lowest confidence to serve at each rate, by the embedder whose cosines enter the confidence. Set on data that
 * may ship: of forms of one question from banking77 and clinc150, 93% have 0.97 or more with the built-in embedder;
 * of 20,000 pairs of two intents of banking77 the gates let two pass. Of an embedder that was never measured nothing
 * is assumed.
 */
const LIMITS: Readonly<Record<string, readonly number[]>> = {
  'pare-static': [0.985, 0.97, 0.94, 0.85, 0.7],
  'all-MiniLM-L6-v2': [0.985, 0.97, 0.94, 0.8, 0.65],
};
const CAREFUL = [0.99, 0.985, 0.97, 0.92, 0.85];

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
