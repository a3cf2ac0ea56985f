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
import { type MutableObject, mergeDelta, setOwn } from '../merge-delta.ts';
import { stringOr } from '../request-shape.ts';
import { readUsage, toResponse } from './response.ts';

/** Returns a reader of one messages stream. */
export function createStreamReader(options?: StreamReaderOptions): StreamReader {
  return new MessageReader(options);
}

/** One content block under construction; its input arrives as JSON text. */
interface Block {
  readonly fields: MutableObject;
  inputJson: string;
}

const DELTA_FIELDS = new Set(['type', 'delta', 'usage']);

class MessageReader extends EventReader {
  #message: MutableObject | undefined;
  #blocks = new Map<number, Block>();
  #usage: MutableObject | undefined;
  #isStopped = false;
  #hasBrokenInput = false;

  protected override take(event: JsonObject): void {
    switch (stringOr(event.type)) {
      case 'message_start':
        this.#start(objectOr(event.message));
        break;
      case 'content_block_start':
        this.#startBlock(event);
        break;
      case 'content_block_delta':
        this.hasContent = true;
        this.#takeDelta(event);
        break;
      case 'message_delta':
        this.#takeMessageDelta(event);
        break;
      case 'message_stop':
        this.#isStopped = true;
        break;
      case 'error':
        this.isFailed = true;
        break;
      default:
        break;
    }
  }

  protected override drop(): void {
    this.#blocks.clear();
  }

  #start(message: JsonObject): void {
    this.#message = {};
    for (const key in message) {
      if (key !== 'usage' && key !== 'content') setOwn(this.#message, key, message[key] ?? null);
    }
    this.#takeUsage(message.usage);
    if (!isArray(message.content)) return;
    for (const [index, block] of message.content.entries()) {
      if (isObject(block)) this.#startBlock({ index, content_block: block });
    }
  }

  /** Counts are cumulative: a later one replaces an earlier one, null says nothing. */
  #takeUsage(usage: JsonValue | undefined): void {
    if (!isObject(usage)) return;
    this.#usage ??= {};
    for (const key in usage) {
      const value = usage[key];
      if (value !== undefined && (value !== null || this.#usage[key] === undefined)) {
        setOwn(this.#usage, key, value);
      }
    }
    this.usage = readUsage(this.#usage);
  }

  #startBlock(event: JsonObject): void {
    const index = typeof event.index === 'number' ? event.index : this.#blocks.size;
    const block = objectOr(event.content_block);
    // Text blocks begin empty; other blocks (a call, a search result) are content at once.
    if (block.type !== 'text' && block.type !== 'thinking') this.hasContent = true;
    if (!this.keeps(this.eventLength)) return;
    this.#blocks.set(index, { fields: { ...block }, inputJson: '' });
  }

  #takeDelta(event: JsonObject): void {
    const block = this.#blocks.get(event.index as number);
    const delta = objectOr(event.delta);
    if (block === undefined || !this.keeps(deltaLength(delta))) return;
    switch (stringOr(delta.type)) {
      case 'text_delta':
        append(block.fields, 'text', delta.text);
        break;
      case 'input_json_delta':
        block.inputJson += stringOr(delta.partial_json);
        break;
      case 'thinking_delta':
        this.hasThinking ||= delta.thinking !== '';
        append(block.fields, 'thinking', delta.thinking);
        break;
      case 'signature_delta':
        append(block.fields, 'signature', delta.signature);
        break;
      case 'citations_delta':
        if (delta.citation !== undefined) mergeDelta(block.fields, { citations: [delta.citation] });
        break;
      default: {
        const { type: _, ...fields } = delta;
        mergeDelta(block.fields, fields);
      }
    }
  }

  #takeMessageDelta(event: JsonObject): void {
    this.#takeUsage(event.usage);
    if (this.#message === undefined) return;
    const delta = objectOr(event.delta);
    for (const key in delta) setOwn(this.#message, key, delta[key] ?? null);
    for (const key in event) if (!DELTA_FIELDS.has(key)) setOwn(this.#message, key, event[key] ?? null);
  }

  override peek(): AnswerSoFar {
    return soFar(
      toResponse({ content: this.#orderedBlocks().map(({ fields }) => fields) }, NO_BYTES),
      this.hasThinking,
    );
  }

  #orderedBlocks(): Block[] {
    return [...this.#blocks].toSorted(([a], [b]) => a - b).map(([, block]) => block);
  }

  protected override assemble(): ChatResponse | undefined {
    if (this.#message === undefined) return undefined;
    const ordered = this.#orderedBlocks();
    const body: MutableObject = { ...this.#message };
    const blockTexts = ordered.map((block) => this.#finishBlock(block));
    body.content = ordered.map((block) => block.fields);
    if (this.#usage !== undefined) body.usage = this.#usage;
    const response = toResponse(body, toBytes(renderBody(body, blockTexts)));
    if (this.isFailed) return { ...response, finish: 'failed' };
    const isWhole = this.#isStopped && !this.isOverflown && !this.#hasBrokenInput;
    return isWhole ? response : { ...response, finish: 'incomplete' };
  }

  /** The block's JSON; the input keeps the model's own text, so that no number is rounded. */
  #finishBlock({ fields, inputJson }: Block): string {
    if (inputJson === '') return JSON.stringify(fields);
    try {
      fields.input = JSON.parse(inputJson) as JsonValue;
    } catch {
      this.#hasBrokenInput = true;
      return JSON.stringify(fields);
    }
    const { input: _, ...rest } = fields;
    return `${JSON.stringify(rest).slice(0, -1)}${Object.keys(rest).length > 0 ? ',' : ''}"input":${inputJson}}`;
  }
}

/** The message in the order of an answer that is not streamed, with the blocks' own texts. */
function renderBody(body: MutableObject, blocks: readonly string[]): string {
  let members = '';
  for (const [key, value] of Object.entries(body)) {
    if (value === undefined) continue;
    const json = key === 'content' ? `[${blocks.join(',')}]` : JSON.stringify(value);
    members += `${members === '' ? '' : ','}${JSON.stringify(key)}:${json}`;
  }
  return `{${members}}`;
}

function append(fields: MutableObject, key: string, piece: JsonValue | undefined): void {
  if (typeof piece === 'string') fields[key] = stringOr(fields[key]) + piece;
}

function deltaLength(delta: JsonObject): number {
  let length = 0;
  for (const key in delta) {
    const value = delta[key];
    if (typeof value === 'string') length += value.length;
    else if (typeof value === 'object' && value !== null) length += JSON.stringify(value).length;
  }
  return length;
}
