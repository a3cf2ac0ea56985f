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
import { loadedTools } from '../tool-references.ts';

const ROLES: Readonly<Record<string, Role>> = { user: 'user', assistant: 'assistant', system: 'system' };
const OWN_FIELDS = new Set([
  'model',
  'messages',
  'system',
  'tools',
  'tool_choice',
  'output_format',
  'output_config',
  'stream',
]);
/** Tools with a schema of the provider's that the caller runs. */
const CALLER_RUN = /^(custom|bash_|text_editor_|computer_|memory_)/;

/** Parses a messages body. @throws InputError with a stable code */
export function parseRequest(bytes: Uint8Array): ChatRequest {
  const value = decodeBody(bytes);
  const { model, isStream } = readCommonFields(value);
  const list = readMessages(value);
  const messages: Message[] = [];
  for (let i = 0; i < list.length; i++) messages.push(readMessage(list[i] as JsonObject, i));
  const system = readSystem(value);
  const tools = readList(value, 'tools').map((tool, i) => readTool(tool, ['tools', i]));
  return {
    wire: 'anthropic-messages',
    model,
    isStream,
    wantsStreamUsage: true,
    system,
    tools,
    messages,
    liveFrom: findLiveFrom(messages),
    isAgentTurn: endsInToolResults(messages),
    isReplayable: isReplayable(value, tools),
    source: { bytes, value, system, messages, tools },
  };
}

/** The parts of a messages body that isolate one answer from another. */
export function scopeParts(request: ChatRequest): ScopeParts {
  const body = request.source.value;
  return {
    system: body.system ?? null,
    messages: body.messages ?? null,
    tools: body.tools ?? null,
    toolChoice: pick(body, ['tool_choice']),
    responseFormat: pick(body, ['output_format', 'output_config']),
    sampling: omit(body, OWN_FIELDS),
  };
}

/** Hosted tools, MCP servers and a container look at a world that changes between two answers. */
function isReplayable(body: JsonObject, tools: readonly ToolDefinition[]): boolean {
  if (body.container !== undefined && body.container !== null) return false;
  if (isArray(body.mcp_servers) && body.mcp_servers.length > 0) return false;
  return !hasHostedTool(tools);
}

function readTool(value: JsonValue, path: JsonPath): ToolDefinition {
  if (!isObject(value)) throw wrongType(path.join('.'), 'an object', value);
  const type = stringOr(value.type, 'custom');
  const isHosted = !CALLER_RUN.test(type);
  const name = stringOr(value.name, isHosted ? type : '');
  const description = stringOr(value.description);
  const schema = value.input_schema;
  return schema === undefined
    ? { name, description, isHosted, value, path }
    : { name, description, schema, isHosted, value, path };
}

function readSystem(body: JsonObject): readonly Message[] {
  const { system } = body;
  if (system === undefined || system === null) return [];
  const path = ['system'];
  if (typeof system === 'string')
    return [{ role: 'system', parts: [{ kind: 'text', text: system, path }], path }];
  if (!isArray(system)) throw wrongType('system', 'a string or an array', system);
  if (system.length === 0) return [];
  return [{ role: 'system', parts: readBlocks(system, path), path }];
}

function readMessage(value: JsonObject, index: number): Message {
  const role = ROLES[value.role as string] ?? 'user';
  const path = ['messages', index];
  const contentPath = ['messages', index, 'content'];
  const { content } = value;
  if (typeof content === 'string') {
    return { role, parts: [{ kind: 'text', text: content, path: contentPath }], path };
  }
  if (isArray(content)) return { role, parts: readBlocks(content, contentPath), path };
  if (content === undefined || content === null) return { role, parts: [], path };
  throw wrongType(contentPath.join('.'), 'a string or an array', content);
}

function readBlocks(blocks: readonly JsonValue[], path: JsonPath): readonly Part[] {
  const parts: Part[] = [];
  for (let i = 0; i < blocks.length; i++) readBlock(blocks[i] as JsonValue, [...path, i], parts);
  return parts;
}

function readBlock(value: JsonValue, path: JsonPath, parts: Part[]): void {
  if (!isObject(value)) {
    parts.push({ kind: 'other', type: 'unknown', value, path });
    return;
  }
  const type = stringOr(value.type, 'unknown');
  if (type === 'text' && typeof value.text === 'string') {
    parts.push({ kind: 'text', text: value.text, path: [...path, 'text'] });
  } else if (type === 'tool_use') {
    parts.push({
      kind: 'tool-call',
      id: stringOr(value.id),
      name: stringOr(value.name),
      argumentsText: JSON.stringify(value.input ?? {}),
      path: [...path, 'input'],
    });
  } else if (type === 'tool_result') {
    readToolResult(value, path, parts);
  } else if (type === 'thinking' && typeof value.thinking === 'string') {
    const thinkingPath = [...path, 'thinking'];
    const text = value.thinking;
    parts.push(
      typeof value.signature === 'string'
        ? { kind: 'thinking', text, signature: value.signature, path: thinkingPath }
        : { kind: 'thinking', text, path: thinkingPath },
    );
  } else if (type === 'image') parts.push({ kind: 'image', value, path });
  else parts.push({ kind: 'other', type, value, ...loadedTools(value), path });
}

/** The result's text is one part; its images and documents follow as parts of their own. */
function readToolResult(value: JsonObject, path: JsonPath, parts: Part[]): void {
  const callId = stringOr(value.tool_use_id);
  const { content } = value;
  const contentPath = [...path, 'content'];
  if (!isArray(content)) {
    parts.push({ kind: 'tool-result', callId, text: stringOr(content), path: contentPath });
    return;
  }
  const texts: string[] = [];
  const others: Part[] = [];
  let only = -1;
  for (let i = 0; i < content.length; i++) {
    const block = content[i] as JsonValue;
    if (isObject(block) && block.type === 'text' && typeof block.text === 'string') {
      texts.push(block.text);
      only = i;
    } else readBlock(block, [...contentPath, i], others);
  }
  const textPath = texts.length === 1 ? [...contentPath, only, 'text'] : contentPath;
  parts.push({ kind: 'tool-result', callId, text: texts.join('\n'), path: textPath }, ...others);
}
