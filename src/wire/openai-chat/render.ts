import type { ChatRequest, JsonValue, Message, Part } from '../../contract/index.ts';
import { editSequence } from '../edit-messages.ts';
import { type EditRules, renderEdited, unrenderable } from '../edit-request.ts';
import { withoutCacheMarker } from '../fresh-parts.ts';

/** The body to send: the caller's bytes, with edits spliced in. */
export function renderRequest(request: ChatRequest): Uint8Array {
  return renderEdited(request, RULES);
}

const RULES: EditRules = {
  freshMessage,
  freshPart,
  textType: () => 'text',
  editMessages: (request, root) =>
    editSequence({ request, root, rules: RULES }, 'messages', [...request.system, ...request.messages]),
};

function freshMessage(message: Message): readonly JsonValue[] {
  const { role, parts } = message;
  if (role === 'tool') return parts.map((part) => freshToolMessage(part));
  const content: JsonValue[] = [];
  const calls: JsonValue[] = [];
  const members: Record<string, JsonValue> = {};
  for (const part of parts) {
    if (part.kind === 'thinking') {
      members.reasoning_content = part.text;
      continue;
    }
    const fresh = freshPart(part, role);
    if (fresh === undefined) throw unrenderable(part, role);
    if (fresh.container === 'content') content.push(fresh.value);
    else if (fresh.container === 'tool_calls') calls.push(fresh.value);
    else members[fresh.container] = fresh.value;
  }
  const [first] = parts.filter((part) => part.kind === 'text');
  const isPlain = content.length === 1 && first?.kind === 'text';
  const shown = content.length === 0 ? null : isPlain ? first.text : content;
  return [{ role, content: shown, ...members, ...(calls.length > 0 ? { tool_calls: calls } : {}) }];
}

function freshToolMessage(part: Part): JsonValue {
  if (part.kind !== 'tool-result') throw unrenderable(part, 'tool');
  return { role: 'tool', tool_call_id: part.callId, content: part.text };
}

function freshPart(part: Part, role: Message['role']): { container: string; value: JsonValue } | undefined {
  switch (part.kind) {
    case 'text':
      return { container: 'content', value: { type: 'text', text: part.text } };
    case 'image':
    case 'other':
      return { container: 'content', value: withoutCacheMarker(part.value) };
    case 'tool-call':
      if (role !== 'assistant') return undefined;
      return {
        container: 'tool_calls',
        value: {
          id: part.id,
          type: 'function',
          function: { name: part.name, arguments: part.argumentsText },
        },
      };
    case 'thinking':
    case 'tool-result':
      break;
  }
  return undefined;
}
