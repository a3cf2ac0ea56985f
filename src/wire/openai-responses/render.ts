import type { ChatRequest, JsonValue, Message, Part } from '../../contract/index.ts';
import { editSequence } from '../edit-messages.ts';
import { type EditRules, freshItem, renderEdited, setMember, unrenderable } from '../edit-request.ts';
import { withoutCacheMarker } from '../fresh-parts.ts';
import { editAt, type JsonEdit, toJson } from '../json-splice.ts';

/** The body to send: the caller's bytes, with edits spliced in. */
export function renderRequest(request: ChatRequest): Uint8Array {
  return renderEdited(request, RULES);
}

const RULES: EditRules = {
  freshMessage,
  freshPart,
  textType: (role) => (role === 'assistant' ? 'output_text' : 'input_text'),
  editMessages,
};

function editMessages(request: ChatRequest, root: JsonEdit): void {
  const { source } = request;
  if (request.system !== source.system) editInstructions(request, root);
  const isInstructions = (message: Message) => message.path?.[0] === 'instructions';
  const items = [...request.system, ...request.messages].filter((message) => !isInstructions(message));
  if (typeof source.value.input === 'string') editPlainInput(request, items, root);
  else if (source.value.input !== undefined && source.value.input !== null) {
    editSequence({ request, root, rules: RULES }, 'input', items);
  } else if (items.length > 0) {
    const json = toJson(items.flatMap(freshMessage));
    setMember(root, { key: 'input', isPresent: source.value.input !== undefined, json });
  }
}

function editInstructions(request: ChatRequest, root: JsonEdit): void {
  const isInstructions = (message: Message) => message.path?.[0] === 'instructions';
  const original = request.source.system.find(isInstructions);
  const edited = request.system.find(isInstructions);
  if (original === undefined || edited === original) return;
  if (edited === undefined || edited.parts.length === 0) {
    root.children ??= new Map();
    root.children.set('instructions', null);
    return;
  }
  const texts = edited.parts.map((part) => {
    if (part.kind !== 'text') throw unrenderable(part, edited.role);
    return part.text;
  });
  editAt(root, ['instructions']).replacement = toJson(texts.join('\n\n'));
}

/** A plain text stays one as long as nothing is beside it; else it becomes one item of a list. */
function editPlainInput(request: ChatRequest, items: readonly Message[], root: JsonEdit): void {
  const edit = editAt(root, ['input']);
  const index = items.findIndex((message) => message.path?.length === 1);
  const kept = items[index];
  const [part, ...rest] = kept?.parts ?? [];
  const [original] = request.source.messages;
  if (kept === undefined || rest.length > 0 || part?.kind !== 'text') {
    if (kept === undefined || kept !== original) edit.replacement = toJson(items.flatMap(freshMessage));
    return;
  }
  if (kept !== original && part.text !== request.source.value.input) edit.replacement = toJson(part.text);
  if (items.length === 1) return;
  const render = (list: readonly Message[]) =>
    list.flatMap(freshMessage).map((value) => freshItem(value).json);
  const before = render(items.slice(0, index)).map((json) => `${json},`);
  const after = render(items.slice(index + 1)).map((json) => `,${json}`);
  edit.wrapper = [`[${before.join('')}{"role":"user","content":`, `}${after.join('')}]`];
}

/** Text and media share one message item; calls, results and reasoning are items of their own. */
function freshMessage(message: Message): readonly JsonValue[] {
  const items: JsonValue[] = [];
  let content: JsonValue[] = [];
  const flush = (): void => {
    if (content.length > 0) items.push({ role: message.role === 'tool' ? 'user' : message.role, content });
    content = [];
  };
  for (const part of message.parts) {
    const fresh = freshPart(part, message.role);
    if (fresh !== undefined) content.push(fresh.value);
    else {
      flush();
      items.push(freshCall(part, message.role));
    }
  }
  flush();
  return items;
}

function freshPart(part: Part, role: Message['role']): { container: string; value: JsonValue } | undefined {
  const container = role === 'tool' ? 'output' : 'content';
  if (part.kind === 'text') return { container, value: { type: RULES.textType(role), text: part.text } };
  if (part.kind === 'image' || part.kind === 'other')
    return { container, value: withoutCacheMarker(part.value) };
  return undefined;
}

function freshCall(part: Part, role: Message['role']): JsonValue {
  if (part.kind === 'tool-call') {
    return { type: 'function_call', call_id: part.id, name: part.name, arguments: part.argumentsText };
  }
  if (part.kind === 'tool-result') {
    return { type: 'function_call_output', call_id: part.callId, output: part.text };
  }
  if (part.kind !== 'thinking') throw unrenderable(part, role);
  const summary = part.text === '' ? [] : [{ type: 'summary_text', text: part.text }];
  return {
    type: 'reasoning',
    summary,
    ...(part.signature === undefined ? {} : { encrypted_content: part.signature }),
  };
}
