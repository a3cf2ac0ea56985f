import type { ChatRequest, LintFinding, Message } from '../../contract/index.ts';
import { isObject } from '../decode.ts';
import { Findings, lintCacheMarkers, lintOrder, lintPairs, lintTools } from '../lint-core.ts';

const PAIRING = { isImmediate: true, hasUniqueIds: true, hasHiddenCalls: false };

/** Checks the rules of turns and tools of the messages wire (INV-T1). */
export function lint(request: ChatRequest): readonly LintFinding[] {
  const findings = new Findings();
  const [first] = request.messages;
  if (first !== undefined && first.role === 'assistant') {
    findings.add('first_message_not_user', 'The first message must be of the user.', first.path);
  }
  lintPairs(request.messages, PAIRING, findings);
  lintResultsFirst(request.messages, findings);
  lintThinking(request, findings);
  lintOrder(request, findings);
  lintTools(request, findings);
  lintDeferred(request, findings);
  lintCacheMarkers(request, findings);
  return findings.list;
}

/** Results must open the message that follows the calls; text comes after them. */
function lintResultsFirst(messages: readonly Message[], findings: Findings): void {
  for (const message of messages) {
    let hasOther = false;
    for (const part of message.parts) {
      if (part.kind !== 'tool-result') hasOther ||= part.kind === 'text';
      else if (hasOther) {
        findings.add('tool_result_not_first', 'A tool result stands after text of its message.', part.path);
        break;
      }
    }
  }
}

/** At least one tool must be loaded, deferred ones cannot be cached, and what the conversation refers to must be there. */
function lintDeferred({ tools, messages }: ChatRequest, findings: Findings): void {
  const deferred = tools.filter(({ value }) => isObject(value) && value.defer_loading === true);
  if (deferred.length > 0 && deferred.length === tools.length)
    findings.add('all_tools_deferred', 'Every tool is deferred.', ['tools']);
  for (const { name, value, path } of deferred) {
    if (isObject(value) && isObject(value.cache_control))
      findings.add('deferred_tool_cached', `The deferred tool "${name}" has a cache marker.`, path);
  }
  // What the provider lists from a server of tools is not known here.
  if (tools.some(({ value }) => isObject(value) && value.type === 'mcp_toolset')) return;
  const names = new Set(tools.map(({ name }) => name));
  for (const { parts } of messages) {
    for (const part of parts) {
      const lost = part.kind === 'other' ? part.loadedTools?.find((name) => !names.has(name)) : undefined;
      if (lost === undefined) continue;
      const message = `The conversation refers to the tool "${lost}", which is not among the tools.`;
      findings.add('tool_reference_without_tool', message, part.path);
    }
  }
}

/** In a turn with tool calls every thinking block needs its signature, and none may be taken out. */
function lintThinking(request: ChatRequest, findings: Findings): void {
  const originals = request.source.messages;
  for (const message of request.messages) {
    if (message.role !== 'assistant' || !message.parts.some((part) => part.kind === 'tool-call')) continue;
    for (const part of message.parts) {
      if (part.kind === 'thinking' && (part.signature ?? '') === '') {
        findings.add(
          'thinking_without_signature',
          'A thinking block of a tool-use turn has no signature.',
          part.path,
        );
      }
    }
    const index = message.path?.[1];
    const original = typeof index === 'number' ? originals[index] : undefined;
    if (original === undefined || original === message) continue;
    if (countThinking(message) < countThinking(original)) {
      findings.add('thinking_removed', 'A thinking block was taken out of a tool-use turn.', message.path);
    }
  }
}

function countThinking(message: Message): number {
  return message.parts.filter(
    (part) => part.kind === 'thinking' || (part.kind === 'other' && part.type === 'redacted_thinking'),
  ).length;
}
