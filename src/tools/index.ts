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
  CompactedTools,
  CompactionLevel,
  ToolCompaction,
  ToolCompactionOptions,
} from './compact/options.ts';
export { createToolCompaction } from './compact/tool-compaction.ts';
export type {
  RankedTool,
  RerankedTool,
  ToolIndex,
  ToolIndexOptions,
  ToolNote,
  ToolRanking,
  ToolRankOptions,
  ToolReason,
  ToolReranker,
  ToolTransitions,
  ToolTurn,
} from './options.ts';
export { createToolSelectionStage, type ToolSelection } from './stage.ts';
export type { ToolSelectionMode, ToolSelectionPolicy, ToolSelectionStageOptions } from './stage-options.ts';
export { createToolIndex } from './tool-index.ts';
export {
  createToolTransitions,
  type LearnedTransitions,
  type ToolTransitionsOptions,
} from './transitions.ts';
