export type {
  CompactedTools,
  CompactionLevel,
  ToolCompaction,
  ToolCompactionOptions,
} from './compact/options.ts';
export { createToolCompaction } from './compact/tool-compaction.ts';
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
