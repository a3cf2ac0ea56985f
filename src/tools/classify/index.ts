export { categoryBoosts } from './boosts.ts';
export { type CategoriesOptions, categoriesOf, categoryExamples } from './categories.ts';
export { restoreIntentClassifier, trainIntentClassifier } from './classifier.ts';
export type {
  ClassifyOptions,
  IntentClassifier,
  IntentExample,
  IntentGuess,
  IntentSnapshot,
  IntentTrainingOptions,
  ToolCategory,
} from './options.ts';
