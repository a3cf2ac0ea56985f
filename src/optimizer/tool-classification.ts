import type { Embedder, JsonValue } from '../contract/index.ts';
import { createStaticEmbedder } from '../embeddings/index.ts';
import {
  type CategoriesOptions,
  categoriesOf,
  type IntentClassifier,
  type IntentTrainingOptions,
  restoreIntentClassifier,
  type ToolCategory,
  trainIntentClassifier,
} from '../tools/index.ts';

/** What `pare.tools` offers to classify requests, with the built-in embedder. */
export interface ToolClassification {
  /**
   * Learns to tell intents or categories apart from examples, in this process; some 15 s of one core for
   * 10,000 examples of 77 labels.
   *
   * @throws InputError `invalid_examples`, `invalid_min_confidence`; AbortedError
   */
  trainClassifier(options: Omit<IntentTrainingOptions, 'embedder'>): Promise<IntentClassifier>;
  /** The classifier that a snapshot was taken of. @throws InputError `intent_snapshot_invalid`, `invalid_min_confidence` */
  restoreClassifier(snapshot: unknown, options?: { readonly minConfidence?: number }): IntentClassifier;
  /** Tools grouped by what their names begin with, then by meaning. @throws InputError `invalid_tools`; AbortedError */
  categories(
    tools: readonly JsonValue[],
    options?: Omit<CategoriesOptions, 'embedder'>,
  ): Promise<readonly ToolCategory[]>;
}

/** Returns the classification; its embedder is made at the first call. */
export function createToolClassification(): ToolClassification {
  let made: Embedder | undefined;
  const embedder = () => {
    made ??= createStaticEmbedder();
    return made;
  };
  return {
    trainClassifier: async (options) => trainIntentClassifier({ ...options, embedder: embedder() }),
    restoreClassifier: (snapshot, options = {}) =>
      restoreIntentClassifier(snapshot, { ...options, embedder: embedder() }),
    categories: async (tools, options = {}) => categoriesOf(tools, { ...options, embedder: embedder() }),
  };
}
