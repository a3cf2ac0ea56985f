import type { ChatResponse, JsonObject, JsonValue } from '../../contract/index.ts';
import { chunkText, objectOr, toBytes } from '../answer.ts';
import { decodeAnswer, isArray, isObject } from '../decode.ts';
import { formatSse } from '../sse.ts';

/** Fields that every chunk of a stream repeats. */
const REPEATED = ['id', 'created', 'model', 'service_tier', 'system_fingerprint'];
/** Message fields whose text is streamed in pieces. */
const STREAMED = ['reasoning_content', 'reasoning', 'content', 'refusal'];
const CHOICE_FIELDS = new Set(['index', 'message', 'finish_reason', 'logprobs']);

/** A stored chat completion as the stream that would have brought it. */
export function replayStream(
  response: ChatResponse,
  options: { readonly includeUsage: boolean },
): Uint8Array {
  const body = objectOr(decodeAnswer(response.bytes));
  const writer = new ChunkWriter(body, options.includeUsage);
  const choices = isArray(body.choices) ? body.choices.filter(isObject) : [];
  for (const [position, choice] of choices.entries()) replayChoice(writer, choice, position);
  return toBytes(writer.end());
}

class ChunkWriter {
  readonly #head: string;
  readonly #tail: string;
  readonly #usage: JsonValue | undefined;
  readonly #includesUsage: boolean;
  /** Fields of the answer that only its first chunk carries. */
  #once: string;
  #out = '';

  constructor(body: JsonObject, includesUsage: boolean) {
    const repeated: Record<string, JsonValue> = {};
    const once: Record<string, JsonValue> = {};
    for (const [key, value] of Object.entries(body)) {
      if (key === 'choices' || key === 'usage' || key === 'object' || value === undefined) continue;
      (REPEATED.includes(key) ? repeated : once)[key] = value;
    }
    const head = JSON.stringify({ object: 'chat.completion.chunk', ...repeated });
    this.#head = head.slice(0, -1);
    this.#once = Object.keys(once).length === 0 ? '' : `,${JSON.stringify(once).slice(1, -1)}`;
    this.#tail = includesUsage ? ',"usage":null}' : '}';
    this.#includesUsage = includesUsage;
    this.#usage = body.usage;
  }

  choice(choice: JsonObject): void {
    this.#write(`"choices":[${JSON.stringify(choice)}]`, this.#tail);
  }

  end(): string {
    if (this.#includesUsage && this.#usage !== undefined) {
      this.#write(`"choices":[],"usage":${JSON.stringify(this.#usage)}`, '}');
    }
    return `${this.#out}data: [DONE]\n\n`;
  }

  #write(members: string, tail: string): void {
    this.#out += formatSse(`${this.#head}${this.#once},${members}${tail}`);
    this.#once = '';
  }
}

function replayChoice(writer: ChunkWriter, choice: JsonObject, position: number): void {
  const index = choice.index ?? position;
  const message = objectOr(choice.message);
  const extra: Record<string, JsonValue> = {};
  for (const [key, value] of Object.entries(choice)) {
    if (!CHOICE_FIELDS.has(key) && value !== undefined) extra[key] = value;
  }
  const hasLogprobs = choice.logprobs !== undefined;
  const none = hasLogprobs ? { logprobs: null } : {};
  writer.choice({ index, delta: openingDelta(message), ...extra, ...none, finish_reason: null });
  let logprobs = hasLogprobs ? { logprobs: choice.logprobs as JsonValue } : {};
  const send = (delta: JsonObject): void => {
    writer.choice({ index, delta, ...logprobs, finish_reason: null });
    logprobs = none;
  };
  for (const field of STREAMED) {
    const text = message[field];
    if (typeof text === 'string') for (const piece of chunkText(text)) send({ [field]: piece });
  }
  if (isArray(message.tool_calls)) message.tool_calls.forEach((call, i) => replayCall(send, call, i));
  writer.choice({ index, delta: {}, ...logprobs, finish_reason: choice.finish_reason ?? null });
}

/** The first delta: the role, every streamed text empty, and all other fields whole. */
function openingDelta(message: JsonObject): JsonObject {
  const delta: Record<string, JsonValue> = {};
  for (const [key, value] of Object.entries(message)) {
    if (key === 'tool_calls' || value === undefined) continue;
    delta[key] = STREAMED.includes(key) && typeof value === 'string' ? '' : value;
  }
  if (isArray(message.tool_calls) && message.tool_calls.length === 0) delta.tool_calls = [];
  return delta;
}

/** The first piece of a call carries its id and name and no text; the text follows. */
function replayCall(send: (delta: JsonObject) => void, call: JsonValue, index: number): void {
  if (!isObject(call)) return;
  const kind = isObject(call.custom) ? 'custom' : 'function';
  const field = kind === 'custom' ? 'input' : 'arguments';
  const inner = objectOr(call[kind]);
  const text = inner[field];
  if (typeof text !== 'string') {
    send({ tool_calls: [{ index, ...call }] });
    return;
  }
  send({ tool_calls: [{ index, ...call, [kind]: { ...inner, [field]: '' } }] });
  for (const piece of chunkText(text)) send({ tool_calls: [{ index, [kind]: { [field]: piece } }] });
}
