export type {
  RankedTool,
  RerankedTool,
  ToolCategory,
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
export { createToolIndex } from './tool-index.ts';
export {
  createToolTransitions,
  type LearnedTransitions,
  type ToolTransitionsOptions,
} from './transitions.ts';
