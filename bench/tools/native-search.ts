import type { JsonObject, JsonValue } from '../../src/contract/index.ts';
import type { SimulatedAnswer, SimulatedToolSearch } from '../../src/testing/index.ts';
import { createPlainBm25 } from './bm25.ts';

/** What the provider's search finds at most at a time (platform.claude.com, tool search tool). */
const MOST_FOUND = 5;
/** Blocks or items of an answer that a client of the provider's tool search sends on in later turns. */
const SEARCH_BLOCKS = new Set<unknown>([
  'server_tool_use',
  'tool_search_tool_result',
  'tool_search_call',
  'tool_search_output',
  // For the namespace in which it was made.
  'function_call',
]);

const LACKS = "I don't have a tool for that.";

/** Searches until a tool is found; undefined where it is not. */
export type ToolSearch = (
  wanted: string,
  hidden: ReadonlySet<string>,
) => readonly SimulatedToolSearch[] | undefined;

/**
 * Returns the searches by which a model comes to a tool that it wants, by BM25 over the tools that it cannot see: for
 * the words of the name, then for the description.
 *
 * @param tools in the form of chat completions
 */
export function createNativeSearch(tools: readonly JsonObject[]): ToolSearch {
  const definitions = tools.map((tool) => tool['function'] as JsonObject);
  const texts = new Map(
    definitions.map(({ name, description }) => [name, typeof description === 'string' ? description : '']),
  );
  const find = createPlainBm25(definitions);
  return (wanted, hidden) => {
    const searches: SimulatedToolSearch[] = [];
    for (const query of [wanted.replaceAll(/[_-]+/g, ' '), texts.get(wanted) ?? '']) {
      const found = find(query, definitions.length)
        .filter((name) => hidden.has(name))
        .slice(0, MOST_FOUND);
      searches.push({ query, found });
      if (found.includes(wanted)) return searches;
    }
    return undefined;
  };
}

/** True for models that see the names of deferred tools, and look for those; they are asked by the responses wire. */
export function isByName(model: string): boolean {
  return /^gpt-(?:5\.[4-9]|[6-9])/.test(model);
}

/** The blocks of an answer's searches, as they came. */
export function searchBlocksOf(content: readonly JsonValue[]): readonly JsonObject[] {
  return (content as readonly JsonObject[]).filter(({ type }) => SEARCH_BLOCKS.has(type));
}

/** Names of the tools that a request defers. */
export function deferredNames(body: JsonObject): unknown[] {
  const tools = (body['tools'] ?? []) as readonly JsonObject[];
  return tools.filter((tool) => tool['defer_loading'] === true).map(({ name }) => name);
}

/** The calls, after a search for each tool that cannot be seen; the model's regrets where one cannot be had. */
export function callsOf(
  calls: readonly string[],
  {
    names,
    hidden,
    search,
    model,
  }: {
    readonly names: readonly string[];
    readonly hidden: Set<string>;
    readonly search: ToolSearch;
    readonly model: string;
  },
): SimulatedAnswer {
  if (isByName(model)) return callsByName(calls, names, hidden);
  const toolSearches: SimulatedToolSearch[] = [];
  for (const name of calls) {
    const made = names.includes(name) ? (hidden.has(name) ? search(name, hidden) : []) : undefined;
    if (made === undefined) return { text: LACKS };
    toolSearches.push(...made);
    for (const { found } of made) for (const other of found) hidden.delete(other);
  }
  return { toolSearches, toolCalls: calls.map((name) => ({ name, arguments: {} })) };
}

/** The calls, after one search for the names of those that cannot be seen whole. */
function callsByName(
  calls: readonly string[],
  names: readonly string[],
  hidden: ReadonlySet<string>,
): SimulatedAnswer {
  if (calls.some((name) => !names.includes(name))) return { text: LACKS };
  const found = [...new Set(calls)].filter((name) => hidden.has(name));
  return {
    ...(found.length === 0 ? {} : { toolSearches: [{ query: found.join(' '), found }] }),
    toolCalls: calls.map((name) => ({ name, arguments: {} })),
  };
}
