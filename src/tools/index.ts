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
export { createToolSelectionStage, type ToolSelection } from './stage.ts';
export type { ToolSelectionMode, ToolSelectionPolicy, ToolSelectionStageOptions } from './stage-options.ts';
export { createToolIndex } from './tool-index.ts';
