import type { JsonArray, JsonObject, JsonValue } from '../../contract/index.ts';
import { isArray, isObject, requireString } from './checks.ts';
import type { AnthropicBlock, AnthropicMessage } from './messages-blocks.ts';
import { ApiProblem } from './problem.ts';
import type { FinishedToolSearch, PromptBlock } from './types.ts';

/*
 * Tools that the provider loads on demand, as platform.claude.com describes them ("Tool search tool", "Tool use with
 * prompt caching") and as others met them. Deferred tools are no part of the prompt and cost nothing; a
 * `tool_reference` has the definition stand in its place wherever in the conversation it is. A search is no entry of
 * `usage`, but its request is billed for both passes over the prompt (anthropic-sdk-typescript, issue 907). Errors are
 * worded as in CLIProxyAPI issue 4561, headroom issue 2805 and langchainjs pull request 11407. Nowhere is it told whether
 * a tool that was found twice is shown once: here it is counted twice.
 */

const SEARCH_TYPE = /^tool_search_tool_(?:regex|bm25)/;
const SEARCH_NAME = /^tool_search_tool_/;

/** The tools of a request by how the model comes to see them. */
export interface Catalog {
  /** Names of all tools. */
  readonly names: ReadonlySet<string>;
  /** What the model sees of a deferred tool once it is found, by name. */
  readonly deferred: ReadonlyMap<string, string>;
  /** Name of the provider's tool search; null without one. */
  readonly searchTool: string | null;
}

/** Sorts tools by whether they are deferred. @throws ApiProblem when all are, or a deferred one is to be cached */
export function readCatalog(tools: JsonArray): Catalog {
  const names = new Set<string>();
  const deferred = new Map<string, string>();
  let searchTool: string | null = null;
  for (const tool of tools as readonly JsonObject[]) {
    const name = tool['name'] as string;
    names.add(name);
    if (typeof tool['type'] === 'string' && SEARCH_TYPE.test(tool['type'])) searchTool ??= name;
    if (!isDeferred(tool)) continue;
    if (isObject(tool['cache_control'])) {
      throw new ApiProblem(
        `Tool '${name}' cannot have both defer_loading=true and cache_control set. Tools with defer_loading cannot use prompt caching.`,
      );
    }
    const { defer_loading: _, cache_control: __, ...shown } = tool;
    deferred.set(name, JSON.stringify(shown));
  }
  if (deferred.size > 0 && deferred.size === tools.length)
    throw new ApiProblem('At least one tool must have defer_loading=false. All tools cannot be deferred.');
  return { names, deferred, searchTool };
}

/** True for a tool that is only loaded when it is found. */
export function isDeferred(tool: JsonValue): boolean {
  return isObject(tool) && tool['defer_loading'] === true;
}

/** The names of tools that content refers to. @throws ApiProblem for a reference without a name */
export function readReferences(content: JsonValue | undefined, at: string): string[] {
  if (!isArray(content)) return [];
  return content.flatMap((item, index) =>
    isObject(item) && item['type'] === 'tool_reference'
      ? [requireString(item['tool_name'], `${at}[${index}].tool_name`)]
      : [],
  );
}

/** The references of a `tool_search_tool_result`; none where the search failed. @throws ApiProblem */
export function readSearchResult(block: JsonObject, at: string): string[] {
  const result = block['content'];
  return isObject(result) ? readReferences(result['tool_references'], `${at}.content.tool_references`) : [];
}

/** Writes definitions in place of references. @throws ApiProblem for a reference to a tool that is not there */
export function expandReferences(
  messages: readonly AnthropicMessage[],
  catalog: Catalog,
): AnthropicMessage[] {
  return messages.map((message) => ({
    ...message,
    blocks: message.blocks.map((block): AnthropicBlock => {
      const { references } = block;
      if (references === undefined) return block;
      const unknown = references.find((name) => !catalog.names.has(name));
      // All of the conversation is checked: a tool that was found once must stay in the list.
      if (unknown !== undefined)
        throw new ApiProblem(`Tool reference '${unknown}' not found in available tools`);
      return { ...block, text: shownTools(references, catalog).join('\n') };
    }),
  }));
}

/**
 * Every search has its result after it and every result its search before it: in one message, or, where a call of the
 * caller's stood beside the search, in the answer to the call's result (platform.claude.com, server tools).
 * @throws ApiProblem
 */
export function checkSearches(messages: readonly AnthropicMessage[]): void {
  /** Searches without a result, with the name of the tool and the place of the message. */
  const open = new Map<string, readonly [name: string, index: number]>();
  for (const [index, { role, blocks }] of messages.entries()) {
    for (const { type, id, name = '', at } of blocks) {
      if (type === 'server_tool_use' && SEARCH_NAME.test(name) && id !== null) open.set(id, [name, index]);
      if (type !== 'tool_search_tool_result' || open.delete(id ?? '')) continue;
      throw new ApiProblem(
        `unexpected \`tool_use_id\` found in \`tool_search_tool_result\` blocks: ${id}. Each \`tool_search_tool_result\` block must have a corresponding \`server_tool_use\` block before it.`,
        { param: at },
      );
    }
    const isWaiting = blocks.every(({ type }) => type === 'tool_result');
    const lost = [...open].find(([, [, from]]) => (role === 'assistant' ? from < index : !isWaiting));
    if (lost === undefined) continue;
    const [id, [name, from]] = lost;
    throw new ApiProblem(
      `${name} tool use with id ${id} was found without a corresponding ${name}_tool_result block`,
      { param: `messages[${from}]` },
    );
  }
}

/** What the model reads after a search: its own words, and the tools that were found. */
export function searchBlocks(searches: readonly FinishedToolSearch[], catalog: Catalog): PromptBlock[] {
  return searches.map((search) => ({
    salt: `assistant:search:${search.id}`,
    text: [search.name, search.inputText, ...shownTools(search.found, catalog)].join('\n'),
    flatTokens: 0,
  }));
}

function shownTools(names: readonly string[], { deferred }: Catalog): string[] {
  return names.map((name) => deferred.get(name) ?? '');
}
