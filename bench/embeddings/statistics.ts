/** Ranks from 1; equal values share the mean of their ranks. */
function ranksOf(values: readonly number[]): number[] {
  const order = [...values.keys()].toSorted((a, b) => (values[a] as number) - (values[b] as number));
  const ranks: number[] = Array.from({ length: values.length }, () => 0);
  for (let from = 0; from < order.length; ) {
    let to = from;
    while (to < order.length && values[order[to] as number] === values[order[from] as number]) to += 1;
    for (let i = from; i < to; i += 1) ranks[order[i] as number] = (from + to + 1) / 2;
    from = to;
  }
  return ranks;
}

/** Pearson's correlation. */
function pearson(a: readonly number[], b: readonly number[]): number {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [meanA, meanB] = [mean(a), mean(b)];
  let [both, squaresA, squaresB] = [0, 0, 0];
  for (const [i, value] of a.entries()) {
    const [x, y] = [value - meanA, (b[i] as number) - meanB];
    both += x * y;
    squaresA += x * x;
    squaresB += y * y;
  }
  return both / Math.sqrt(squaresA * squaresB);
}

/** Spearman's rank correlation. */
export function spearman(a: readonly number[], b: readonly number[]): number {
  return pearson(ranksOf(a), ranksOf(b));
}

/** A pair with its label: true when one answer serves both. */
export interface Judged {
  readonly similarity: number;
  readonly isSame: boolean;
}

/** Probability that a pair of the same meaning is more similar than one of another (area under the ROC curve). */
export function areaUnderCurve(pairs: readonly Judged[]): number {
  const ranks = ranksOf(pairs.map(({ similarity }) => similarity));
  const same = pairs.filter(({ isSame }) => isSame).length;
  const sum = pairs.reduce((total, { isSame }, i) => total + (isSame ? (ranks[i] as number) : 0), 0);
  return (sum - (same * (same + 1)) / 2) / (same * (pairs.length - same));
}

/** What a limit on similarity serves. */
export interface Operating {
  readonly minSimilarity: number;
  readonly precision: number;
  readonly recall: number;
}

/** Precision and recall at every limit, from the highest down. */
export function operatingPoints(pairs: readonly Judged[]): Operating[] {
  const sorted = pairs.toSorted((a, b) => b.similarity - a.similarity);
  const all = sorted.filter(({ isSame }) => isSame).length;
  let same = 0;
  return sorted.map(({ similarity, isSame }, i) => {
    if (isSame) same += 1;
    return { minSimilarity: similarity, precision: same / (i + 1), recall: same / all };
  });
}
