import type { ChatResponse, JsonObject, JsonValue } from '../contract/index.ts';
import { isArray, isObject } from './decode.ts';
import { stringOr } from './request-shape.ts';

/**
 * Names of the tools that a block or item of a conversation loads: what a search of the provider's found
 * (`tool_search_tool_result`, or `tool_search_output` with whole definitions), or a reference of the caller's own
 * search (`tool_reference`). Sources: platform.claude.com and developers.openai.com, tool search.
 */
export function referencesIn(value: JsonObject): readonly string[] {
  switch (stringOr(value.type)) {
    case 'tool_reference':
      return [stringOr(value.tool_name)].filter((name) => name !== '');
    case 'tool_search_tool_result': {
      const references = isObject(value.content) ? value.content.tool_references : undefined;
      return listed(references).flatMap(referencesIn);
    }
    case 'tool_search_output':
      return listed(value.tools).flatMap(definedNames);
    default:
      return [];
  }
}

/** The field of a part for `referencesIn`; nothing where there are none. */
export function loadedTools(value: JsonObject): { readonly loadedTools?: readonly string[] } {
  const names = referencesIn(value);
  return names.length === 0 ? {} : { loadedTools: names };
}

/** What the provider's tool search did among the blocks or items of an answer; nothing where it was not used. */
export function toolSearchOf(content: readonly JsonValue[]): Pick<ChatResponse, 'toolSearch'> {
  const results = content.filter(
    (item): item is JsonObject =>
      isObject(item) && (item.type === 'tool_search_tool_result' || item.type === 'tool_search_output'),
  );
  if (results.length === 0) return {};
  return { toolSearch: { times: results.length, found: results.flatMap(referencesIn) } };
}

/** A namespace lists its tools below it. */
function definedNames(tool: JsonObject): readonly string[] {
  const name = stringOr(tool.name);
  return [...(name === '' ? [] : [name]), ...listed(tool.tools).flatMap(definedNames)];
}

function listed(value: JsonValue | undefined): readonly JsonObject[] {
  return isArray(value) ? value.filter(isObject) : [];
}
