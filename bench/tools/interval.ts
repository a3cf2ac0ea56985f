/** The mean of the values. */
export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / (values.length || 1);
}

/** The 95% interval of a mean of values from 0 to 1 (Wilson 1927, with the variance of a share as the bound). */
export function interval(values: readonly number[]): readonly [low: number, high: number] {
  const n = values.length || 1;
  const share = mean(values);
  const z = 1.96;
  const middle = (share + z ** 2 / (2 * n)) / (1 + z ** 2 / n);
  const half = (z / (1 + z ** 2 / n)) * Math.sqrt((share * (1 - share)) / n + z ** 2 / (4 * n ** 2));
  return [middle - half, middle + half];
}
