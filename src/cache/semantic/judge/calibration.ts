/** Stated rates of false hits that have a limit of their own. */
const RATES = [0.005, 0.01, 0.02, 0.05, 0.1] as const;

/**
 * The lowest confidence to serve at each rate, set by hand. Of 595 questions of banking77 and clinc150 and the same in
 * another form that pass the gates, 0.98 refuses 9 in a hundred, 0.97 three and 0.933 one in two hundred (built-in
 * embedder). Of the four nearest texts of each of 8,335 questions of both, the intent was another one in 1.0% of those
 * that passed at 0.98 or above (7 of 683), in 3.2% of those from 0.965 to 0.98 and in none of 244 at 0.99 or above, so
 * the limits of small rates lie higher. What a rate comes to in traffic, the cache learns.
 */
const MEASURED = [0.983, 0.98, 0.965, 0.933, 0.9];
const LIMITS: Readonly<Record<string, readonly number[]>> = {
  'pare-static': MEASURED,
  'all-MiniLM-L6-v2': MEASURED,
};
/** Of an embedder whose cosines were never looked at nothing is assumed. */
const CAREFUL = [0.99, 0.987, 0.98, 0.96, 0.94];

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
