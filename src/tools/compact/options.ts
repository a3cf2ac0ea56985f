import type { JsonValue } from '../../contract/index.ts';
import type { ToolNote } from '../options.ts';

/**
 * How far tools are compacted.
 *
 * - `schema`: titles, examples and comments go, and what the schema says in more words than it needs to.
 * - `text`: descriptions are shortened as well; what binds the caller stays.
 * - `lazy`: long descriptions are cut besides, and told in full by `describe_tool`.
 */
export type CompactionLevel = 'schema' | 'text' | 'lazy';

/** Options of tool compaction. */
export interface ToolCompactionOptions {
  /** Tokens of a text: a tool that would not get smaller stays as it is. */
  readonly countTokens: (text: string) => number;
  /** @default 'text' */
  readonly level?: CompactionLevel;
  /** At level `lazy`: most tokens of one description, at least 10. @default 60 */
  readonly maxDocTokens?: number;
}

/** The outcome of a compaction. */
export interface CompactedTools {
  /** The tools in the caller's order and form; those that stayed as they are are the caller's own objects. */
  readonly tools: readonly JsonValue[];
  /**
   * At level `lazy`, where something was cut: the tool `describe_tool` in the form of the others, to be sent with
   * them. Its calls are answered with `describe`.
   */
  readonly describeTool?: JsonValue;
  /** The original of a tool by its name, the first of several; undefined for an unknown name. */
  readonly describe: (name: string) => JsonValue | undefined;
  /**
   * Tokens of all tools as compact JSON, before and after; `describeTool` is charged to the latter. A tool nested
   * deeper than 1,000 levels (note `schema_deep`) counts in neither.
   */
  readonly tokensBefore: number;
  readonly tokensAfter: number;
  readonly notes: readonly ToolNote[];
}

/** Compacts tools, and remembers the outcome by content. */
export interface ToolCompaction {
  /** Compacts a list of tools. @throws InputError `invalid_tools` */
  compact(tools: readonly JsonValue[]): CompactedTools;
  /** Compacts one tool: the same content gives the same bytes, whatever it stands beside (INV-P5). */
  compactTool(tool: JsonValue): JsonValue;
}
