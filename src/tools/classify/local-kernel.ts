import { dots } from './rows.ts';

/** How fast likeness fades with distance: `exp(-FADING * (1 - cosine))`. */
const FADING = 3;
/** How much a single example is mistrusted; labels are wrong now and then. */
const RIDGE = 0.1;

/** Likeness of two vectors of length 1 from their cosine, above 0 to 1. */
export function likeness(cosine: number): number {
  return Math.exp(FADING * (cosine - 1));
}

/** What the kernel part learned for one label. */
export interface LocalFit {
  /** How much likeness to each member speaks for the label. */
  readonly alphas: Float32Array;
  /** Score of each member as if it had not been among the members. */
  readonly leftOut: Float32Array;
}

/**
 * Learns to tell a label's examples from those it may be taken for: ridge regression to 1 and -1 with a
 * Gaussian kernel on the sphere, solved exactly. Being exact on few examples beats any approximation on all:
 * what tells two near intents apart lies in pairs of dimensions, which a linear model cannot see.
 *
 * The scores of left out members come from the same solution (Rifkin, Lippert 2007, "Notes on Regularized
 * Least Squares").
 *
 * @param vectors of the members
 * @param isOwn for each member, whether it has the label
 */
export function fitLocal(vectors: readonly Float32Array[], isOwn: readonly boolean[]): LocalFit {
  const size = vectors.length;
  const matrix = new Float64Array(size * size);
  const cosines = new Float32Array(size);
  for (const [i, vector] of vectors.entries()) {
    dots(vector, vectors.slice(0, i), cosines);
    for (let j = 0; j < i; j += 1) matrix[i * size + j] = likeness(cosines[j] as number);
    matrix[i * size + i] = 1 + RIDGE;
  }
  factorize(matrix, size);
  const inverse = invertLower(matrix, size);
  const targets = Float64Array.from(isOwn, (own) => (own ? 1 : -1));
  const half = new Float64Array(size);
  for (let i = 0; i < size; i += 1) {
    let sum = 0;
    for (let j = 0; j <= i; j += 1) sum += (inverse[i * size + j] as number) * (targets[j] as number);
    half[i] = sum;
  }
  const alphas = new Float64Array(size);
  const diagonal = new Float64Array(size);
  for (let i = 0; i < size; i += 1) {
    const share = half[i] as number;
    for (let j = 0; j <= i; j += 1) {
      const value = inverse[i * size + j] as number;
      alphas[j] = (alphas[j] as number) + value * share;
      diagonal[j] = (diagonal[j] as number) + value ** 2;
    }
  }
  return {
    alphas: Float32Array.from(alphas),
    leftOut: Float32Array.from(
      alphas,
      (alpha, i) => (targets[i] as number) - alpha / (diagonal[i] as number),
    ),
  };
}

/** Cholesky's factor, in place of the lower half. */
function factorize(matrix: Float64Array, size: number): void {
  for (let i = 0; i < size; i += 1) {
    for (let j = 0; j <= i; j += 1) {
      const a = i * size;
      const b = j * size;
      let x = 0;
      let y = 0;
      let k = 0;
      for (; k + 1 < j; k += 2) {
        x += (matrix[a + k] as number) * (matrix[b + k] as number);
        y += (matrix[a + k + 1] as number) * (matrix[b + k + 1] as number);
      }
      if (k < j) x += (matrix[a + k] as number) * (matrix[b + k] as number);
      const rest = (matrix[a + j] as number) - x - y;
      matrix[a + j] = i === j ? Math.sqrt(rest) : rest / (matrix[b + j] as number);
    }
  }
}

/** The inverse of a lower triangle, row by row. */
function invertLower(lower: Float64Array, size: number): Float64Array {
  const inverse = new Float64Array(size * size);
  for (let i = 0; i < size; i += 1) {
    const row = i * size;
    const pivot = 1 / (lower[row + i] as number);
    for (let k = 0; k < i; k += 1) {
      const factor = -(lower[row + k] as number) * pivot;
      const other = k * size;
      for (let j = 0; j <= k; j += 1)
        inverse[row + j] = (inverse[row + j] as number) + factor * (inverse[other + j] as number);
    }
    inverse[row + i] = pivot;
  }
  return inverse;
}
