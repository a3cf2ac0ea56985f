/** What a regression learns from: numbers by name, and whether the event came. */
export interface LabelledRow<F> {
  readonly features: F;
  readonly isTrue: boolean;
}

/** Weights that a regression found: the log odds of the event are `bias` and the weighted features, added up. */
export interface LogisticFit<F> {
  readonly bias: number;
  readonly weights: F;
}

const STEPS = 30;
/** Strength of the pull of weights to zero. */
const RIDGE = 0.01;

/** Fits a logistic regression by Newton's method; the rows all have the features of the first. */
export function fitLogistic<F extends { readonly [K in keyof F]: number }>(
  rows: readonly LabelledRow<F>[],
): LogisticFit<F> {
  const names = Object.keys(rows[0]?.features ?? {}) as (keyof F & string)[];
  const points = rows.map(({ features }) => [1, ...names.map((name) => features[name])]);
  let weights = points[0]?.map(() => 0) ?? [];
  for (let step = 0; step < STEPS; step += 1) {
    const gradient = weights.map((weight) => -RIDGE * weight);
    const curvature = weights.map((_, i) => weights.map((_, j) => (i === j ? RIDGE : 0)));
    for (const [at, point] of points.entries()) {
      const chance = 1 / (1 + Math.exp(-dot(point, weights)));
      const residual = (rows[at]?.isTrue === true ? 1 : 0) - chance;
      const spread = chance * (1 - chance);
      for (const [i, a] of point.entries()) {
        gradient[i] = (gradient[i] ?? 0) + residual * a;
        const row = curvature[i] as number[];
        for (const [j, b] of point.entries()) row[j] = (row[j] ?? 0) + spread * a * b;
      }
    }
    const move = solve(curvature, gradient);
    weights = weights.map((weight, i) => weight + (move[i] ?? 0));
  }
  const [bias = 0, ...rest] = weights;
  return { bias, weights: Object.fromEntries(names.map((name, i) => [name, rest[i]])) as F };
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);
}

/** Solves a system of linear equations whose matrix is positive definite (Gauss and Jordan). */
function solve(matrix: readonly (readonly number[])[], right: readonly number[]): number[] {
  const rows = matrix.map((row, i) => [...row, right[i] ?? 0]);
  for (const [i, pivot] of rows.entries()) {
    const scale = pivot[i] ?? 1;
    for (let column = i; column < pivot.length; column += 1) pivot[column] = (pivot[column] ?? 0) / scale;
    for (const [other, row] of rows.entries()) {
      if (other === i) continue;
      const factor = row[i] ?? 0;
      for (let column = i; column < row.length; column += 1)
        row[column] = (row[column] ?? 0) - factor * (pivot[column] ?? 0);
    }
  }
  return rows.map((row) => row.at(-1) ?? 0);
}
