import type { JsonObject, JsonValue } from '../../contract/index.ts';
import {
  isArray,
  isObject,
  optionalBoolean,
  optionalNumber,
  optionalStrings,
  refuse,
  requireArray,
  requireObject,
  requireString,
  requireToolName,
} from './checks.ts';
import { PRIMING_TOKENS } from './counting.ts';
import { ApiProblem } from './problem.ts';
import {
  listTools,
  looseText,
  messageBlock,
  type ReadContent,
  readFormat,
  readFunctionTool,
  readImageUrl,
  readToolChoice,
  toolBlocks,
} from './read-common.ts';
import type { PromptBlock, ReadContext, ReadRequest, SimulatedImage, SimulatedTurn } from './types.ts';

const MAX_TOOLS = 128;
const ROLES = ['system', 'developer', 'user', 'assistant', 'tool', 'function'];
const REASONING_MODEL = /^(o\d|gpt-[5-9])/;

/** Reads a body of `POST /v1/chat/completions`. @throws ApiProblem */
export function readChat(body: JsonObject, context: ReadContext): ReadRequest {
  const model = requireString(body['model'], 'model');
  const messages = requireArray(body['messages'], 'messages').map((message, index) =>
    readMessage(message, index),
  );
  checkToolTurns(messages);
  const toolValues = listTools(body, MAX_TOOLS);
  const tools = toolValues.flatMap(
    (tool, index) => readFunctionTool(tool, `tools[${index}]`, 'nested') ?? [],
  );
  const isStream = optionalBoolean(body, 'stream', false);
  const streamOptions = body['stream_options'];
  if (streamOptions !== undefined && streamOptions !== null && !isStream) {
    refuse('stream_options', "'stream_options' is only allowed when 'stream' is true.");
  }
  optionalNumber(body, 'temperature', { min: 0, max: 2 });
  optionalNumber(body, 'top_p', { min: 0, max: 1 });
  const maxTokens =
    optionalNumber(body, 'max_completion_tokens', { min: 1, max: 1e9, isInteger: true }) ??
    optionalNumber(body, 'max_tokens', { min: 1, max: 1e9, isInteger: true });
  const jsonSchema = readFormat(body['response_format'], 'response_format');
  return {
    simulated: {
      wire: 'openai-chat',
      model,
      isStream,
      system: systemText(messages),
      turns: mergeToolTurns(messages),
      tools,
      searchTool: null,
      toolChoice: readToolChoice(body['tool_choice'], tools),
      allowsParallelTools: optionalBoolean(body, 'parallel_tool_calls', true),
      maxTokens,
      stop: optionalStrings(body, 'stop', 4),
      n: optionalNumber(body, 'n', { min: 1, max: 128, isInteger: true }) ?? 1,
      jsonSchema,
      wantsThinking: REASONING_MODEL.test(model) && body['reasoning_effort'] !== 'none',
      seed: context.seed,
      body,
    },
    blocks: [...toolBlocks(toolValues), ...formatBlocks(jsonSchema), ...messages.map(toBlock), priming()],
    includesStreamUsage: isObject(streamOptions) && streamOptions['include_usage'] === true,
  };
}

interface ChatMessage extends ReadContent {
  readonly role: string;
  readonly callIds: readonly string[];
  readonly callText: string;
  readonly resultOf: string | null;
}

function readMessage(value: JsonValue, index: number): ChatMessage {
  const at = `messages[${index}]`;
  const message = requireObject(value, at);
  const role = requireString(message['role'], `${at}.role`);
  if (!ROLES.includes(role))
    refuse(`${at}.role`, `Invalid value: '${role}'. Supported values are: ${ROLES.join(', ')}.`);
  const calls = role === 'assistant' ? readCalls(message['tool_calls'], at) : { ids: [], text: '' };
  const resultOf = role === 'tool' ? requireString(message['tool_call_id'], `${at}.tool_call_id`) : null;
  const mayBeEmpty =
    role === 'assistant' &&
    (calls.ids.length > 0 ||
      message['refusal'] !== undefined ||
      message['function_call'] !== undefined ||
      message['audio'] !== undefined);
  const content = readContent(message['content'], { at, role, mayBeEmpty });
  return { role, ...content, callIds: calls.ids, callText: calls.text, resultOf };
}

function readContent(
  value: JsonValue | undefined,
  options: { readonly at: string; readonly role: string; readonly mayBeEmpty: boolean },
): ReadContent {
  const param = `${options.at}.content`;
  if (typeof value === 'string') return { text: value, images: [] };
  if (value === undefined || value === null) {
    if (options.mayBeEmpty) return { text: '', images: [] };
    refuse(param, "Invalid value for 'content': expected a string or an array, got null.", 'invalid_type');
  }
  const images: SimulatedImage[] = [];
  for (const [index, item] of requireArray(value, param).entries()) {
    const part = requireObject(item, `${param}[${index}]`);
    const type = requireString(part['type'], `${param}[${index}].type`);
    if (type === 'image_url') {
      if (options.role !== 'user')
        refuse(`${param}[${index}]`, `Images may only be in user messages, not in '${options.role}'.`);
      const image = requireObject(part['image_url'], `${param}[${index}].image_url`);
      const url = requireString(image['url'], `${param}[${index}].image_url.url`);
      images.push(readImageUrl(url, image['detail'], `${param}[${index}].image_url.url`));
    } else if (type === 'text') {
      if (typeof part['text'] !== 'string')
        refuse(`${param}[${index}].text`, 'Expected a string.', 'invalid_type');
    } else if (!['input_audio', 'file', 'refusal'].includes(type)) {
      refuse(
        `${param}[${index}].type`,
        `Invalid value: '${type}'. Supported values are: 'text', 'image_url', 'input_audio', 'refusal' and 'file'.`,
      );
    }
  }
  return { text: looseText(value), images };
}

function readCalls(value: JsonValue | undefined, at: string): { ids: string[]; text: string } {
  if (value === undefined || value === null) return { ids: [], text: '' };
  const texts: string[] = [];
  const ids = requireArray(value, `${at}.tool_calls`).map((item, index) => {
    const place = `${at}.tool_calls[${index}]`;
    const call = requireObject(item, place);
    if (call['type'] === 'function') {
      const definition = requireObject(call['function'], `${place}.function`);
      const name = requireToolName(definition['name'], `${place}.function.name`);
      if (typeof definition['arguments'] !== 'string') {
        refuse(`${place}.function.arguments`, 'Expected the arguments as a JSON string.', 'invalid_type');
      }
      texts.push(`${name}\n${definition['arguments']}`);
    }
    return requireString(call['id'], `${place}.id`);
  });
  return { ids, text: texts.join('\n') };
}

/** Every call is answered right after its message, and nothing else is. */
function checkToolTurns(messages: readonly ChatMessage[]): void {
  let open = new Set<string>();
  let known = new Set<string>();
  for (const [index, message] of messages.entries()) {
    if (message.resultOf !== null) {
      if (!known.has(message.resultOf)) {
        throw new ApiProblem(
          "Invalid parameter: messages with role 'tool' must be a response to a preceding message with 'tool_calls'.",
          { param: `messages[${index}].role` },
        );
      }
      open.delete(message.resultOf);
      continue;
    }
    refuseOpenCalls(open, index);
    open = new Set(message.callIds);
    known = new Set(message.callIds);
  }
  refuseOpenCalls(open, messages.length);
}

function refuseOpenCalls(open: ReadonlySet<string>, index: number): void {
  if (open.size === 0) return;
  throw new ApiProblem(
    `An assistant message with 'tool_calls' must be followed by tool messages for each 'tool_call_id'. Without a response: ${[...open].join(', ')}.`,
    { param: `messages[${Math.max(0, index - 1)}]` },
  );
}

function toBlock(message: ChatMessage): PromptBlock {
  const salt = `${message.role}:${message.resultOf ?? ''}:${message.callIds.join(',')}`;
  const text = [message.text, message.callText].filter((part) => part !== '').join('\n');
  return messageBlock(salt, { text, images: message.images });
}

function systemText(messages: readonly ChatMessage[]): string {
  return messages
    .filter((message) => message.role === 'system' || message.role === 'developer')
    .map((message) => message.text)
    .join('\n');
}

function mergeToolTurns(messages: readonly ChatMessage[]): SimulatedTurn[] {
  const turns: SimulatedTurn[] = [];
  for (const message of messages) {
    const last = turns.at(-1);
    if (message.role === 'tool' && last?.role === 'tool') {
      turns[turns.length - 1] = { ...last, toolResults: [...last.toolResults, message.text] };
    } else if (message.role === 'tool') {
      turns.push({ role: 'tool', text: '', images: [], toolResults: [message.text] });
    } else {
      turns.push({ role: roleOf(message.role), text: message.text, images: message.images, toolResults: [] });
    }
  }
  return turns;
}

function roleOf(role: string): SimulatedTurn['role'] {
  if (role === 'developer' || role === 'system') return 'system';
  return role === 'assistant' ? 'assistant' : 'user';
}

/** The block of a JSON schema that the answer must match; empty for none. */
export function formatBlocks(jsonSchema: JsonValue): PromptBlock[] {
  if (!isObject(jsonSchema) && !isArray(jsonSchema)) return [];
  return [{ salt: 'format', text: JSON.stringify(jsonSchema), flatTokens: 0 }];
}

/** The tokens that prime the answer, as the last block. */
export function priming(): PromptBlock {
  return { salt: 'priming', text: '', flatTokens: PRIMING_TOKENS };
}
