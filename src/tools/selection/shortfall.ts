import type { ChatRequest, ChatResponse, Exchange } from '../../contract/index.ts';
import { FIND_TOOLS } from './find-tools.ts';
import { saysNoToolFits } from './lack-of-tool.ts';
import { isDeferred, isSearchTool } from './native-search.ts';

/** Names of called tools that the model could not see, and would by the fallback. */
export function leftOut(
  calls: readonly string[],
  {
    sent,
    seen,
    fallback,
  }: { readonly sent: ChatRequest; readonly seen: ReadonlySet<string>; readonly fallback: ChatRequest },
): string[] {
  const isVisible = (name: string): boolean =>
    seen.has(name) || sent.tools.some((tool) => tool.name === name && !isDeferred(tool));
  return calls.filter((name) => !isVisible(name) && fallback.tools.some((tool) => tool.name === name));
}

/**
 * What reading the prompt again took, after each search that the model could make because tools were deferred: of the
 * readings, which differ by what was found alone, all but one (INV-U4). Nothing where the provider did not tell.
 */
export function overheadOf({ request, sent, response, usage, usageBasis }: Exchange): number {
  const times = response?.toolSearch?.times ?? 0;
  if (times === 0 || usageBasis !== 'reported') return 0;
  if (request.tools.some(isSearchTool) || !sent.tools.some(isSearchTool)) return 0;
  return Math.round((usage.inputTokens * times) / (times + 1));
}

/** True when our own tool is among those that were sent. */
export function offersFindTools({ tools }: ChatRequest): boolean {
  const last = tools.at(-1);
  return last?.name === FIND_TOOLS && last.path === undefined;
}

/**
 * True for an answer that says no tool fits, or looks for one, when some had been left out and it was too late to ask
 * again.
 */
export function lacksTool(
  { sent, recovered }: Exchange,
  response: ChatResponse,
  fallback: ChatRequest,
): boolean {
  if (recovered !== undefined || sent.tools === fallback.tools) return false;
  if (offersFindTools(sent) && response.toolCalls.some(({ name }) => name === FIND_TOOLS)) return true;
  return response.toolCalls.length === 0 && saysNoToolFits(response.text);
}
