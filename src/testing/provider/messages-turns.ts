import { refuse } from './checks.ts';
import type { AnthropicMessage } from './messages-blocks.ts';

/** Every tool use is answered at the start of the next message, and nothing else is. @throws ApiProblem */
export function checkToolTurns(messages: readonly AnthropicMessage[]): void {
  for (const [index, message] of messages.entries()) {
    const uses = idsOf(message, 'tool_use');
    const results = idsOf(message, 'tool_result');
    const asked = new Set(idsOf(messages[index - 1], 'tool_use'));
    for (const id of results) {
      if (!asked.has(id)) {
        refuse(
          `messages[${index}]`,
          `unexpected \`tool_use_id\` found in \`tool_result\` blocks: ${id}. Each \`tool_result\` block must have a corresponding \`tool_use\` block in the previous message.`,
        );
      }
    }
    if (new Set(results).size < results.length) {
      refuse(`messages[${index}]`, 'each tool_use must have a single result');
    }
    const answered = new Set(idsOf(messages[index + 1], 'tool_result'));
    const open = uses.filter((id) => !answered.has(id));
    if (open.length > 0) {
      refuse(
        `messages[${index}]`,
        `\`tool_use\` ids were found without \`tool_result\` blocks immediately after: ${open.join(', ')}.`,
      );
    }
    checkResultsFirst(message, index);
  }
}

/**
 * With thinking enabled, the assistant's message that is being continued after tool results must
 * begin with its thinking. @throws ApiProblem
 */
export function checkThinkingTurn(messages: readonly AnthropicMessage[]): void {
  const last = messages.at(-1);
  const before = messages.at(-2);
  if (last === undefined || before?.role !== 'assistant' || idsOf(last, 'tool_result').length === 0) return;
  const type = before.blocks[0]?.type;
  if (type === 'thinking' || type === 'redacted_thinking') return;
  refuse(
    `messages[${messages.length - 2}].content[0].type`,
    `Expected \`thinking\` or \`redacted_thinking\`, but found \`${type ?? 'nothing'}\`. When thinking is enabled, the assistant message before tool results must start with a thinking block.`,
  );
}

function checkResultsFirst(message: AnthropicMessage, index: number): void {
  let hasOther = false;
  for (const block of message.blocks) {
    if (block.type !== 'tool_result') hasOther = true;
    else if (hasOther) refuse(`messages[${index}]`, '`tool_result` blocks must come first in the content.');
  }
}

function idsOf(message: AnthropicMessage | undefined, type: string): string[] {
  return (message?.blocks ?? []).flatMap((block) =>
    block.type === type && block.id !== null ? [block.id] : [],
  );
}
