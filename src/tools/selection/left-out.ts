import type { ChatRequest, Exchange } from '../../contract/index.ts';
import { saysNoToolFits } from './lack-of-tool.ts';
import { isDeferred } from './native-search.ts';
import { FIND_TOOLS, offersOwn } from './own-tools.ts';

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
 * True for an answer that says no tool fits, or looks for one, when some had been left out and it was too late to ask
 * again.
 */
export function lacksTool({ sent, recovered, response }: Exchange, fallback: ChatRequest): boolean {
  // An answer that was asked for again with the same tools may still lack one.
  const hadAll = recovered !== undefined && recovered.reason !== 'describe_tool';
  if (hadAll || response === undefined || sent.tools === fallback.tools) return false;
  if (offersOwn(sent, FIND_TOOLS) && response.toolCalls.some(({ name }) => name === FIND_TOOLS)) return true;
  return response.toolCalls.length === 0 && saysNoToolFits(response.text);
}
