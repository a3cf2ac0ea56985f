import type {
  ChatResponse,
  FinishReason,
  JsonObject,
  JsonValue,
  ToolCall,
  Usage,
} from '../../contract/index.ts';
import { objectOr, tokenCount } from '../answer.ts';
import { decodeAnswer, isArray, isObject } from '../decode.ts';
import { stringOr } from '../request-shape.ts';
import { toolSearchOf } from '../tool-references.ts';

/** Output items that ask the caller to run something, and the member that holds the arguments. */
const CALLS: Readonly<Record<string, string>> = {
  function_call: 'arguments',
  custom_tool_call: 'input',
};
/** Other items that hand over to the caller. */
const HANDOVERS = new Set([
  'computer_call',
  'local_shell_call',
  'shell_call',
  'apply_patch_call',
  'mcp_approval_request',
]);

/** Parses a response object; undefined for error bodies and other shapes. */
export function parseResponse(bytes: Uint8Array): ChatResponse | undefined {
  const body = decodeAnswer(bytes);
  if (!isObject(body) || body.object !== 'response' || !isArray(body.output)) return undefined;
  return toResponse(body, bytes);
}

/** Reads a response object whose JSON text is `bytes`. */
export function toResponse(body: JsonObject, bytes: Uint8Array): ChatResponse {
  let text = '';
  let hasRefusal = false;
  let isHandover = false;
  const toolCalls: ToolCall[] = [];
  for (const item of body.output as readonly JsonValue[]) {
    if (!isObject(item)) continue;
    const type = stringOr(item.type);
    const field = CALLS[type];
    if (field !== undefined) {
      toolCalls.push({
        id: stringOr(item.call_id),
        name: stringOr(item.name),
        argumentsText: stringOr(item[field]),
      });
    } else if (HANDOVERS.has(type)) isHandover = true;
    else if (type === 'message' && isArray(item.content)) {
      for (const part of item.content) {
        if (!isObject(part)) continue;
        hasRefusal ||= part.type === 'refusal';
        text += stringOr(part.text) + stringOr(part.refusal);
      }
    }
  }
  let finish = readFinish(body);
  if (finish === 'complete' && (toolCalls.length > 0 || isHandover)) finish = 'tool-calls';
  if (finish === 'complete' && hasRefusal) finish = 'filtered';
  const usage = readUsage(body.usage);
  return {
    wire: 'openai-responses',
    id: stringOr(body.id),
    model: stringOr(body.model),
    finish,
    ...(usage === undefined ? {} : { usage }),
    text,
    toolCalls,
    ...toolSearchOf(body.output as readonly JsonValue[]),
    bytes,
  };
}

function readFinish(body: JsonObject): FinishReason {
  switch (stringOr(body.status)) {
    case 'completed':
      return 'complete';
    case 'failed':
    case 'cancelled':
      return 'failed';
    case 'incomplete': {
      const { reason } = objectOr(body.incomplete_details);
      if (reason === 'max_output_tokens') return 'length';
      return reason === 'content_filter' ? 'filtered' : 'incomplete';
    }
    default:
      return 'incomplete';
  }
}

/** The usage of a response object in the contract's meaning, or undefined. */
export function readUsage(value: JsonValue | undefined): Usage | undefined {
  if (!isObject(value)) return undefined;
  const input = objectOr(value.input_tokens_details);
  return {
    inputTokens: tokenCount(value.input_tokens),
    outputTokens: tokenCount(value.output_tokens),
    cacheReadTokens: tokenCount(input.cached_tokens),
    cacheWriteTokens: tokenCount(input.cache_write_tokens),
    cacheWrite1hTokens: 0,
    reasoningTokens: tokenCount(objectOr(value.output_tokens_details).reasoning_tokens),
  };
}
