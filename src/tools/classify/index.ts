export { categoryBoosts } from './boosts.ts';
export { type CategoriesOptions, categoriesOf, categoryExamples, type ToolCategory } from './categories.ts';
export { restoreIntentClassifier, trainIntentClassifier } from './classifier.ts';
export type {
  ClassifyOptions,
  IntentClassifier,
  IntentExample,
  IntentGuess,
  IntentSnapshot,
  IntentTrainingOptions,
} from './options.ts';
