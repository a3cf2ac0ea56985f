import { Buffer } from 'node:buffer';
import type { ChatResponse, JsonObject, JsonValue } from '../../contract/index.ts';
import { chunkText, objectOr, toBytes } from '../answer.ts';
import { decodeAnswer, isArray, isObject } from '../decode.ts';
import { sliceJson } from '../json-splice.ts';
import { formatSse } from '../sse.ts';

/** A stored message as the stream that would have brought it. The wire always reports usage. */
export function replayStream(response: ChatResponse): Uint8Array {
  const body = objectOr(decodeAnswer(response.bytes));
  const { content, stop_reason, stop_sequence, usage, ...rest } = body;
  const fullUsage = isObject(usage) ? usage : { input_tokens: 0, output_tokens: 0 };
  const message = {
    ...rest,
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage: { ...fullUsage, output_tokens: 0 },
  };
  let out = event({ type: 'message_start', message });
  for (const [index, block] of (isArray(content) ? content : []).entries()) {
    out += replayBlock(response.bytes, index, objectOr(block));
  }
  const delta: Record<string, JsonValue> = { stop_reason: stop_reason ?? null };
  if (stop_sequence !== undefined) delta.stop_sequence = stop_sequence;
  out += event({ type: 'message_delta', delta, usage: fullUsage });
  return toBytes(out + event({ type: 'message_stop' }));
}

function event(value: JsonObject & { readonly type: string }): string {
  return formatSse(JSON.stringify(value), value.type);
}

function replayBlock(bytes: Uint8Array, index: number, block: JsonObject): string {
  const { start, deltas } = splitBlock(bytes, index, block);
  let out = event({ type: 'content_block_start', index, content_block: start });
  for (const delta of deltas) out += event({ type: 'content_block_delta', index, delta });
  return out + event({ type: 'content_block_stop', index });
}

interface SplitBlock {
  /** The block as it begins. */
  readonly start: JsonObject;
  /** What is added to it, in order. */
  readonly deltas: readonly JsonObject[];
}

function splitBlock(bytes: Uint8Array, index: number, block: JsonObject): SplitBlock {
  const { text, thinking, signature, citations, input } = block;
  if (block.type === 'text' && typeof text === 'string') {
    const start = { ...block, text: '', ...(isArray(citations) ? { citations: [] } : {}) };
    const cited = (isArray(citations) ? citations : []).map((citation) => ({
      type: 'citations_delta',
      citation,
    }));
    return {
      start,
      deltas: [...chunkText(text).map((piece) => ({ type: 'text_delta', text: piece })), ...cited],
    };
  }
  if (block.type === 'thinking' && typeof thinking === 'string') {
    const isSigned = typeof signature === 'string';
    const start = { ...block, thinking: '', ...(isSigned ? { signature: '' } : {}) };
    const pieces: JsonObject[] = chunkText(thinking).map((piece) => ({
      type: 'thinking_delta',
      thinking: piece,
    }));
    return { start, deltas: isSigned ? [...pieces, { type: 'signature_delta', signature }] : pieces };
  }
  if (isObject(input)) {
    const isEmpty = Object.keys(input).length === 0;
    const pieces = isEmpty ? [''] : chunkText(rawInput(bytes, index));
    return {
      start: { ...block, input: {} },
      deltas: pieces.map((piece) => ({ type: 'input_json_delta', partial_json: piece })),
    };
  }
  return { start: block, deltas: [] };
}

/** The input as the model wrote it: parsing and printing it again could round a number. */
function rawInput(bytes: Uint8Array, index: number): string {
  const slice = sliceJson(bytes, ['content', index, 'input']);
  return slice === undefined ? '{}' : Buffer.from(slice).toString();
}
