import type {
  AnswerSoFar,
  ChatResponse,
  JsonObject,
  JsonValue,
  StreamReader,
  StreamReaderOptions,
} from '../../contract/index.ts';
import { EventReader, NO_BYTES, objectOr, soFar, toBytes } from '../answer.ts';
import { isArray, isObject } from '../decode.ts';
import { stringOr } from '../request-shape.ts';
import { readUsage, toResponse } from './response.ts';

/** Returns a reader of one responses stream. */
export function createStreamReader(options?: StreamReaderOptions): StreamReader {
  return new ResponsesReader(options);
}

const FINAL = new Set(['response.completed', 'response.incomplete', 'response.failed', 'response.cancelled']);

/**
 * The final event carries the whole answer. Items and texts are kept only until then, to say what
 * had come when a stream breaks off.
 */
class ResponsesReader extends EventReader {
  #response: JsonObject | undefined;
  #items = new Map<number, JsonObject>();
  /** Texts of items that are not done, by `output_index`. */
  #texts = new Map<number, string>();
  #isFinal = false;

  protected override take(event: JsonObject): void {
    const type = stringOr(event.type);
    if (type.endsWith('.delta')) this.#takeDelta(event, type);
    else if (FINAL.has(type)) this.#takeFinal(objectOr(event.response));
    else if (type === 'response.created') this.#begin(objectOr(event.response));
    else if (type === 'response.output_item.added' || type === 'response.output_item.done')
      this.#takeItem(event, type);
    else if (type === 'error') this.isFailed = true;
  }

  protected override drop(): void {
    this.#items.clear();
    this.#texts.clear();
    if (this.#response !== undefined) this.#response = { ...this.#response, output: [] };
  }

  #begin(response: JsonObject): void {
    this.keeps(this.eventLength);
    this.#response = response;
  }

  #takeDelta(event: JsonObject, type: string): void {
    this.hasContent = true;
    this.hasThinking ||= type.startsWith('response.reasoning');
    if (type !== 'response.output_text.delta' && type !== 'response.refusal.delta') return;
    const index = event.output_index;
    const delta = stringOr(event.delta);
    if (typeof index !== 'number' || !this.keeps(delta.length)) return;
    this.#texts.set(index, (this.#texts.get(index) ?? '') + delta);
  }

  #takeItem(event: JsonObject, type: string): void {
    const index = event.output_index;
    const { item } = event;
    if (typeof index !== 'number' || !isObject(item)) return;
    if (type.endsWith('.done')) {
      this.hasContent = true;
      this.#texts.delete(index);
    }
    if (this.keeps(this.eventLength)) this.#items.set(index, item);
  }

  #takeFinal(response: JsonObject): void {
    this.#isFinal = true;
    this.usage = readUsage(response.usage) ?? this.usage;
    // Some servers leave the items out of the final event.
    const isFilled = isArray(response.output) && response.output.length > 0;
    if (!this.keeps(this.eventLength)) this.#response = { ...response, output: [] };
    else this.#response = isFilled ? response : { ...response, output: this.#output() };
    this.#items.clear();
    this.#texts.clear();
  }

  /** The items that came so far; of an unfinished message, the text so far. */
  #output(): readonly JsonValue[] {
    const ordered = [...this.#items].toSorted(([a], [b]) => a - b);
    return ordered.map(([index, item]) => {
      const text = this.#texts.get(index);
      if (text === undefined || item.type !== 'message') return item;
      return { ...item, content: [{ type: 'output_text', text, annotations: [] }] };
    });
  }

  override peek(): AnswerSoFar {
    const body = this.#isFinal ? this.#response : undefined;
    return soFar(toResponse(body ?? { output: this.#output() }, NO_BYTES), this.hasThinking);
  }

  protected override assemble(): ChatResponse | undefined {
    if (this.#response === undefined) return undefined;
    const body = this.#isFinal ? this.#response : { ...this.#response, output: this.#output() };
    const response = toResponse(body, toBytes(JSON.stringify(body)));
    if (this.isFailed) return { ...response, finish: 'failed' };
    return this.#isFinal && !this.isOverflown ? response : { ...response, finish: 'incomplete' };
  }
}
