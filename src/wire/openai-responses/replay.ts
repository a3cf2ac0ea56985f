import { Buffer } from 'node:buffer';
import type { ChatResponse, JsonObject, JsonValue } from '../../contract/index.ts';
import { chunkText, objectOr, toBytes } from '../answer.ts';
import { decodeAnswer, isArray, isObject } from '../decode.ts';
import { stringOr } from '../request-shape.ts';
import { formatSse } from '../sse.ts';

const FINAL_TYPES: Readonly<Record<string, string>> = {
  incomplete: 'response.incomplete',
  failed: 'response.failed',
  cancelled: 'response.failed',
};
/** Calls whose arguments are streamed: the member, and the name of the events. */
const CALLS: Readonly<Record<string, { readonly field: string; readonly event: string }>> = {
  function_call: { field: 'arguments', event: 'response.function_call_arguments' },
  custom_tool_call: { field: 'input', event: 'response.custom_tool_call_input' },
  mcp_call: { field: 'arguments', event: 'response.mcp_call_arguments' },
};

/** A stored response object as the stream that would have brought it. The wire always reports usage. */
export function replayStream(response: ChatResponse): Uint8Array {
  const body = objectOr(decodeAnswer(response.bytes));
  const writer = new EventWriter();
  const begun = { ...body, status: 'in_progress', output: [], usage: null };
  writer.write('response.created', { response: begun });
  writer.write('response.in_progress', { response: begun });
  for (const [index, item] of (isArray(body.output) ? body.output : []).entries()) {
    if (isObject(item)) replayItem(writer, item, index);
  }
  writer.writeRaw(
    FINAL_TYPES[stringOr(body.status)] ?? 'response.completed',
    'response',
    onOneLine(response.bytes, body),
  );
  return toBytes(writer.out);
}

/** The answer's own text where it fits into one line of an event, else printed anew. */
function onOneLine(bytes: Uint8Array, body: JsonObject): string {
  const hasMark = bytes[0] === 0xef;
  if (hasMark || bytes.includes(0x0a) || bytes.includes(0x0d)) return JSON.stringify(body);
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString();
}

class EventWriter {
  out = '';
  #sequence = 0;

  write(type: string, fields: JsonObject): void {
    const event = JSON.stringify({ type, sequence_number: this.#sequence++, ...fields });
    this.out += formatSse(event, type);
  }

  writeRaw(type: string, field: string, json: string): void {
    const head = JSON.stringify({ type, sequence_number: this.#sequence++ }).slice(0, -1);
    this.out += formatSse(`${head},"${field}":${json}}`, type);
  }
}

function replayItem(writer: EventWriter, item: JsonObject, index: number): void {
  const place: JsonObject = { item_id: item.id ?? '', output_index: index };
  const call = CALLS[stringOr(item.type)];
  if (item.type === 'message') replayMessage(writer, item, place);
  else if (item.type === 'reasoning') replayReasoning(writer, item, place);
  else if (call !== undefined && typeof item[call.field] === 'string') {
    const text = item[call.field] as string;
    const begun = { ...item, status: 'in_progress', [call.field]: '' };
    writer.write('response.output_item.added', { output_index: index, item: begun });
    for (const delta of chunkText(text)) writer.write(`${call.event}.delta`, { ...place, delta });
    const name = item.type === 'function_call' ? { name: item.name ?? '' } : {};
    writer.write(`${call.event}.done`, { ...place, ...name, [call.field]: text });
  } else writer.write('response.output_item.added', { output_index: index, item });
  writer.write('response.output_item.done', { output_index: index, item });
}

function replayMessage(writer: EventWriter, item: JsonObject, place: JsonObject): void {
  const begun = { ...item, status: 'in_progress', content: [] };
  writer.write('response.output_item.added', { output_index: place.output_index, item: begun });
  for (const [index, part] of (isArray(item.content) ? item.content : []).entries()) {
    if (isObject(part)) replayContent(writer, part, { ...place, content_index: index });
  }
}

function replayContent(writer: EventWriter, part: JsonObject, place: JsonObject): void {
  const { text, refusal } = part;
  const emptied = typeof refusal === 'string' ? { ...part, refusal: '' } : { ...part, text: '' };
  const begun = isArray(part.annotations) ? { ...emptied, annotations: [] } : emptied;
  writer.write('response.content_part.added', { ...place, part: begun });
  if (typeof refusal === 'string') {
    for (const delta of chunkText(refusal)) writer.write('response.refusal.delta', { ...place, delta });
    writer.write('response.refusal.done', { ...place, refusal });
  } else if (typeof text === 'string') {
    const event = part.type === 'reasoning_text' ? 'response.reasoning_text' : 'response.output_text';
    const logprobs: JsonObject = event === 'response.output_text' ? { logprobs: [] } : {};
    for (const delta of chunkText(text)) writer.write(`${event}.delta`, { ...place, delta, ...logprobs });
    replayAnnotations(writer, part.annotations, place);
    const whole = isArray(part.logprobs) ? { logprobs: part.logprobs } : logprobs;
    writer.write(`${event}.done`, { ...place, text, ...whole });
  }
  writer.write('response.content_part.done', { ...place, part });
}

function replayAnnotations(writer: EventWriter, annotations: JsonValue | undefined, place: JsonObject): void {
  for (const [index, annotation] of (isArray(annotations) ? annotations : []).entries()) {
    const event = { ...place, annotation_index: index, annotation };
    writer.write('response.output_text.annotation.added', event);
  }
}

function replayReasoning(writer: EventWriter, item: JsonObject, place: JsonObject): void {
  const begun: Record<string, JsonValue | undefined> = { ...item, summary: [] };
  if (isArray(item.content)) begun.content = [];
  if (item.status !== undefined) begun.status = 'in_progress';
  writer.write('response.output_item.added', { output_index: place.output_index, item: begun });
  for (const [index, part] of (isArray(item.summary) ? item.summary : []).entries()) {
    if (!isObject(part) || typeof part.text !== 'string') continue;
    const at = { ...place, summary_index: index };
    writer.write('response.reasoning_summary_part.added', { ...at, part: { ...part, text: '' } });
    for (const delta of chunkText(part.text))
      writer.write('response.reasoning_summary_text.delta', { ...at, delta });
    writer.write('response.reasoning_summary_text.done', { ...at, text: part.text });
    writer.write('response.reasoning_summary_part.done', { ...at, part });
  }
  for (const [index, part] of (isArray(item.content) ? item.content : []).entries()) {
    if (isObject(part)) replayContent(writer, part, { ...place, content_index: index });
  }
}
