import type { Embedder } from '../../contract/index.ts';

/** A text and the intent or category it belongs to. */
export interface IntentExample {
  readonly text: string;
  /** Any text but an empty one. */
  readonly label: string;
}

/** Options of `trainIntentClassifier`. */
export interface IntentTrainingOptions {
  /**
   * At least two labels, the more examples of each the better: ten are few, a hundred are plenty. Texts
   * without content are left out. The same text may stand under several labels.
   */
  readonly examples: readonly IntentExample[];
  /** Tells what texts mean; the classifier works with this embedder alone. */
  readonly embedder: Embedder;
  /**
   * Guesses below this confidence are not given, 0 to 1: higher refuses more texts that belong to no
   * label, and more that do.
   *
   * @default 0.3
   */
  readonly minConfidence?: number;
  /** Ends the training with `AbortedError`. */
  readonly signal?: AbortSignal;
}

/** One label that a text may have. */
export interface IntentGuess {
  readonly label: string;
  /**
   * Estimated probability that the label is right, 0 to 1. All labels' sum is below 1: the rest is the
   * probability that the text has none of them.
   */
  readonly confidence: number;
}

/** Options of one classification. */
export interface ClassifyOptions {
  /** Instead of the classifier's own. */
  readonly minConfidence?: number;
  /** Ends the call with `AbortedError`. */
  readonly signal?: AbortSignal;
}

/** Says which intent or category a text has. */
export interface IntentClassifier {
  /** The labels it knows, in the order of their first example. */
  readonly labels: readonly string[];
  /** Examples it was trained with: those that have content. */
  readonly examples: number;
  /**
   * The likely labels of a text, best first, at most four; none when no label is likely enough, and none for
   * a text without content. Reads the first 8,000 characters.
   *
   * @throws InputError `invalid_min_confidence`, `invalid_vector`; AbortedError; what the embedder throws
   */
  classify(text: string, options?: ClassifyOptions): Promise<readonly IntentGuess[]>;
  /** What was learned, as JSON: some 5 MB for 10,000 examples. `restoreIntentClassifier` reads it. */
  snapshot(): IntentSnapshot;
}

/** What a classifier has learned, as JSON; arrays of numbers are base64 of little-endian bytes. */
export interface IntentSnapshot {
  readonly version: 1;
  /** `embedderKey` of the embedder: no other can be used with it. */
  readonly embedder: string;
  readonly labels: readonly string[];
  readonly examples: number;
  readonly minConfidence: number;
  /** Words and pairs of words, in the order of the weights. */
  readonly words: readonly string[];
  readonly wordWeights: string;
  readonly linear: { readonly scales: string; readonly weights: string };
  readonly points: { readonly scales: string; readonly values: string };
  /** For each label: which points it looks at, and how each counts. */
  readonly members: readonly { readonly points: string; readonly alphas: string }[];
  readonly calibration: Calibration;
}

/** How scores become probabilities. */
export interface Calibration {
  /** How much the linear scores count beside the kernel's. */
  readonly linearShare: number;
  /** Higher is less sure. */
  readonly temperature: number;
  /** The score of "none of the labels". */
  readonly none: number;
}

/** Tools that belong together. */
export interface ToolCategory {
  /** What the tools' names share, or the name of the tool nearest to all. */
  readonly name: string;
  /** Names of its tools, in the caller's order. */
  readonly tools: readonly string[];
}
