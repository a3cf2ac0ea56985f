import type {
  ChatRequest,
  Exchange,
  JsonObject,
  Message,
  ToolDefinition,
  ToolDialect,
} from '../../contract/index.ts';

/** Search tools of the providers, by the beginning of their type. */
const SEARCH = 'tool_search';

/** True for the provider's own search among deferred tools. */
export function isSearchTool({ value }: ToolDefinition): boolean {
  const type = (value as JsonObject)['type'];
  return typeof type === 'string' && type.startsWith(SEARCH);
}

/** True for a search that the caller makes, among tools of which it knows more than the request says. */
export function isSearchOfCaller(tool: ToolDefinition): boolean {
  return isSearchTool(tool) && (tool.value as JsonObject)['execution'] === 'client';
}

/** True for a tool that the model sees only once it is found. */
export function isDeferred({ value }: ToolDefinition): boolean {
  return (value as JsonObject)['defer_loading'] === true;
}

/** Names of the tools that the model sees because they were found earlier in the conversation. */
export function foundBefore({ messages }: Pick<ChatRequest, 'messages'>): Set<string> {
  const names = new Set<string>();
  for (const { parts } of messages) {
    for (const part of parts)
      if (part.kind === 'other') for (const name of part.loadedTools ?? []) names.add(name);
  }
  return names;
}

/**
 * JSON of the searches that the conversation holds: the caller would not send them if all tools had been sent. What
 * they loaded is no part of it.
 */
export function searchesIn(messages: readonly Message[]): string {
  const blocks: string[] = [];
  for (const { parts } of messages) {
    for (const part of parts) {
      if (part.kind !== 'other') continue;
      const { name } = part.value as { readonly name?: unknown };
      const isCall =
        part.type === 'tool_search_call' ||
        (part.type === 'server_tool_use' && typeof name === 'string' && name.startsWith(SEARCH));
      if (isCall || part.type === 'tool_search_tool_result') blocks.push(JSON.stringify(part.value));
    }
  }
  return blocks.join('\n');
}

/**
 * What the searches took that the model could make because tools were deferred (INV-U4). Where the prompt is billed again
 * after each: of the readings, which differ by what was found alone, all but one. Where nobody says what is billed: all
 * beyond one reading of what was sent. Nothing where the provider did not tell.
 */
export function overheadOf(
  { request, sent, sentTokens, response, usage, usageBasis }: Exchange,
  { billsEachSearch }: Pick<ToolDialect, 'billsEachSearch'>,
): number {
  const times = response?.toolSearch?.times ?? 0;
  if (times === 0 || usageBasis !== 'reported') return 0;
  if (request.tools.some(isSearchTool) || !sent.tools.some(isSearchTool)) return 0;
  if (!billsEachSearch && sentTokens !== undefined) return Math.max(0, usage.inputTokens - sentTokens);
  return Math.round((usage.inputTokens * times) / (times + 1));
}
