import type {
  ChatRequest,
  JsonObject,
  JsonPath,
  JsonValue,
  Message,
  Part,
  Role,
  ScopeParts,
  ToolDefinition,
} from '../../contract/index.ts';
import { decodeBody, isArray, isObject } from '../decode.ts';
import {
  endsInToolResults,
  findLiveFrom,
  hasHostedTool,
  omit,
  pick,
  readCommonFields,
  readList,
  readMessages,
  stringOr,
  wrongType,
} from '../request-shape.ts';

const ROLES: Readonly<Record<string, Role>> = {
  system: 'system',
  developer: 'developer',
  user: 'user',
  assistant: 'assistant',
  tool: 'tool',
  function: 'tool',
};
const OWN_FIELDS = new Set([
  'model',
  'messages',
  'tools',
  'functions',
  'tool_choice',
  'parallel_tool_calls',
  'function_call',
  'response_format',
  'stream',
  'stream_options',
]);

/** Parses a chat completions body. @throws InputError with a stable code */
export function parseRequest(bytes: Uint8Array): ChatRequest {
  const value = decodeBody(bytes);
  const { model, isStream } = readCommonFields(value);
  const list = readMessages(value);
  const leading = countLeadingSystem(list);
  const system: Message[] = [];
  const messages: Message[] = [];
  for (let i = 0; i < list.length; i++) {
    (i < leading ? system : messages).push(readMessage(list[i] as JsonObject, i));
  }
  const tools = readTools(value);
  const options = value.stream_options;
  return {
    wire: 'openai-chat',
    model,
    isStream,
    wantsStreamUsage: isObject(options) && options.include_usage === true,
    system,
    tools,
    messages,
    liveFrom: findLiveFrom(messages),
    isAgentTurn: endsInToolResults(messages),
    isReplayable: isReplayable(value, tools),
    source: { bytes, value, system, messages, tools },
  };
}

/** The parts of a chat completions body that isolate one answer from another. */
export function scopeParts(request: ChatRequest): ScopeParts {
  const body = request.source.value;
  const messages = body.messages as readonly JsonValue[];
  const leading = request.source.system.length;
  return {
    system: leading === 0 ? null : messages.slice(0, leading),
    messages: leading === 0 ? messages : messages.slice(leading),
    tools: body.functions === undefined ? (body.tools ?? null) : pick(body, ['tools', 'functions']),
    toolChoice: pick(body, ['tool_choice', 'parallel_tool_calls', 'function_call']),
    responseFormat: body.response_format ?? null,
    sampling: omit(body, OWN_FIELDS),
  };
}

function countLeadingSystem(list: readonly JsonObject[]): number {
  let count = 0;
  while (list[count]?.role === 'system' || list[count]?.role === 'developer') count++;
  return count;
}

/**
 * Answers of these requests are not a function of the body: a hosted tool or search looks at the
 * world, `store` keeps the completion at the provider under its id, and audio answers expire there.
 */
function isReplayable(body: JsonObject, tools: readonly ToolDefinition[]): boolean {
  if (body.store === true || isObject(body.audio) || isObject(body.web_search_options)) return false;
  if (isArray(body.modalities) && body.modalities.includes('audio')) return false;
  return !hasHostedTool(tools);
}

function readTools(body: JsonObject): readonly ToolDefinition[] {
  const tools = readList(body, 'tools').map((tool, i) => readTool(tool, ['tools', i]));
  const functions = readList(body, 'functions');
  if (functions.length === 0) return tools;
  return [...tools, ...functions.map((value, i) => readTool(value, ['functions', i]))];
}

function readTool(value: JsonValue, path: JsonPath): ToolDefinition {
  if (!isObject(value)) throw wrongType(path.join('.'), 'an object', value);
  const type = path[0] === 'functions' ? 'function' : stringOr(value.type, 'function');
  const isHosted = type !== 'function' && type !== 'custom';
  const inner = path[0] === 'functions' ? value : (value[type] ?? value);
  const definition = isObject(inner) ? inner : value;
  const name = isHosted ? stringOr(definition.name, type) : stringOr(definition.name);
  const description = stringOr(definition.description);
  const schema = isHosted ? undefined : definition.parameters;
  return schema === undefined
    ? { name, description, isHosted, value, path }
    : { name, description, schema, isHosted, value, path };
}

function readMessage(value: JsonObject, index: number): Message {
  const role = ROLES[value.role as string] ?? 'user';
  const path = ['messages', index];
  const parts: Part[] = [];
  if (role === 'tool') {
    parts.push(readToolResult(value, path));
    return { role, parts, path };
  }
  if (role === 'assistant') readThinking(value, path, parts);
  const { content } = value;
  if (typeof content === 'string')
    parts.push({ kind: 'text', text: content, path: ['messages', index, 'content'] });
  else if (isArray(content)) {
    for (let i = 0; i < content.length; i++) {
      parts.push(readPart(content[i] as JsonValue, ['messages', index, 'content', i]));
    }
  } else if (content !== undefined && content !== null) {
    throw wrongType(`messages.${index}.content`, 'a string or an array', content);
  }
  if (role === 'assistant') readCalls(value, path, parts);
  return { role, parts, path };
}

/** Reasoning that some providers return beside the content; it has no signature. */
function readThinking(value: JsonObject, path: JsonPath, parts: Part[]): void {
  for (const field of ['reasoning_content', 'reasoning']) {
    const text = value[field];
    if (typeof text === 'string') parts.push({ kind: 'thinking', text, path: [...path, field] });
  }
}

function readCalls(value: JsonObject, path: JsonPath, parts: Part[]): void {
  for (const field of ['refusal', 'audio']) {
    const extra = value[field];
    if (extra !== undefined && extra !== null) {
      parts.push({ kind: 'other', type: field, value: extra, path: [...path, field] });
    }
  }
  const calls = value.tool_calls;
  if (calls !== undefined && calls !== null && !isArray(calls)) {
    throw wrongType(`${path.join('.')}.tool_calls`, 'an array', calls);
  }
  for (const [i, call] of (calls ?? []).entries()) parts.push(readCall(call, [...path, 'tool_calls', i]));
  const legacy = value.function_call;
  if (isObject(legacy)) {
    parts.push({
      kind: 'tool-call',
      id: '',
      name: stringOr(legacy.name),
      argumentsText: stringOr(legacy.arguments),
      path: [...path, 'function_call', 'arguments'],
    });
  }
}

function readCall(call: JsonValue, path: JsonPath): Part {
  if (!isObject(call)) return { kind: 'other', type: 'unknown', value: call, path };
  const isCustom = isObject(call.custom);
  const inner = isCustom ? call.custom : call.function;
  if (!isObject(inner)) return { kind: 'other', type: stringOr(call.type, 'unknown'), value: call, path };
  const textField = isCustom ? 'input' : 'arguments';
  return {
    kind: 'tool-call',
    id: stringOr(call.id),
    name: stringOr(inner.name),
    argumentsText: stringOr(inner[textField]),
    path: [...path, isCustom ? 'custom' : 'function', textField],
  };
}

function readToolResult(value: JsonObject, path: JsonPath): Part {
  const callId = stringOr(value.tool_call_id);
  const { content } = value;
  const contentPath = [...path, 'content'];
  if (!isArray(content)) return { kind: 'tool-result', callId, text: stringOr(content), path: contentPath };
  const texts: string[] = [];
  let only = -1;
  for (const [i, part] of content.entries()) {
    if (!isObject(part) || typeof part.text !== 'string') continue;
    texts.push(part.text);
    only = i;
  }
  return {
    kind: 'tool-result',
    callId,
    text: texts.join('\n'),
    path: texts.length === 1 ? [...contentPath, only, 'text'] : contentPath,
  };
}

function readPart(value: JsonValue, path: JsonPath): Part {
  if (!isObject(value)) return { kind: 'other', type: 'unknown', value, path };
  const type = stringOr(value.type, 'unknown');
  if (type === 'text' && typeof value.text === 'string') {
    return { kind: 'text', text: value.text, path: [...path, 'text'] };
  }
  if (type === 'image_url') return { kind: 'image', value, path };
  return { kind: 'other', type, value, path };
}
