import type { ChatRequest, JsonObject, ToolDefinition, ToolDialect } from '../../contract/index.ts';
import type { ToolSelectionMode } from '../stage-options.ts';
import { keepMarkers } from './cache-markers.ts';
import { deferTools } from './deferred.ts';
import { isDeferred, isSearchOfCaller } from './native-search.ts';
import { FIND_TOOLS, findToolsIn } from './own-tools.ts';

/**
 * The request with the chosen tools, in the caller's order; the same object when all are chosen, or none. Tools that the
 * provider runs, and such as have no name, are always there.
 */
export function withTools(
  request: ChatRequest,
  chosen: ReadonlySet<string>,
  { mode, dialect }: { readonly mode: ToolSelectionMode; readonly dialect: ToolDialect },
): ChatRequest {
  const { tools } = request;
  const kept = tools.flatMap((tool, index) => (chosen.has(tool.name) || isAlwaysKept(tool) ? [index] : []));
  // Without any tool the caller's choice among them would have to go as well.
  if (kept.length === tools.length || kept.length === 0) return request;
  const searchTool = mode === 'native' ? dialect.searchTool(request.model) : undefined;
  if (searchTool !== undefined) return { ...request, tools: deferTools(request, kept, searchTool) };
  const some = keepMarkers(tools, kept);
  const hasOwn = tools.some(({ name }) => name === FIND_TOOLS);
  // A call of a tool of ours must never reach the caller, so there must be a way to ask again.
  const mayOffer = mode === 'search' && !hasOwn && request.isReplayable && !isRestricted(request);
  if (!mayOffer) return { ...request, tools: some };
  return { ...request, tools: [...some, findToolsIn(dialect)] };
}

/** True for a tool that no ranking can judge: the provider runs it or gave it its schema, or it has no name. */
export function isAlwaysKept({ name, isHosted, schema, value }: ToolDefinition): boolean {
  if (isHosted || name === '') return true;
  const type = (value as JsonObject)['type'];
  return schema === undefined && typeof type === 'string' && type !== 'function' && type !== 'custom';
}

/** True when tools are held back for the model to find by itself: the caller selects already. */
export function isDeferredByCaller({ tools }: ChatRequest): boolean {
  return tools.some((tool) => isDeferred(tool) || isSearchOfCaller(tool));
}

/** True when only named tools may be called, so that a tool of ours could not be. */
function isRestricted({ source }: ChatRequest): boolean {
  const choice = source.value['tool_choice'];
  return typeof choice === 'object' && choice !== null;
}
