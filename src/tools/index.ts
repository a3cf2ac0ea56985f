export {
  type CategoriesOptions,
  type ClassifyOptions,
  categoriesOf,
  categoryBoosts,
  categoryExamples,
  type IntentClassifier,
  type IntentExample,
  type IntentGuess,
  type IntentSnapshot,
  type IntentTrainingOptions,
  restoreIntentClassifier,
  type ToolCategory,
  trainIntentClassifier,
} from './classify/index.ts';
export type {
  RankedTool,
  ToolIndex,
  ToolIndexOptions,
  ToolNote,
  ToolRanking,
  ToolRankOptions,
  ToolReason,
  ToolTransitions,
  ToolTurn,
} from './options.ts';
export { createToolIndex } from './tool-index.ts';
