import type { JsonObject, JsonValue } from '../../contract/index.ts';
import { isArray, kindOf, refuse, requireArray, requireObject, requireString } from './checks.ts';
import type { AnthropicBlock, AnthropicMessage } from './messages-blocks.ts';
import { readBase64Image } from './read-common.ts';
import { signatureOf } from './signature.ts';
import { readReferences, readSearchResult } from './tool-search.ts';
import type { SimulatedImage } from './types.ts';

/** Reads the message list; consecutive messages of one role become one. @throws ApiProblem */
export function readMessages(value: JsonValue | undefined): AnthropicMessage[] {
  if (value === undefined) refuse('messages', 'Field required');
  const merged: AnthropicMessage[] = [];
  for (const [index, item] of requireArray(value, 'messages').entries()) {
    const message = readMessage(item, index);
    const last = merged.at(-1);
    if (last?.role === message.role)
      merged[merged.length - 1] = { ...last, blocks: [...last.blocks, ...message.blocks] };
    else merged.push(message);
  }
  if (merged[0]?.role !== 'user') refuse('messages', 'first message must use the "user" role');
  checkEnding(merged.at(-1));
  return merged;
}

/** The system prompt: a string or text blocks. @throws ApiProblem */
export function readSystem(value: JsonValue | undefined): AnthropicBlock[] {
  if (value === undefined || value === null || value === '') return [];
  if (typeof value === 'string') return [plain(value, 'system')];
  if (!isArray(value)) refuse('system', `Expected a string or an array, got ${kindOf(value)}.`);
  return value.map((item, index) => {
    const at = `system[${index}]`;
    const block = requireObject(item, at);
    if (block['type'] !== 'text') refuse(`${at}.type`, "Input should be 'text'");
    return readText(block, at);
  });
}

/** The life that a `cache_control` field asks for; nothing when there is none. @throws ApiProblem */
export function readCacheControl(value: JsonObject, at: string): { ttl?: '5m' | '1h' } {
  const control = value['cache_control'];
  if (control === undefined || control === null) return {};
  const place = `${at}.cache_control`;
  const config = requireObject(control, place);
  if (config['type'] !== 'ephemeral') refuse(`${place}.type`, "Input should be 'ephemeral'");
  const ttl = config['ttl'] ?? '5m';
  if (ttl !== '5m' && ttl !== '1h') refuse(`${place}.ttl`, "Input should be '5m' or '1h'");
  return { ttl };
}

function readMessage(value: JsonValue, index: number): AnthropicMessage {
  const at = `messages[${index}]`;
  const message = requireObject(value, at);
  const role = requireString(message['role'], `${at}.role`);
  // A system message may stand between others; the prompt itself belongs in `system`.
  if (role !== 'user' && role !== 'assistant' && !(role === 'system' && index > 0)) {
    refuse(
      `${at}.role`,
      `Unexpected role "${role}". Use "user" or "assistant", and the top-level "system" parameter.`,
    );
  }
  const { content } = message;
  if (typeof content === 'string') {
    if (content === '') refuse(`${at}.content`, 'messages must have non-empty content');
    return { role, blocks: [plain(content, at)] };
  }
  const blocks = requireArray(content, `${at}.content`).map((item, position) => {
    const place = `${at}.content[${position}]`;
    return readBlock(requireObject(item, place), place, role);
  });
  return { role, blocks };
}

function readBlock(block: JsonObject, at: string, role: string): AnthropicBlock {
  const type = requireString(block['type'], `${at}.type`);
  const base = { type, id: null, images: [], at, ...readCacheControl(block, at) };
  switch (type) {
    case 'text':
      return readText(block, at);
    case 'image':
      return { ...base, text: '', images: [readImage(block['source'], `${at}.source`)] };
    case 'tool_use': {
      if (role !== 'assistant') refuse(at, '`tool_use` blocks can only be in `assistant` messages');
      const name = requireString(block['name'], `${at}.name`);
      const input = requireObject(block['input'], `${at}.input`);
      return {
        ...base,
        id: requireString(block['id'], `${at}.id`),
        text: `${name}\n${JSON.stringify(input)}`,
      };
    }
    case 'tool_result': {
      if (role !== 'user') refuse(at, '`tool_result` blocks can only be in `user` messages');
      const id = requireString(block['tool_use_id'], `${at}.tool_use_id`);
      return { ...base, id, ...readResult(block['content'], `${at}.content`) };
    }
    case 'server_tool_use': {
      if (role !== 'assistant') refuse(at, '`server_tool_use` blocks can only be in `assistant` messages');
      const name = requireString(block['name'], `${at}.name`);
      const text = `${name}\n${JSON.stringify(block['input'] ?? {})}`;
      return { ...base, id: requireString(block['id'], `${at}.id`), name, text };
    }
    case 'tool_search_tool_result': {
      const id = requireString(block['tool_use_id'], `${at}.tool_use_id`);
      return { ...base, id, text: '', references: readSearchResult(block, at) };
    }
    case 'thinking':
    case 'redacted_thinking':
      if (role !== 'assistant') refuse(at, `\`${type}\` blocks can only be in \`assistant\` messages`);
      if (base.ttl !== undefined) refuse(`${at}.cache_control`, 'Thinking blocks cannot be cached directly.');
      return { ...base, text: type === 'thinking' ? readThought(block, at) : '' };
    default:
      return { ...base, text: JSON.stringify(withoutMarker(block)) };
  }
}

function readText(block: JsonObject, at: string): AnthropicBlock {
  if (typeof block['text'] !== 'string') refuse(`${at}.text`, 'Field required');
  const ttl = readCacheControl(block, at);
  if (block['text'] === '') {
    if (ttl.ttl !== undefined)
      refuse(`${at}.cache_control`, 'cache_control cannot be set for empty text blocks');
    refuse(at, 'text content blocks must be non-empty');
  }
  return { ...plain(block['text'], at), ...ttl };
}

function readResult(
  content: JsonValue | undefined,
  at: string,
): Pick<AnthropicBlock, 'text' | 'images' | 'references'> {
  if (content === undefined || content === null) return { text: '', images: [] };
  if (typeof content === 'string') return { text: content, images: [] };
  if (!isArray(content)) refuse(at, `Expected a string or an array, got ${kindOf(content)}.`);
  const references = readReferences(content, at);
  if (references.length > 0) {
    if (references.length < content.length)
      refuse(at, 'Tool definitions/code execution functions cannot be mixed with other content');
    return { text: '', images: [], references };
  }
  const texts: string[] = [];
  const images: SimulatedImage[] = [];
  for (const [index, item] of content.entries()) {
    const place = `${at}[${index}]`;
    const block = requireObject(item, place);
    if (block['type'] === 'image') images.push(readImage(block['source'], `${place}.source`));
    else texts.push(typeof block['text'] === 'string' ? block['text'] : JSON.stringify(withoutMarker(block)));
  }
  return { text: texts.join('\n'), images };
}

function readImage(value: JsonValue | undefined, at: string): SimulatedImage {
  const source = requireObject(value, at);
  if (source['type'] === 'url' || source['type'] === 'file') {
    requireString(source[source['type'] === 'url' ? 'url' : 'file_id'], `${at}.${source['type']}`);
    return { mediaType: source['type'], bytes: 0, detail: 'high' };
  }
  if (source['type'] !== 'base64') refuse(`${at}.type`, "Input should be 'base64', 'url' or 'file'");
  const mediaType = requireString(source['media_type'], `${at}.media_type`);
  return readBase64Image(mediaType, requireString(source['data'], `${at}.data`), {
    param: at,
    detail: 'high',
  });
}

function readThought(block: JsonObject, at: string): string {
  const { thinking, signature } = block;
  if (typeof thinking !== 'string') refuse(`${at}.thinking`, 'Field required');
  if (typeof signature !== 'string') refuse(`${at}.signature`, 'Field required');
  if (signature !== signatureOf(thinking)) refuse(at, 'Invalid `signature` in `thinking` block');
  return thinking;
}

/** An answer that continues the assistant's words cannot begin after a blank. */
function checkEnding(last: AnthropicMessage | undefined): void {
  const block = last?.blocks.at(-1);
  if (last?.role === 'assistant' && block?.type === 'text' && /\s$/.test(block.text)) {
    refuse('messages', 'final assistant content cannot end with trailing whitespace');
  }
}

function withoutMarker(block: JsonObject): JsonObject {
  const { cache_control: _, ...rest } = block;
  return rest;
}

function plain(text: string, at: string): AnthropicBlock {
  return { type: 'text', text, id: null, images: [], at };
}
