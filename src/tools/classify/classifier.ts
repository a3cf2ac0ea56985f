import { type Embedder, embedderKey } from '../../contract/index.ts';
import { throwIfAborted } from '../../support/index.ts';
import { checkExamples, checkLabels, checkMinConfidence, checkVector } from './errors.ts';
import { readPart } from './features.ts';
import { type IntentModel, IntentScorer } from './model.ts';
import type {
  ClassifyOptions,
  IntentClassifier,
  IntentGuess,
  IntentSnapshot,
  IntentTrainingOptions,
} from './options.ts';
import { readModel, writeModel } from './snapshot.ts';
import { trainModel } from './train.ts';

const MIN_CONFIDENCE = 0.3;
const CONTENT = /[^\s\p{Cc}\p{Cf}]/u;

/**
 * Learns to tell intents or categories apart from examples, in this process, without a network: a linear model
 * over words, pairs of words and the embedder's vector names candidates, and a kernel model for each label
 * decides between them. The same examples in the same order give the same classifier. Takes some 15 s of one
 * core for 10,000 examples of 77 labels, and lets the event loop run between labels.
 *
 * @throws InputError `invalid_examples`, `invalid_min_confidence`, `invalid_vector`; AbortedError; what the embedder throws
 * @example
 * const classifier = await trainIntentClassifier({ examples, embedder: createStaticEmbedder() });
 * const [best] = await classifier.classify('my card has not arrived');
 */
export async function trainIntentClassifier(options: IntentTrainingOptions): Promise<IntentClassifier> {
  const { examples, embedder, minConfidence = MIN_CONFIDENCE, signal } = options;
  checkExamples(examples);
  checkMinConfidence(minConfidence);
  throwIfAborted(signal);
  const told = examples
    .map(({ text, label }) => ({ text: readPart(text), label }))
    .filter(({ text }) => CONTENT.test(text));
  const labels = [...new Set(told.map(({ label }) => label))];
  checkLabels(labels, told.length);
  const { dimensions } = embedder.identity;
  const vectors = new Float32Array(told.length * dimensions);
  const made = await embedder.embed(
    told.map(({ text }) => text),
    signal === undefined ? {} : { signal },
  );
  for (const i of told.keys()) vectors.set(checkVector(made[i], dimensions), i * dimensions);
  const model = await trainModel({ examples: told, labels, vectors, dimensions, signal });
  return new LearnedClassifier(model, { embedder, minConfidence });
}

/**
 * Returns the classifier that a snapshot was taken of; it answers as the one did that gave the snapshot.
 *
 * @param options the embedder it was trained with, and another least confidence if wanted
 * @throws InputError `intent_snapshot_invalid` for another embedder or what is no snapshot, `invalid_min_confidence`
 * @example
 * const classifier = restoreIntentClassifier(JSON.parse(await readFile('intents.json', 'utf8')), { embedder });
 */
export function restoreIntentClassifier(
  snapshot: unknown,
  options: { readonly embedder: Embedder; readonly minConfidence?: number },
): IntentClassifier {
  const { model, minConfidence: kept } = readModel(snapshot, options.embedder.identity);
  const minConfidence = options.minConfidence ?? kept;
  checkMinConfidence(minConfidence);
  return new LearnedClassifier(model, { embedder: options.embedder, minConfidence });
}

class LearnedClassifier implements IntentClassifier {
  readonly #model: IntentModel;
  readonly #scorer: IntentScorer;
  readonly #embedder: Embedder;
  readonly #minConfidence: number;

  constructor(
    model: IntentModel,
    { embedder, minConfidence }: { readonly embedder: Embedder; readonly minConfidence: number },
  ) {
    this.#model = model;
    this.#scorer = new IntentScorer(model);
    this.#embedder = embedder;
    this.#minConfidence = minConfidence;
  }

  get labels(): readonly string[] {
    return this.#model.labels;
  }

  get examples(): number {
    return this.#model.examples;
  }

  async classify(text: string, options: ClassifyOptions = {}): Promise<readonly IntentGuess[]> {
    const { minConfidence = this.#minConfidence, signal } = options;
    checkMinConfidence(minConfidence);
    throwIfAborted(signal);
    const read = readPart(text);
    if (!CONTENT.test(read)) return [];
    const made =
      this.#embedder.embedNow?.(read) ??
      (await this.#embedder.embed([read], signal === undefined ? {} : { signal }))[0];
    const vector = checkVector(made, this.#model.dimensions);
    return this.#scorer
      .score(this.#model.vocabulary.read(read), vector)
      .filter(({ confidence }) => confidence >= minConfidence)
      .map(({ label, confidence }) => ({ label: this.labels[label] as string, confidence }));
  }

  snapshot(): IntentSnapshot {
    return writeModel(this.#model, {
      embedder: embedderKey(this.#embedder.identity),
      minConfidence: this.#minConfidence,
    });
  }
}
