import type { JsonArray, JsonObject, JsonValue } from '../../contract/index.ts';
import { isArray, isObject } from './checks.ts';
import { ApiProblem } from './problem.ts';
import type { FinishedToolSearch } from './types.ts';

/*
 * Tools that OpenAI's models load on demand. developers.openai.com, tool search: of a deferred function the model sees
 * name and description from the start and the schema once it is found; what is found is put at the end of the context,
 * so that what is cached stays. As recorded from the real API (cassettes of pydantic-ai, `test_tool_search`; fixtures
 * of vercel/ai, `openai-tool-search`): an answer has `tool_search_call` with the paths that are looked for and
 * `tool_search_output` with whole definitions, both with `call_id` null, and calls what was found in a namespace of the
 * function's own name, which a later turn must send back (vercel/ai pull request 15193, dust pull request 31323). Errors
 * are worded as in sub2api issue 5942, codegraff issue 746, llm-rosetta issue 394, codex-lb pull request 1952 and
 * fixtures of vercel/ai. Not told anywhere, and assumed: that a tool which was found is still listed where it stood.
 *
 * What searches cost is not documented. In recordings `input_tokens` of answers with one search is about twice what the
 * next request takes, and of one with five searches just that. Here each search has the prompt billed again, the
 * dearest reading, and from the cache only what was there before the request.
 */

const SEARCH_TYPE = 'tool_search';
/** GPT-5.4 and later have the search, but for the smallest (llm-rosetta issue 394, dust pull request 29233). */
const SEARCHING_MODEL = /^(?:openai\/)?gpt-(?:5\.(?:[4-9]|\d{2})|[6-9])(?!.*-nano)/;
/** What the model sees of a deferred tool before it is found. */
const SEEN = ['type', 'name', 'description', 'server_label', 'server_description'];

/** The tools of a request by how the model comes to see them. */
export interface ResponsesCatalog {
  /** Definitions that only a search shows, by name. */
  readonly deferred: ReadonlyMap<string, JsonObject>;
  /** Name of the provider's own search; null without one. */
  readonly searchTool: string | null;
}

/** Sorts tools by whether they are deferred. @throws ApiProblem for a search or deferred tools alone, or an old model */
export function readDeferred(tools: readonly JsonValue[], model: string): ResponsesCatalog {
  const listed = tools.filter(isObject);
  const deferred = listed.filter(isDeferred);
  const search = listed.find(({ type }) => type === SEARCH_TYPE);
  const isHosted = search !== undefined && search['execution'] !== 'client';
  if (search !== undefined && !SEARCHING_MODEL.test(model))
    throw new ApiProblem(`Tool 'tool_search' is not supported with ${model}.`, { param: 'tools' });
  const hasAny = deferred.length > 0 || listed.some((tool) => membersOf(tool).some(isDeferred));
  if (search === undefined && hasAny)
    throw new ApiProblem("Invalid Value: 'tools.defer_loading'. Deferred tools require tools.tool_search.", {
      param: 'tools',
    });
  if (isHosted && !hasAny)
    throw new ApiProblem(
      "Invalid Value: 'tools.tool_search'. tools.tool_search requires at least one deferred tool.",
      { param: 'tools' },
    );
  return {
    deferred: new Map(
      deferred.flatMap((tool) => (typeof tool['name'] === 'string' ? [[tool['name'], tool]] : [])),
    ),
    searchTool: isHosted ? SEARCH_TYPE : null,
  };
}

/** True for a tool that is only loaded when it is found. */
export function isDeferred(tool: JsonValue): boolean {
  return isObject(tool) && tool['defer_loading'] === true;
}

/** What the model sees of a tool in the list. */
export function seenInList(tool: JsonValue): JsonValue {
  if (!isObject(tool)) return tool;
  if (isDeferred(tool))
    return Object.fromEntries(SEEN.flatMap((key) => (key in tool ? [[key, tool[key]]] : [])));
  if (tool['type'] !== 'namespace') return tool;
  return { ...tool, tools: membersOf(tool).filter((member) => !isDeferred(member)) };
}

/** Names of the functions that outputs of searches in the input define. */
export function foundIn(items: JsonArray): Set<string> {
  const outputs = items.filter(isObject).filter(({ type }) => type === 'tool_search_output');
  const tools = outputs.flatMap(({ tools: found }) => (isArray(found) ? found.filter(isObject) : []));
  const names = [...tools, ...tools.flatMap(membersOf)].map(({ name }) => name);
  return new Set(names.filter((name) => typeof name === 'string'));
}

/**
 * Items come once; what the client searches for is answered; and a call of what a search alone shows is one in a
 * namespace. @throws ApiProblem
 */
export function checkSearchItems(
  items: JsonArray,
  { eager, catalog }: { readonly eager: ReadonlySet<string>; readonly catalog: ResponsesCatalog },
): void {
  const seen = new Set<string>();
  const answered = new Set<JsonValue | undefined>();
  const inNamespaces = new Set([...catalog.deferred.keys(), ...foundIn(items)]);
  for (const item of items)
    if (isObject(item) && item['type'] === 'tool_search_output') answered.add(item['call_id']);
  for (const [index, item] of items.entries()) {
    if (!isObject(item)) continue;
    const { type, id, call_id: callId, name } = item;
    if (typeof id === 'string' && type !== 'item_reference') {
      if (seen.has(id))
        throw new ApiProblem(
          `Duplicate item found with id ${id}. Remove duplicate items from your input and try again.`,
          { param: 'input' },
        );
      seen.add(id);
    }
    if (type === 'tool_search_call' && typeof callId === 'string' && !answered.has(callId))
      throw new ApiProblem(`No tool output found for tool search call ${callId}.`, { param: 'input' });
    const isLost = typeof name === 'string' && inNamespaces.has(name) && !eager.has(name);
    if (type === 'function_call' && typeof item['namespace'] !== 'string' && isLost)
      throw new ApiProblem(
        `Missing namespace for function_call '${name}'. It does not exist in the default namespace. Round-trip the model's function_call item with its namespace field included.`,
        { param: `input[${index}].namespace` },
      );
  }
}

/** A search of the model and what it found, as items of the answer. */
export function searchItems(
  { id, inputText, found }: FinishedToolSearch,
  { deferred }: Pick<ResponsesCatalog, 'deferred'>,
): [call: JsonObject, output: JsonObject] {
  const shared = { status: 'completed', call_id: null, execution: 'server' };
  const tools = found.map((name) => ({ output_schema: null, ...deferred.get(name) }));
  return [
    { id: `tsc_${id}`, type: 'tool_search_call', ...shared, arguments: JSON.parse(inputText) as JsonValue },
    { id: `tso_${id}`, type: 'tool_search_output', ...shared, tools },
  ];
}

/** The text that the model reads of such an item. */
export function searchText(item: JsonObject): string {
  if (item['type'] === 'tool_search_call') return JSON.stringify(item['arguments'] ?? null);
  const tools = isArray(item['tools']) ? item['tools'].filter(isObject) : [];
  const asLoaded = (tool: JsonObject): JsonObject => {
    const { defer_loading: _, ...shown } = tool;
    return shown;
  };
  return tools.map((tool) => JSON.stringify(asLoaded(tool))).join('\n');
}

function membersOf(tool: JsonObject): JsonObject[] {
  const { type, tools } = tool;
  return type === 'namespace' && isArray(tools) ? tools.filter(isObject) : [];
}
