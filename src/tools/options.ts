import type { Embedder, JsonValue, MaybePromise } from '../contract/index.ts';
import type { IntentGuess, ToolCategory } from './classify/options.ts';

/** Options of `createToolIndex`. */
export interface ToolIndexOptions {
  /**
   * The tools in the form that the caller sends: OpenAI chat (`{type, function}`) or responses, Anthropic
   * (`input_schema`), MCP (`inputSchema`). What cannot be read is kept in every selection, with a note.
   */
  readonly tools: readonly JsonValue[];
  /** Finds tools by meaning as well as by words. @default none: words alone */
  readonly embedder?: Embedder;
  /** Tokens of a text, for `maxTokens` and the sums. @default none: no sums, and `maxTokens` is refused */
  readonly countTokens?: (text: string) => number;
  /** Which tool usually follows which, learned from calls made before. @default none */
  readonly transitions?: ToolTransitions;
  /** Orders the likeliest tools anew. @default none */
  readonly reranker?: ToolReranker;
  /** Tools that the reranker is given, at least 1. @default 30 */
  readonly rerankCount?: number;
  /** Which tools belong together; counts where `categoryOf` names one of them. @default none */
  readonly categories?: readonly ToolCategory[];
  /** The categories that a text speaks of, such as a classifier's `classify`. @default none */
  readonly categoryOf?: (
    text: string,
    options: { readonly signal?: AbortSignal },
  ) => MaybePromise<readonly IntentGuess[]>;
}

/** A tool as a reranker is given it. */
export interface RerankedTool {
  readonly name: string;
  readonly description: string;
  /** Its place in the caller's list. */
  readonly index: number;
}

/**
 * Says how well each tool fits: one finite number for each, in their order, higher is better; only the order of
 * the numbers counts. A cross-encoder or a model. When it fails, or answers otherwise, the selection is the one
 * without it, with the note `reranker_failed`.
 */
export type ToolReranker = (
  query: string,
  tools: readonly RerankedTool[],
  options: { readonly signal?: AbortSignal },
) => Promise<readonly number[]>;

/**
 * Shares, 0 to 1, of the calls of a tool (outer name) that were followed by a call of another (inner name). A map
 * of maps, or what `createToolTransitions` gives.
 */
export type ToolTransitions = Pick<ReadonlyMap<string, ReadonlyMap<string, number>>, 'get'>;

/** One turn of a conversation, oldest first. */
export interface ToolTurn {
  readonly role: 'user' | 'assistant' | 'tool';
  /** What was said; for `tool`, what the tool answered. */
  readonly text: string;
  /** Names of the tools that an assistant's turn called; they are kept (INV-T2). */
  readonly calls?: readonly string[];
}

/** Options of one selection. Names that no tool has are ignored, with a note. */
export interface ToolRankOptions {
  /**
   * Most tools, at least 1. Tools that must stay (pinned, named, used, run by the provider) may be more,
   * and then nothing else is chosen.
   *
   * @default 10
   */
  readonly max?: number;
  /**
   * Most tokens of the chosen tools together. Tools that must stay are sent all the same (INV-T2), with the note
   * `over_max_tokens` for each that is beyond the bound; no other tool passes it.
   *
   * @default none
   */
  readonly maxTokens?: number;
  /** Tools that are always chosen. */
  readonly pinned?: readonly string[];
  /** Tools that are never chosen, whatever names them. */
  readonly excluded?: readonly string[];
  /** Tools called earlier in the session, oldest first: always chosen (INV-T2). */
  readonly used?: readonly string[];
  /** The tools chosen last time: preferred where it is close. */
  readonly previous?: readonly string[];
  /** Which tool usually follows which, for this selection. @default those of the index */
  readonly transitions?: ToolTransitions;
  /** Ends the call with `AbortedError`. */
  readonly signal?: AbortSignal;
}

/** Why a tool was chosen; the first that holds, in this order. */
export type ToolReason = 'pinned' | 'named' | 'used' | 'hosted' | 'unreadable' | 'ranked';

/** One chosen tool. */
export interface RankedTool {
  readonly name: string;
  /** Its place in the caller's list. */
  readonly index: number;
  /** 1 for the best. */
  readonly rank: number;
  /** Cosine of the query, or the best of its steps, and the tool; -1 to 1, higher is closer; 0 without an embedder. */
  readonly similarity: number;
  readonly reason: ToolReason;
}

/** What is odd about a tool or a name, and what was done. */
export interface ToolNote {
  readonly code:
    | 'duplicate_name'
    | 'unreadable_tool'
    | 'invalid_schema'
    | 'schema_cut'
    | 'schema_deep'
    | 'describe_tool_taken'
    | 'unknown_name'
    | 'over_max_tokens'
    | 'query_empty'
    | 'query_cut'
    | 'none_needed'
    | 'reranker_failed';
  /** The tool's name, or what stands for it. */
  readonly name: string;
}

/** The outcome of a selection. */
export interface ToolRanking {
  /** Best first. The caller's order is that of `index`. */
  readonly tools: readonly RankedTool[];
  /** The steps the query was read as: one for a simple request. */
  readonly steps: readonly string[];
  /** True when no tool seems to be needed, or none fits; nothing is left out for it. */
  readonly isNoneNeeded: boolean;
  /** Tokens of all tools, and of those chosen, as compact JSON; absent without `countTokens`. */
  readonly tokensBefore?: number;
  readonly tokensAfter?: number;
  readonly notes: readonly ToolNote[];
}

/** Ranks the tools of one set. */
export interface ToolIndex {
  /** Tools in the set. */
  readonly size: number;
  /**
   * The tools that a request needs.
   *
   * @param query a text, or the recent turns, oldest first
   * @throws InputError `invalid_max`, `invalid_max_tokens`; AbortedError; what the embedder throws
   */
  rank(query: string | readonly ToolTurn[], options?: ToolRankOptions): Promise<ToolRanking>;
  /** An index of another set, which reads anew only the tools that are not in this one. @throws InputError */
  update(tools: readonly JsonValue[]): ToolIndex;
}
