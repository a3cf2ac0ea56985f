import type { ChatRequest, JsonValue, Message, Part } from '../../contract/index.ts';
import { editMessage, editSequence } from '../edit-messages.ts';
import { type EditRules, renderEdited, unrenderable } from '../edit-request.ts';
import { withoutCacheMarker } from '../fresh-parts.ts';
import { type JsonEdit, toJson } from '../json-splice.ts';

/** The body to send: the caller's bytes, with edits spliced in. */
export function renderRequest(request: ChatRequest): Uint8Array {
  return renderEdited(request, RULES);
}

const RULES: EditRules = { freshMessage, freshPart, textType: () => 'text', editMessages };

function editMessages(request: ChatRequest, root: JsonEdit): void {
  const context = { request, root, rules: RULES };
  const { source } = request;
  if (request.system !== source.system) editSystem(request, root);
  if (request.messages !== source.messages) editSequence(context, 'messages', request.messages);
}

/** The system prompt is one value of the body; all system messages flow into it. */
function editSystem(request: ChatRequest, root: JsonEdit): void {
  const parts = request.system.flatMap((message) => message.parts);
  const [original] = request.source.system;
  if (original !== undefined && parts.length > 0) {
    editMessage({ request, root, rules: RULES }, original, { ...original, parts });
  } else if (original !== undefined) {
    root.children ??= new Map();
    root.children.set('system', null);
  } else if (parts.length > 0) {
    const json = toJson(freshContent(parts, 'system'));
    if (request.source.value.system === undefined) {
      root.additions ??= [];
      root.additions.push(['system', json]);
    } else {
      root.children ??= new Map();
      root.children.set('system', { replacement: json });
    }
  }
}

function freshMessage(message: Message): readonly JsonValue[] {
  const role = message.role === 'assistant' ? 'assistant' : 'user';
  return [{ role, content: freshContent(message.parts, role) }];
}

function freshContent(parts: readonly Part[], role: Message['role']): JsonValue {
  const [first] = parts;
  if (parts.length === 1 && first?.kind === 'text') return first.text;
  return parts.map((part) => {
    const fresh = freshPart(part, role);
    if (fresh === undefined) throw unrenderable(part, role);
    return fresh.value;
  });
}

function freshPart(part: Part, role: Message['role']): { container: string; value: JsonValue } | undefined {
  const value = freshBlock(part, role);
  return value === undefined ? undefined : { container: 'content', value };
}

function freshBlock(part: Part, role: Message['role']): JsonValue | undefined {
  const isAssistant = role === 'assistant';
  if (part.kind === 'text') return { type: 'text', text: part.text };
  if (part.kind === 'image' || part.kind === 'other') return withoutCacheMarker(part.value);
  if (part.kind === 'tool-result') {
    if (isAssistant || role === 'system') return undefined;
    return { type: 'tool_result', tool_use_id: part.callId, content: part.text };
  }
  if (!isAssistant) return undefined;
  if (part.kind === 'tool-call') {
    return { type: 'tool_use', id: part.id, name: part.name, input: parseArguments(part, role) };
  }
  const signature = part.signature === undefined ? {} : { signature: part.signature };
  return { type: 'thinking', thinking: part.text, ...signature };
}

function parseArguments(part: Extract<Part, { kind: 'tool-call' }>, role: Message['role']): JsonValue {
  try {
    return JSON.parse(part.argumentsText === '' ? '{}' : part.argumentsText) as JsonValue;
  } catch {
    throw unrenderable(part, role);
  }
}
