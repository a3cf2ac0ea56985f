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
