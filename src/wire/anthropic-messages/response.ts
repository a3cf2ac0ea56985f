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

/** `stop_reason`; a paused turn (`pause_turn`) and unknown reasons are no whole answers. */
const FINISH: Readonly<Record<string, FinishReason>> = {
  end_turn: 'complete',
  stop_sequence: 'complete',
  tool_use: 'tool-calls',
  max_tokens: 'length',
  model_context_window_exceeded: 'length',
  refusal: 'filtered',
};

/** Parses a message; undefined for error bodies and other shapes. */
export function parseResponse(bytes: Uint8Array): ChatResponse | undefined {
  const body = decodeAnswer(bytes);
  if (!isObject(body) || body.type !== 'message' || !isArray(body.content)) return undefined;
  return toResponse(body, bytes);
}

/** Reads a message whose JSON text is `bytes`. */
export function toResponse(body: JsonObject, bytes: Uint8Array): ChatResponse {
  let text = '';
  const toolCalls: ToolCall[] = [];
  for (const block of body.content as readonly JsonValue[]) {
    if (!isObject(block)) continue;
    if (block.type === 'text') text += stringOr(block.text);
    else if (block.type === 'tool_use') {
      const argumentsText = JSON.stringify(block.input ?? {});
      toolCalls.push({ id: stringOr(block.id), name: stringOr(block.name), argumentsText });
    }
  }
  let finish = FINISH[stringOr(body.stop_reason)] ?? 'incomplete';
  if (finish === 'complete' && toolCalls.length > 0) finish = 'tool-calls';
  const usage = readUsage(body.usage);
  return {
    wire: 'anthropic-messages',
    id: stringOr(body.id),
    model: stringOr(body.model),
    finish,
    ...(usage === undefined ? {} : { usage }),
    text,
    toolCalls,
    ...toolSearchOf(body.content as readonly JsonValue[]),
    bytes,
  };
}

/**
 * The usage of a message in the contract's meaning, or undefined. The wire's `input_tokens` leaves
 * out what was read from or written to the prompt cache; it is added here.
 */
export function readUsage(value: JsonValue | undefined): Usage | undefined {
  if (!isObject(value)) return undefined;
  const read = tokenCount(value.cache_read_input_tokens);
  const written = tokenCount(value.cache_creation_input_tokens);
  const lives = objectOr(value.cache_creation);
  const hour = tokenCount(lives.ephemeral_1h_input_tokens);
  const fiveMinutes = tokenCount(lives.ephemeral_5m_input_tokens);
  const allWritten = Math.max(written, hour + fiveMinutes);
  return {
    inputTokens: tokenCount(value.input_tokens) + read + allWritten,
    outputTokens: tokenCount(value.output_tokens),
    cacheReadTokens: read,
    cacheWriteTokens: allWritten - hour,
    cacheWrite1hTokens: hour,
    reasoningTokens: tokenCount(objectOr(value.output_tokens_details).thinking_tokens),
  };
}
