import type { JsonValue, StageMode, StateStore } from '../contract/index.ts';
import { createStaticEmbedder } from '../embeddings/index.ts';
import { BoundedMap } from '../support/index.ts';
import {
  type CompactedTools,
  type CompactionLevel,
  createToolCompaction,
  createToolIndex,
  createToolSelectionStage,
  type ToolCompaction,
  type ToolIndex,
  type ToolRanking,
  type ToolRankOptions,
  type ToolSelection,
  type ToolSelectionStageOptions,
  type ToolTurn,
} from '../tools/index.ts';
import { toolDialectOf } from '../wire/index.ts';
import type { Config } from './config.ts';
import { keepRecall } from './tool-recall.ts';

/** What is selected, and for what. */
export interface SelectToolsOptions extends ToolRankOptions {
  /** OpenAI chat or responses, Anthropic or MCP form; a list that is passed again unchanged is not read anew. */
  readonly tools: readonly JsonValue[];
  /** A text, or the recent turns, oldest first. */
  readonly query: string | readonly ToolTurn[];
  /** Whose tokens are counted. @default the configured model */
  readonly model?: string;
}

/** The outcome, with the chosen tools in the caller's order and form. */
export interface SelectedTools extends ToolRanking {
  readonly selected: readonly JsonValue[];
  readonly tokensBefore: number;
  readonly tokensAfter: number;
}

/** What is compacted, and how far. */
export interface CompactToolsOptions {
  /** OpenAI chat or responses, Anthropic or MCP form. */
  readonly tools: readonly JsonValue[];
  /** `schema` without a word less, `text` with shorter descriptions, `lazy` with long ones cut. @default 'text' */
  readonly level?: CompactionLevel;
  /** At level `lazy`: most tokens of one description, at least 10. @default 60 */
  readonly maxDocTokens?: number;
  /** Whose tokens are counted. @default the configured model */
  readonly model?: string;
}

/** Compactions that are kept, of the latest; a further one starts with nothing remembered. */
const MOST_COMPACTIONS = 8;

/** Compacts tools, and remembers by model and options what came of each. */
export function createToolCompactor(
  countTokens: (text: string, model: string) => number,
): (options: CompactToolsOptions & { readonly model: string }) => CompactedTools {
  const kept = new BoundedMap<string, ToolCompaction>(MOST_COMPACTIONS);
  return ({ tools, model, ...options }) => {
    const key = JSON.stringify([model, options.level, options.maxDocTokens]);
    const compaction =
      kept.get(key) ?? createToolCompaction({ ...options, countTokens: (text) => countTokens(text, model) });
    kept.set(key, compaction);
    return compaction.compact(tools);
  };
}

/** Tool sets that are kept, of the latest; further ones are read anew. */
const MOST_SETS = 16;

/** Selects tools with the built-in embedder and keeps the indexes of the latest sets, by model. */
export function createToolSelection(
  countTokens: (text: string, model: string) => number,
): (options: SelectToolsOptions & { readonly model: string }) => Promise<SelectedTools> {
  const embedder = createStaticEmbedder();
  const kept: { readonly tools: readonly JsonValue[]; readonly model: string; readonly index: ToolIndex }[] =
    [];

  const indexFor = (tools: readonly JsonValue[], model: string): ToolIndex => {
    const at = kept.findIndex((set) => set.model === model && isSameList(set.tools, tools));
    const found = at < 0 ? undefined : kept.splice(at, 1)[0];
    const nearest = kept.find((set) => set.model === model)?.index;
    const index =
      found?.index ??
      nearest?.update(tools) ??
      createToolIndex({ tools, embedder, countTokens: (text) => countTokens(text, model) });
    // A copy of the list: the caller's own may be changed in place.
    kept.unshift({ tools: found?.tools ?? [...tools], model, index });
    kept.length = Math.min(kept.length, MOST_SETS);
    return index;
  };

  return async ({ tools, query, model, ...options }) => {
    const ranking = await indexFor(tools, model).rank(query, options);
    const selected = ranking.tools
      .map(({ index }) => index)
      .toSorted((a, b) => a - b)
      .map((index) => tools[index] as JsonValue);
    return {
      ...ranking,
      selected,
      tokensBefore: ranking.tokensBefore ?? 0,
      tokensAfter: ranking.tokensAfter ?? 0,
    };
  };
}

/** The stage, wired. */
export interface OpenToolSelection extends ToolSelection {
  close(): Promise<void>;
}

/** Opens the stage as it is configured, with the built-in embedder. */
export function openToolSelection(
  { toolSelection }: Pick<Config, 'toolSelection'>,
  parts: Pick<ToolSelectionStageOptions, 'counter' | 'registry' | 'onEvent' | 'now'> & {
    readonly state: StateStore;
    readonly mode: StageMode;
  },
): OpenToolSelection {
  const { state, mode, ...rest } = parts;
  const selection = createToolSelectionStage({
    ...rest,
    policy: toolSelection,
    isShadow: mode === 'shadow',
    dialectOf: toolDialectOf,
    embedder: createStaticEmbedder(),
  });
  const kept = keepRecall(selection.recall, state, parts.onEvent);
  return { ...selection, close: () => kept.close() };
}

/** True for lists of the same objects; equal ones that were parsed anew are found by their content in `update`. */
function isSameList(a: readonly JsonValue[], b: readonly JsonValue[]): boolean {
  return Array.isArray(b) && a.length === b.length && a.every((tool, i) => tool === b[i]);
}
