import type { ChatRequest, LintFinding, Message } from '../../contract/index.ts';
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
