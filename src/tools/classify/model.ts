import { highest } from '../rank.ts';
import { probabilities, scoreOf } from './calibrate.ts';
import type { SparseVector, Vocabulary } from './features.ts';
import { linearScorer } from './linear.ts';
import { likeness } from './local-kernel.ts';
import type { Calibration } from './options.ts';
import { dot, type ScaledRows, splitRows } from './rows.ts';

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
  readonly #likeness: Float32Array;
  /** The call in which a point's likeness was last computed: labels share points. */
  readonly #seen: Float64Array;
  #call = 0;

  constructor(model: IntentModel) {
    const { labels, vocabulary, linear, points, dimensions, examples } = model;
    this.#model = model;
    this.#linear = splitRows(linear.values, linear.values.length / labels.length).map((weights) =>
      linearScorer(weights, vocabulary.size),
    );
    this.#points = splitRows(points.values, dimensions);
    this.#likeness = new Float32Array(examples);
    this.#seen = new Float64Array(examples);
  }

  /** The candidates, best first, with their probabilities. */
  score(words: SparseVector, vector: Float32Array): ScoredLabel[] {
    const scores = Float32Array.from(this.#linear, (scorer) => scorer(words, vector));
    const candidates = highest(scores, CANDIDATES);
    const { calibration } = this.#model;
    this.#call += 1;
    const joined = candidates.map((label) =>
      scoreOf(scores[label] as number, this.#kernelScore(label, vector), calibration),
    );
    const shares = probabilities(joined, calibration);
    return candidates
      .map((label, i) => ({ label, confidence: shares[i] as number }))
      .toSorted((a, b) => b.confidence - a.confidence);
  }

  #kernelScore(label: number, vector: Float32Array): number {
    const { points, alphas } = this.#model.members[label] as Members;
    let sum = 0;
    for (let i = 0; i < points.length; i += 1) {
      const point = points[i] as number;
      if (this.#seen[point] !== this.#call) {
        this.#seen[point] = this.#call;
        this.#likeness[point] = likeness(dot(vector, this.#points[point] as Float32Array));
      }
      sum += (alphas[i] as number) * (this.#likeness[point] as number);
    }
    return sum;
  }
}
