import type { ChatRequest, JsonObject, ToolDefinition } from '../../contract/index.ts';
import { keepMarkers } from './cache-markers.ts';

/**
 * Models with a tool search of their own: Claude 4.5 and later (platform.claude.com, tool search tool, which needs no
 * beta header any more) and, in the responses wire, GPT-5.4 and later (developers.openai.com, tool search).
 */
const CLAUDE = /claude-(?:opus|sonnet|haiku|fable|mythos)-(?:4-[5-9]|[5-9])(?:-|$|@)/;
const GPT = /^(?:openai\/)?gpt-(?:5\.(?:[4-9]|\d{2})|[6-9])/;

/** Search tools of the providers, by the beginning of their type. */
const SEARCH = 'tool_search';

/** True when the provider finds tools that are marked as deferred by itself. */
export function hasNativeSearch({ wire, model }: Pick<ChatRequest, 'wire' | 'model'>): boolean {
  if (wire === 'anthropic-messages') return CLAUDE.test(model);
  return wire === 'openai-responses' && GPT.test(model);
}

/**
 * All tools, those that were not chosen marked for loading on demand, and the provider's search tool after them where
 * the caller has none. A deferred tool must not carry a cache marker, so markers move as if it were not there.
 *
 * @param kept places of the chosen tools, ascending
 */
export function deferTools(request: ChatRequest, kept: readonly number[]): readonly ToolDefinition[] {
  const { tools, wire } = request;
  const chosen = new Map(keepMarkers(tools, kept).map((tool, i) => [kept[i], tool]));
  const all = tools.map((tool, index) => chosen.get(index) ?? deferred(tool));
  const hasSearch = tools.some(isSearchTool);
  return hasSearch ? all : [...all, searchTool(wire === 'anthropic-messages')];
}

function isSearchTool({ value }: ToolDefinition): boolean {
  const type = (value as JsonObject)['type'];
  return typeof type === 'string' && type.startsWith(SEARCH);
}

function deferred(tool: ToolDefinition): ToolDefinition {
  const { cache_control: _, ...value } = tool.value as JsonObject;
  return { ...tool, value: { ...value, defer_loading: true } };
}

function searchTool(isAnthropic: boolean): ToolDefinition {
  const value: JsonObject = isAnthropic
    ? { type: 'tool_search_tool_bm25_20251119', name: 'tool_search_tool_bm25' }
    : { type: 'tool_search' };
  return {
    name: isAnthropic ? 'tool_search_tool_bm25' : 'tool_search',
    description: '',
    isHosted: true,
    value,
  };
}
