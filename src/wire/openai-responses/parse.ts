import {
  type ChatRequest,
  InputError,
  type JsonObject,
  type JsonPath,
  type JsonValue,
  type Message,
  type Part,
  type Role,
  type ScopeParts,
  type ToolDefinition,
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
  stringOr,
  wrongType,
} from '../request-shape.ts';
import { loadedTools } from '../tool-references.ts';

const ROLES: Readonly<Record<string, Role>> = {
  system: 'system',
  developer: 'developer',
  user: 'user',
  assistant: 'assistant',
};
const OWN_FIELDS = new Set([
  'model',
  'input',
  'instructions',
  'tools',
  'tool_choice',
  'parallel_tool_calls',
  'text',
  'stream',
  'stream_options',
]);
/** Tools that the caller runs; all others run at the provider. */
const CALLER_RUN = new Set([
  'function',
  'custom',
  'computer',
  'computer_use_preview',
  'local_shell',
  'apply_patch',
]);
/** Calls whose results the caller sends back, and the member that holds their text. */
const CALLS: Readonly<Record<string, string>> = { function_call: 'arguments', custom_tool_call: 'input' };
const RESULTS = new Set(['function_call_output', 'custom_tool_call_output']);

/** Parses a responses body. @throws InputError with a stable code */
export function parseRequest(bytes: Uint8Array): ChatRequest {
  const value = decodeBody(bytes);
  const { model, isStream } = readCommonFields(value);
  const items = readInput(value);
  const system: Message[] = [];
  const { instructions } = value;
  if (typeof instructions === 'string') {
    const path = ['instructions'];
    system.push({ role: 'system', parts: [{ kind: 'text', text: instructions, path }], path });
  }
  const leading = countLeadingSystem(items);
  system.push(...items.slice(0, leading));
  const messages = items.slice(leading);
  const tools = readList(value, 'tools').map((tool, i) => readTool(tool, ['tools', i]));
  return {
    wire: 'openai-responses',
    model,
    isStream,
    wantsStreamUsage: true,
    system,
    tools,
    messages,
    liveFrom: findLiveFrom(messages),
    isAgentTurn: endsInToolResults(messages),
    isReplayable: isReplayable(value, messages, tools),
    source: { bytes, value, system, messages, tools },
  };
}

/** The parts of a responses body that isolate one answer from another. */
export function scopeParts(request: ChatRequest): ScopeParts {
  const body = request.source.value;
  const { input, instructions } = body;
  const leading = request.source.system.filter((message) => message.path?.[0] === 'input').length;
  const isSplit = isArray(input) && leading > 0;
  return {
    system: isSplit ? [instructions ?? null, ...input.slice(0, leading)] : (instructions ?? null),
    messages: isSplit ? input.slice(leading) : (input ?? null),
    tools: body.tools ?? null,
    toolChoice: pick(body, ['tool_choice', 'parallel_tool_calls']),
    responseFormat: body.text ?? null,
    sampling: omit(body, OWN_FIELDS),
  };
}

/** True when the provider adds to the input what the body does not show. */
export function hasProviderState(body: JsonObject): boolean {
  const isSet = (field: string) => body[field] !== undefined && body[field] !== null;
  return isSet('previous_response_id') || isSet('conversation') || isSet('prompt');
}

/**
 * Answers of these requests are not a function of the body: state or a prompt template is kept at
 * the provider, the work goes on in the background, or a hosted tool looks at the world.
 */
function isReplayable(
  body: JsonObject,
  messages: readonly Message[],
  tools: readonly ToolDefinition[],
): boolean {
  if (hasProviderState(body) || body.background === true || hasHostedTool(tools)) return false;
  return !messages.some(({ parts: [part] }) => part?.kind === 'other' && part.type === 'item_reference');
}

function readInput(body: JsonObject): readonly Message[] {
  const { input } = body;
  if (input === undefined || input === null) {
    if (hasProviderState(body)) return [];
    throw new InputError('invalid_input', 'The body has no "input"; send a text or a list of items.');
  }
  if (typeof input === 'string') {
    return [{ role: 'user', parts: [{ kind: 'text', text: input, path: ['input'] }], path: ['input'] }];
  }
  if (!isArray(input)) throw wrongType('input', 'a string or an array', input);
  return input.map((item, i) => {
    if (!isObject(item)) throw new InputError('invalid_input', `"input[${i}]" must be an object.`);
    return readItem(item, ['input', i]);
  });
}

function countLeadingSystem(items: readonly Message[]): number {
  let count = 0;
  while (items[count]?.role === 'system' || items[count]?.role === 'developer') count++;
  return count;
}

function readTool(value: JsonValue, path: JsonPath): ToolDefinition {
  if (!isObject(value)) throw wrongType(path.join('.'), 'an object', value);
  const type = stringOr(value.type, 'function');
  const isHosted = !CALLER_RUN.has(type);
  const name = stringOr(value.name, type === 'function' || type === 'custom' ? '' : type);
  const description = stringOr(value.description);
  const schema = value.parameters;
  return schema === undefined || isHosted
    ? { name, description, isHosted, value, path }
    : { name, description, schema, isHosted, value, path };
}

/** One item of the input is one message. */
function readItem(item: JsonObject, path: JsonPath): Message {
  const type = stringOr(item.type, 'message');
  if (type === 'message') return readMessage(item, path);
  const textField = CALLS[type];
  if (textField !== undefined) {
    const part: Part = {
      kind: 'tool-call',
      id: stringOr(item.call_id),
      name: stringOr(item.name),
      argumentsText: stringOr(item[textField]),
      ...(typeof item.namespace === 'string' ? { namespace: item.namespace } : {}),
      path: [...path, textField],
    };
    return { role: 'assistant', parts: [part], path };
  }
  if (RESULTS.has(type)) return readResult(item, path);
  if (type === 'reasoning') return { role: 'assistant', parts: [readReasoning(item, path)], path };
  const isFromCaller = type.endsWith('_output') || type.endsWith('_response');
  return {
    role: isFromCaller ? 'tool' : (ROLES[stringOr(item.role)] ?? 'assistant'),
    parts: [{ kind: 'other', type, value: item, ...loadedTools(item), path }],
    path,
  };
}

function readMessage(item: JsonObject, path: JsonPath): Message {
  const role = ROLES[stringOr(item.role)] ?? 'user';
  const { content } = item;
  const contentPath = [...path, 'content'];
  if (typeof content === 'string') {
    return { role, parts: [{ kind: 'text', text: content, path: contentPath }], path };
  }
  if (content === undefined || content === null) return { role, parts: [], path };
  if (!isArray(content)) throw wrongType(contentPath.join('.'), 'a string or an array', content);
  return { role, parts: content.map((part, i) => readPart(part, [...contentPath, i])), path };
}

function readPart(value: JsonValue, path: JsonPath): Part {
  if (!isObject(value)) return { kind: 'other', type: 'unknown', value, path };
  const type = stringOr(value.type, 'unknown');
  if (isText(value)) return { kind: 'text', text: value.text, path: [...path, 'text'] };
  if (type === 'input_image') return { kind: 'image', value, path };
  return { kind: 'other', type, value, path };
}

function isText(value: JsonValue): value is JsonObject & { readonly text: string } {
  if (!isObject(value) || typeof value.text !== 'string') return false;
  return value.type === 'input_text' || value.type === 'output_text' || value.type === 'text';
}

/** The result's text is one part; its images and files follow as parts of their own. */
function readResult(item: JsonObject, path: JsonPath): Message {
  const callId = stringOr(item.call_id);
  const { output } = item;
  const outputPath = [...path, 'output'];
  if (!isArray(output)) {
    return {
      role: 'tool',
      parts: [{ kind: 'tool-result', callId, text: stringOr(output), path: outputPath }],
      path,
    };
  }
  const texts: string[] = [];
  const others: Part[] = [];
  let only = -1;
  for (const [i, block] of output.entries()) {
    if (isText(block)) {
      texts.push(block.text);
      only = i;
    } else others.push(readPart(block, [...outputPath, i]));
  }
  const textPath = texts.length === 1 ? [...outputPath, only, 'text'] : outputPath;
  return {
    role: 'tool',
    parts: [{ kind: 'tool-result', callId, text: texts.join('\n'), path: textPath }, ...others],
    path,
  };
}

/** The shown summary of the reasoning; its encrypted content counts as the signature. */
function readReasoning(item: JsonObject, path: JsonPath): Part {
  const summary = isArray(item.summary) ? item.summary : [];
  const text = summary.map((entry) => (isObject(entry) ? stringOr(entry.text) : '')).join('\n');
  return typeof item.encrypted_content === 'string'
    ? { kind: 'thinking', text, signature: item.encrypted_content, path }
    : { kind: 'thinking', text, path };
}
