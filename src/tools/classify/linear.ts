import type { SparseVector } from './features.ts';
import { dot } from './rows.ts';

/** How far an error counts against large weights; between 0.3 and 1 it makes no difference that shows. */
const COST = 0.5;
const MOST_PASSES = 30;
/** Passes end when no example pulls harder than this; a smaller one changes no accuracy. */
const TOLERANCE = 0.1;

/** What the linear part learns from. */
export interface LinearExamples {
  readonly words: readonly SparseVector[];
  /** All of one length. */
  readonly vectors: readonly Float32Array[];
  /** Length of the vectors of words. */
  readonly terms: number;
  /** Place of each example's label. */
  readonly labels: Int32Array;
  /** `squaresOf` the examples. */
  readonly squares: Float64Array;
}

/** Weights of one label: for each term, then for each dimension of the vector, then the constant. */
export type LinearWeights = Float32Array;

/** Squared length of each example with its constant. */
export function squaresOf(words: readonly SparseVector[], vectors: readonly Float32Array[]): Float64Array {
  return Float64Array.from(words, ({ values }, row) => {
    const vector = vectors[row] as Float32Array;
    return values.reduce((sum, value) => sum + value ** 2, 1 + dot(vector, vector));
  });
}

/**
 * Learns to tell one label from all others: a support vector machine with squared hinge loss, by dual
 * coordinate descent with shrinking (Hsieh, Chang, Lin, Keerthi, Sundararajan 2008, "A Dual Coordinate
 * Descent Method for Large-scale Linear SVM"). Deterministic.
 *
 * @param rows the examples to learn from, as places
 */
export function trainLinear(examples: LinearExamples, rows: Int32Array, label: number): LinearWeights {
  const { vectors, terms, labels, squares } = examples;
  const dimensions = vectors[0]?.length ?? 0;
  const weights = new Float32Array(terms + dimensions + 1);
  const parts = partsOf(weights, terms);
  const alphas = new Float64Array(rows.length);
  const active = Int32Array.from(rows.keys());
  const shuffle = createShuffler();
  let size = active.length;
  let limit = Number.POSITIVE_INFINITY;
  for (let pass = 0; pass < MOST_PASSES; pass += 1) {
    let hardest = 0;
    let highest = Number.NEGATIVE_INFINITY;
    shuffle(active, size);
    for (let at = 0; at < size; at += 1) {
      const i = active[at] as number;
      const row = rows[i] as number;
      const sign = labels[row] === label ? 1 : -1;
      const alpha = alphas[i] as number;
      const gradient = sign * scoreRow(examples, row, parts) - 1 + alpha / (2 * COST);
      if (alpha === 0 && gradient > limit) {
        // It pulls nowhere, and will not before the others are done: left out from now on.
        size -= 1;
        active[at] = active[size] as number;
        active[size] = i;
        at -= 1;
        continue;
      }
      const pull = alpha === 0 ? Math.min(gradient, 0) : gradient;
      hardest = Math.max(hardest, Math.abs(pull));
      highest = Math.max(highest, pull);
      if (Math.abs(pull) < 1e-9) continue;
      const next = Math.max(alpha - gradient / ((squares[row] as number) + 1 / (2 * COST)), 0);
      alphas[i] = next;
      addRow(examples, row, { step: (next - alpha) * sign, parts });
    }
    if (hardest <= TOLERANCE) break;
    limit = highest <= 0 ? Number.POSITIVE_INFINITY : highest;
  }
  return weights;
}

interface Parts {
  readonly words: Float32Array;
  readonly vector: Float32Array;
  /** One number. */
  readonly constant: Float32Array;
}

function partsOf(weights: LinearWeights, terms: number): Parts {
  return {
    words: weights.subarray(0, terms),
    vector: weights.subarray(terms, -1),
    constant: weights.subarray(-1),
  };
}

function scoreRow({ words, vectors }: LinearExamples, row: number, parts: Parts): number {
  return (
    (parts.constant[0] as number) +
    dot(vectors[row] as Float32Array, parts.vector) +
    sparseDot(words[row] as SparseVector, parts.words)
  );
}

function addRow(
  { words, vectors }: LinearExamples,
  row: number,
  { step, parts }: { readonly step: number; readonly parts: Parts },
): void {
  const { places, values } = words[row] as SparseVector;
  const vector = vectors[row] as Float32Array;
  for (let k = 0; k < places.length; k += 1) {
    const place = places[k] as number;
    parts.words[place] = (parts.words[place] as number) + step * (values[k] as number);
  }
  for (let k = 0; k < vector.length; k += 1)
    parts.vector[k] = (parts.vector[k] as number) + step * (vector[k] as number);
  parts.constant[0] = (parts.constant[0] as number) + step;
}

function sparseDot({ places, values }: SparseVector, weights: Float32Array): number {
  let sum = 0;
  for (let k = 0; k < places.length; k += 1)
    sum += (weights[places[k] as number] as number) * (values[k] as number);
  return sum;
}

/** Shuffles the first values of an array in place, always in the same way (a linear congruential generator). */
function createShuffler(): (values: Int32Array, size: number) => void {
  let state = 1;
  return (values, size) => {
    for (let i = size - 1; i > 0; i -= 1) {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      const other = Math.floor((state / 2 ** 32) * (i + 1));
      const kept = values[i] as number;
      values[i] = values[other] as number;
      values[other] = kept;
    }
  };
}

/** Returns what scores a text for a label: above 0 speaks for it. */
export function linearScorer(
  weights: LinearWeights,
  terms: number,
): (words: SparseVector, vector: Float32Array) => number {
  const parts = partsOf(weights, terms);
  const constant = parts.constant[0] as number;
  return (words, vector) => constant + dot(vector, parts.vector) + sparseDot(words, parts.words);
}
