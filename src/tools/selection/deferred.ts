import type { ChatRequest, JsonObject, ToolDefinition } from '../../contract/index.ts';
import { keepMarkers } from './cache-markers.ts';
import { isSearchTool } from './native-search.ts';

/**
 * All tools, those that were not chosen marked for loading on demand, and the provider's search tool after them where
 * the caller has none. A deferred tool must not carry a cache marker, so markers move as if it were not there.
 *
 * @param kept places of the chosen tools, ascending
 */
export function deferTools(
  { tools }: ChatRequest,
  kept: readonly number[],
  searchTool: ToolDefinition,
): readonly ToolDefinition[] {
  const chosen = new Map(keepMarkers(tools, kept).map((tool, i) => [kept[i], tool]));
  const all = tools.map((tool, index) => chosen.get(index) ?? deferred(tool));
  return tools.some(isSearchTool) ? all : [...all, searchTool];
}

function deferred(tool: ToolDefinition): ToolDefinition {
  const { cache_control: _, ...value } = tool.value as JsonObject;
  return { ...tool, value: { ...value, defer_loading: true } };
}
