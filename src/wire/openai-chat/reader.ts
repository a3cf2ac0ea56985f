import type {
  AnswerSoFar,
  ChatResponse,
  JsonObject,
  JsonValue,
  StreamReader,
  StreamReaderOptions,
  ToolCall,
} from '../../contract/index.ts';
import { EventReader, objectOr, toBytes } from '../answer.ts';
import { isArray, isObject } from '../decode.ts';
import { type MutableObject, mergeDelta, setOwn } from '../merge-delta.ts';
import { readCalls, readText, readUsage, toResponse } from './response.ts';

/** Returns a reader of one chat completions stream. */
export function createStreamReader(options?: StreamReaderOptions): StreamReader {
  return new ChatReader(options);
}

/** One choice under construction. */
interface Choice {
  readonly fields: MutableObject;
  readonly message: MutableObject;
  /** Tool calls by their `index`, in order of arrival. */
  readonly calls: Map<number, MutableObject>;
  finishReason: JsonValue;
}

const CHUNK_FIELDS = new Set(['choices', 'object', 'usage', 'error', 'obfuscation']);
/** Where servers put what the model thinks; OpenAI itself tells none of it here. */
const THOUGHTS = ['reasoning_content', 'reasoning'];
const CHOICE_FIELDS = new Set(['index', 'delta', 'finish_reason', 'logprobs']);

class ChatReader extends EventReader {
  #envelope: MutableObject | undefined;
  #choices = new Map<number, Choice>();
  #usage: JsonObject | undefined;
  #isDone = false;
  #unfinished = 0;

  protected override take(event: JsonObject): void {
    if (event.error !== undefined && event.error !== null) {
      this.isFailed = true;
      return;
    }
    if (isObject(event.usage)) {
      this.#usage = event.usage;
      this.usage = readUsage(event.usage);
    }
    if (!isArray(event.choices)) return;
    this.#takeEnvelope(event);
    for (const choice of event.choices) if (isObject(choice)) this.#takeChoice(choice);
  }

  protected override takeOther(data: string): void {
    if (data.trim() === '[DONE]') this.#isDone = true;
  }

  protected override drop(): void {
    for (const [index, choice] of this.#choices) {
      this.#choices.set(index, newChoice(choice.finishReason));
    }
  }

  /** Fields that every chunk repeats; each distinct value is kept once. */
  #takeEnvelope(event: JsonObject): void {
    this.#envelope ??= {};
    for (const key in event) {
      const value = event[key];
      if (CHUNK_FIELDS.has(key) || value === undefined || value === this.#envelope[key]) continue;
      if (value === null && this.#envelope[key] !== undefined) continue;
      const cost = typeof value === 'object' && value !== null ? JSON.stringify(value).length : 0;
      if (this.keeps(cost)) setOwn(this.#envelope, key, value);
    }
  }

  #takeChoice(chunk: JsonObject): void {
    const index = typeof chunk.index === 'number' ? chunk.index : 0;
    let choice = this.#choices.get(index);
    if (choice === undefined) {
      if (!this.keeps(0) && this.#choices.size > 0) return;
      choice = newChoice(null);
      this.#choices.set(index, choice);
      this.#unfinished++;
    }
    if (chunk.finish_reason !== undefined && chunk.finish_reason !== null) {
      if (choice.finishReason === null) this.#unfinished--;
      choice.finishReason = chunk.finish_reason;
    }
    const delta = objectOr(chunk.delta);
    this.hasContent ||= hasText(delta);
    this.hasThinking ||= THOUGHTS.some((field) => typeof delta[field] === 'string' && delta[field] !== '');
    if (this.isOverflown) return;
    for (const key in chunk) if (!CHOICE_FIELDS.has(key)) setOwn(choice.fields, key, chunk[key] ?? null);
    if (chunk.logprobs !== undefined && this.keeps(costOf(chunk.logprobs))) {
      mergeDelta(choice.fields, { logprobs: chunk.logprobs });
    }
    this.#takeDelta(choice, delta);
  }

  #takeDelta(choice: Choice, delta: JsonObject): void {
    for (const key in delta) {
      const value = delta[key];
      if (value === undefined || !this.keeps(costOf(value))) continue;
      if (key === 'tool_calls' && isArray(value) && value.length > 0) takeCalls(choice.calls, value);
      else if (typeof value === 'string' && typeof choice.message[key] === 'string' && key !== 'role') {
        choice.message[key] += value;
      } else mergeDelta(choice.message, { [key]: value });
    }
  }

  override peek(): AnswerSoFar {
    let text = '';
    const names: string[] = [];
    for (const [index, choice] of this.#choices) {
      const { message } = finishChoice(index, choice);
      text += readText(objectOr(message));
      const calls: ToolCall[] = [];
      readCalls(objectOr(message), calls);
      // Some providers send a name in pieces: the last one is whole once something followed it.
      const last = calls.at(-1);
      if (last?.argumentsText === '' && choice.finishReason === null) calls.pop();
      for (const call of calls) names.push(call.name);
    }
    return { text, toolCalls: names, hasThinking: this.hasThinking };
  }

  protected override assemble(): ChatResponse | undefined {
    if (this.#envelope === undefined || this.#choices.size === 0) return undefined;
    const { id, created, model, ...rest } = this.#envelope;
    const body: MutableObject = { ...(id === undefined ? {} : { id }), object: 'chat.completion' };
    if (created !== undefined) body.created = created;
    if (model !== undefined) body.model = model;
    const ordered = [...this.#choices].toSorted(([a], [b]) => a - b);
    body.choices = ordered.map(([index, choice]) => finishChoice(index, choice));
    if (this.#usage !== undefined) body.usage = this.#usage;
    for (const key in rest) setOwn(body, key, rest[key] as JsonValue);
    const response = toResponse(body, toBytes(JSON.stringify(body)));
    if (this.isFailed) return { ...response, finish: 'failed' };
    const isWhole = this.#isDone && this.#unfinished === 0 && !this.isOverflown;
    return isWhole ? response : { ...response, finish: 'incomplete' };
  }
}

function newChoice(finishReason: JsonValue): Choice {
  return { fields: {}, message: {}, calls: new Map(), finishReason };
}

/** An estimate of the memory that a piece holds; texts, the common case, are exact. */
function costOf(value: JsonValue): number {
  if (typeof value === 'string') return value.length;
  return typeof value === 'object' && value !== null ? JSON.stringify(value).length : 0;
}

function hasText(delta: JsonObject): boolean {
  for (const key in delta) {
    if (key === 'role') continue;
    const value = delta[key];
    if (typeof value === 'string' ? value !== '' : isArray(value) ? value.length > 0 : isObject(value))
      return true;
  }
  return false;
}

/** Some providers leave out `index`: a piece with a new id then begins a new call. */
function takeCalls(calls: Map<number, MutableObject>, pieces: readonly JsonValue[]): void {
  for (const piece of pieces) {
    if (!isObject(piece)) continue;
    const { index, ...fields } = piece;
    const isNew = typeof fields.id === 'string' && fields.id !== '';
    const key = typeof index === 'number' ? index : isNew ? calls.size : Math.max(0, calls.size - 1);
    let call = calls.get(key);
    if (call === undefined) {
      call = {};
      calls.set(key, call);
    }
    mergeDelta(call, fields);
  }
}

function finishChoice(index: number, choice: Choice): JsonObject {
  const { content, role, ...others } = choice.message;
  const message: MutableObject = { role: role ?? 'assistant', content: content ?? null, ...others };
  if (choice.calls.size > 0) {
    message.tool_calls = [...choice.calls].toSorted(([a], [b]) => a - b).map(([, call]) => call);
  }
  return { index, message, ...choice.fields, finish_reason: choice.finishReason };
}
