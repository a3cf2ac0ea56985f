import { InputError } from '../../contract/index.ts';
import type { IntentExample } from './options.ts';

/** Beyond it, training would take minutes and gigabytes. */
const MOST_EXAMPLES = 100_000;
const MOST_LABELS = 1_000;
/** Scores of each example for each label are held at once. */
const MOST_SCORES = 50_000_000;

/** @throws InputError `invalid_examples` unless it is a list of texts with labels */
export function checkExamples(examples: unknown): asserts examples is readonly IntentExample[] {
  if (!Array.isArray(examples)) throw invalid(`examples must be a list, got ${typeof examples}`);
  if (examples.length > MOST_EXAMPLES)
    throw invalid(`at most ${MOST_EXAMPLES} examples can be learned from, got ${examples.length}`);
  for (const [i, example] of examples.entries()) {
    const { text, label } = (example ?? {}) as Partial<Record<'text' | 'label', unknown>>;
    if (typeof text !== 'string' || typeof label !== 'string' || label === '')
      throw invalid(`example ${i} must have a text and a label that is not empty`);
  }
}

/** @throws InputError `invalid_examples` unless there are labels to tell apart, and not too many */
export function checkLabels(labels: readonly string[], examples: number): void {
  if (labels.length < 2)
    throw invalid(`examples with content must have at least two labels, got ${labels.length}`);
  if (labels.length > MOST_LABELS || labels.length * examples > MOST_SCORES) {
    throw invalid(
      `at most ${MOST_LABELS} labels and ${MOST_SCORES} labels times examples can be learned, got ${labels.length} labels of ${examples} examples`,
    );
  }
}

/** @throws InputError `invalid_min_confidence` unless it is from 0 to 1 */
export function checkMinConfidence(minConfidence: number): void {
  if (minConfidence >= 0 && minConfidence <= 1) return;
  throw new InputError(
    'invalid_min_confidence',
    `minConfidence must be a number from 0 to 1, got ${minConfidence}.`,
  );
}

/** @throws InputError `invalid_vector` unless the embedder gave one of its size, of numbers */
export function checkVector(vector: Float32Array | undefined, dimensions: number): Float32Array {
  if (vector?.length === dimensions && vector.every(Number.isFinite)) return vector;
  throw new InputError(
    'invalid_vector',
    `The embedder must give ${dimensions} finite numbers for a text, it gave ${vector === undefined ? 'none' : `${vector.length}, or some that are not finite`}.`,
  );
}

/** @throws InputError `intent_snapshot_invalid` always */
export function refuseSnapshot(why: string, cause?: unknown): never {
  throw new InputError(
    'intent_snapshot_invalid',
    `The snapshot of the classifier cannot be used: ${why}. Train anew.`,
    cause === undefined ? {} : { cause },
  );
}

function invalid(what: string): InputError {
  return new InputError('invalid_examples', `${what}.`);
}
