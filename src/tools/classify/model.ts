import { highest } from '../rank.ts';
import { probabilities, scoreOf } from './calibrate.ts';
import type { SparseVector, Vocabulary } from './features.ts';
import { linearScorer } from './linear.ts';
import { likeness } from './local-kernel.ts';
import type { Calibration } from './options.ts';
import { dots, type ScaledRows, splitRows } from './rows.ts';

/** Labels that the kernel looks at: the right one is among the linear part's first four in 98 of 100. */
export const CANDIDATES = 4;

/** What is learned of one label by the kernel: examples as places, and how much likeness to each counts. */
export interface Members {
  readonly points: Int32Array;
  readonly alphas: Float32Array;
}

/** Everything that was learned. */
export interface IntentModel {
  readonly labels: readonly string[];
  readonly examples: number;
  readonly dimensions: number;
  readonly vocabulary: Vocabulary;
  /** A row of `LinearWeights` for each label. */
  readonly linear: ScaledRows;
  /** A row for each example: its vector. */
  readonly points: ScaledRows;
  readonly members: readonly Members[];
  readonly calibration: Calibration;
}

/** A label that a text may have, as its place. */
export interface ScoredLabel {
  readonly label: number;
  readonly confidence: number;
}

/** Applies a model to texts; keeps what it needs between calls, so one per model. */
export class IntentScorer {
  readonly #model: IntentModel;
  readonly #linear: readonly ReturnType<typeof linearScorer>[];
  readonly #points: readonly Float32Array[];
  readonly #cosines: Float32Array;
  readonly #likeness: Float32Array;
  /** The call in which a point was last compared. */
  readonly #seen: Float64Array;
  #call = 0;

  constructor(model: IntentModel) {
    const { labels, vocabulary, linear, points, dimensions, examples } = model;
    this.#model = model;
    this.#linear = splitRows(linear.values, linear.values.length / labels.length).map((weights) =>
      linearScorer(weights, vocabulary.size),
    );
    this.#points = splitRows(points.values, dimensions);
    this.#cosines = new Float32Array(examples);
    this.#likeness = new Float32Array(examples);
    this.#seen = new Float64Array(examples);
  }

  /** The candidates, best first, with their probabilities. */
  score(words: SparseVector, vector: Float32Array): ScoredLabel[] {
    const scores = Float32Array.from(this.#linear, (scorer) => scorer(words, vector));
    const candidates = highest(scores, CANDIDATES);
    const { calibration } = this.#model;
    this.#compare(vector, candidates);
    const joined = candidates.map((label) =>
      scoreOf(scores[label] as number, this.#kernelScore(label), calibration),
    );
    const shares = probabilities(joined, calibration);
    return candidates
      .map((label, i) => ({ label, confidence: shares[i] as number }))
      .toSorted((a, b) => b.confidence - a.confidence);
  }

  /** Computes the likeness of a text to the points of the candidates, each once: candidates share points. */
  #compare(vector: Float32Array, candidates: readonly number[]): void {
    this.#call += 1;
    const places: number[] = [];
    for (const label of candidates) {
      for (const point of (this.#model.members[label] as Members).points) {
        if (this.#seen[point] === this.#call) continue;
        this.#seen[point] = this.#call;
        places.push(point);
      }
    }
    dots(
      vector,
      places.map((point) => this.#points[point] as Float32Array),
      this.#cosines,
    );
    for (const [at, point] of places.entries()) this.#likeness[point] = likeness(this.#cosines[at] as number);
  }

  #kernelScore(label: number): number {
    const { points, alphas } = this.#model.members[label] as Members;
    let sum = 0;
    for (let i = 0; i < points.length; i += 1)
      sum += (alphas[i] as number) * (this.#likeness[points[i] as number] as number);
    return sum;
  }
}
