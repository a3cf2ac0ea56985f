import type {
  ChatResponse,
  FinishReason,
  JsonObject,
  JsonValue,
  ToolCall,
  Usage,
} from '../../contract/index.ts';
import { objectOr, tokenCount, worseFinish } from '../answer.ts';
import { decodeAnswer, isArray, isObject } from '../decode.ts';
import { stringOr } from '../request-shape.ts';

/** `finish_reason` as providers of this wire write it; an unknown one is not taken for a whole answer. */
const FINISH: Readonly<Record<string, FinishReason>> = {
  stop: 'complete',
  eos: 'complete',
  eos_token: 'complete',
  stop_sequence: 'complete',
  end_turn: 'complete',
  length: 'length',
  max_tokens: 'length',
  model_length: 'length',
  tool_calls: 'tool-calls',
  function_call: 'tool-calls',
  content_filter: 'filtered',
  error: 'failed',
};

/** Parses a chat completion; undefined for error bodies and other shapes. */
export function parseResponse(bytes: Uint8Array): ChatResponse | undefined {
  const body = decodeAnswer(bytes);
  if (!isObject(body) || !isArray(body.choices) || body.choices.length === 0) return undefined;
  if (!body.choices.every((choice) => isObject(choice) && isObject(choice.message))) return undefined;
  return toResponse(body, bytes);
}

/** Reads a chat completion whose JSON text is `bytes`. */
export function toResponse(body: JsonObject, bytes: Uint8Array): ChatResponse {
  let text = '';
  let finish: FinishReason = 'complete';
  const toolCalls: ToolCall[] = [];
  for (const choice of body.choices as readonly JsonObject[]) {
    const message = objectOr(choice.message);
    const callsBefore = toolCalls.length;
    text += readText(message);
    readCalls(message, toolCalls);
    let own = FINISH[stringOr(choice.finish_reason)] ?? 'incomplete';
    if (own === 'complete' && toolCalls.length > callsBefore) own = 'tool-calls';
    if (own === 'complete' && stringOr(message.refusal) !== '') own = 'filtered';
    finish = worseFinish(finish, own);
  }
  const usage = readUsage(body.usage);
  const response = {
    wire: 'openai-chat' as const,
    id: stringOr(body.id),
    model: stringOr(body.model),
    finish,
    text,
    toolCalls,
    bytes,
  };
  return usage === undefined ? response : { ...response, usage };
}

/** The usage of a chat completion in the contract's meaning, or undefined. */
export function readUsage(value: JsonValue | undefined): Usage | undefined {
  if (!isObject(value)) return undefined;
  const input = objectOr(value.prompt_tokens_details);
  const output = objectOr(value.completion_tokens_details);
  return {
    inputTokens: tokenCount(value.prompt_tokens),
    outputTokens: tokenCount(value.completion_tokens),
    cacheReadTokens: tokenCount(input.cached_tokens ?? value.prompt_cache_hit_tokens),
    cacheWriteTokens: tokenCount(input.cache_write_tokens ?? input.cache_creation_tokens),
    cacheWrite1hTokens: 0,
    reasoningTokens: tokenCount(output.reasoning_tokens),
  };
}

/** The completion with a usage in its body, where it has none. */
export function withUsage(response: ChatResponse, usage: Usage): ChatResponse {
  if (response.usage !== undefined) return response;
  const body = decodeAnswer(response.bytes);
  if (!isObject(body)) return response;
  const completed = {
    ...body,
    usage: {
      prompt_tokens: usage.inputTokens,
      completion_tokens: usage.outputTokens,
      total_tokens: usage.inputTokens + usage.outputTokens,
      prompt_tokens_details: { cached_tokens: usage.cacheReadTokens },
      completion_tokens_details: { reasoning_tokens: usage.reasoningTokens },
    },
  };
  return { ...response, usage, bytes: new TextEncoder().encode(JSON.stringify(completed)) };
}

/** All text of a message, a refusal included. */
export function readText(message: JsonObject): string {
  const { content } = message;
  let text = stringOr(content);
  if (isArray(content)) {
    for (const part of content) if (isObject(part)) text += stringOr(part.text);
  }
  return text + stringOr(message.refusal);
}

/** Appends the calls of a message, in their order. */
export function readCalls(message: JsonObject, into: ToolCall[]): void {
  if (isArray(message.tool_calls)) {
    for (const call of message.tool_calls) {
      if (!isObject(call)) continue;
      const inner = objectOr(call.custom ?? call.function);
      into.push({
        id: stringOr(call.id),
        name: stringOr(inner.name),
        argumentsText: stringOr(inner.arguments ?? inner.input),
      });
    }
  }
  const legacy = message.function_call;
  if (isObject(legacy)) {
    into.push({ id: '', name: stringOr(legacy.name), argumentsText: stringOr(legacy.arguments) });
  }
}
