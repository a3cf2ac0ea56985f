import type { ChatRequest, Exchange } from '../../contract/index.ts';
import { saysNoToolFits } from './lack-of-tool.ts';
import { FIND_TOOLS, offersOwn } from './own-tools.ts';

/** Names of called tools that the provider was not sent and would be by the fallback. */
export function leftOut(calls: readonly string[], sent: ChatRequest, fallback: ChatRequest): string[] {
  return calls.filter(
    (name) =>
      !sent.tools.some((tool) => tool.name === name) && fallback.tools.some((tool) => tool.name === name),
  );
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
