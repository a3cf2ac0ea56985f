import type { ChatRequest, ToolDefinition } from './chat.ts';
import type { JsonValue } from './json.ts';

/** How tool selection fares of late. */
export interface ToolRecall {
  /** Requests whose tools were selected and whose answer was seen, of the latest. */
  readonly selections: number;
  /** Those of them whose answer needed a tool that was left out. */
  readonly misses: number;
  /** 1 - misses / selections; null before the first. */
  readonly recall: number | null;
  /** 95% interval of `recall` (Wilson). */
  readonly ci95: readonly [number, number];
  readonly minRecall: number;
  /** True while nothing is selected since too much was missed. */
  readonly isBreached: boolean;
}

/** What a wire's provider does with tools, as far as leaving some out depends on it. */
export interface ToolDialect {
  /** Most tools that a request may have. */
  readonly mostTools: number;
  /** True when later requests may go on from an answer by its id alone. */
  readonly keepsAnswers: boolean;
  /** Price of a token that is written to the prompt cache, as a multiple of the input price, where no list says. */
  readonly cacheWritePrice: number;
  /** Milliseconds that this request's prompt stays in the provider's cache without being used; 0 where it is not cached. */
  cacheLifeMs(request: ChatRequest): number;
  /** A tool that the caller did not write, in the wire's own form. */
  defineTool(
    tool: Pick<ToolDefinition, 'name' | 'description'> & { readonly schema: JsonValue },
  ): ToolDefinition;
  /**
   * True when what the provider's own search found is called in a namespace: a call in the conversation that names none
   * is then refused, unless its tool is loaded.
   */
  readonly callsFoundInNamespaces: boolean;
  /** True when the prompt is known to be billed again after each search of the provider's own; false where nobody says. */
  readonly billsEachSearch: boolean;
  /** The provider's own search among tools that are marked `defer_loading`; undefined where the model has none. */
  searchTool(model: string): ToolDefinition | undefined;
}
