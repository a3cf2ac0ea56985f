import { Buffer } from 'node:buffer';
import type {
  AnswerSoFar,
  ChatResponse,
  FinishReason,
  JsonObject,
  JsonValue,
  StreamReader,
  StreamReaderOptions,
  Usage,
} from '../contract/index.ts';
import { decodeEvent, isObject } from './decode.ts';
import { createSseParser, type SseParser } from './sse.ts';

const DEFAULT_MAX_BYTES = 16 * 1024 * 1024;
/** What a kept piece of text costs besides its characters. */
const PIECE_OVERHEAD_BYTES = 64;

/** A count of tokens as a provider sent it; 0 when absent or not a count. */
export function tokenCount(value: JsonValue | undefined): number {
  return typeof value === 'number' && Number.isFinite(value) && value > 0 ? value : 0;
}

/** The member when it is an object, else an empty one. */
export function objectOr(value: JsonValue | undefined): JsonObject {
  return isObject(value) ? value : {};
}

/** How each ending weighs when an answer has several choices: the worst one counts. */
const SEVERITY: readonly FinishReason[] = [
  'complete',
  'tool-calls',
  'length',
  'filtered',
  'incomplete',
  'failed',
];

/** The worse of two endings. */
export function worseFinish(a: FinishReason, b: FinishReason): FinishReason {
  return SEVERITY.indexOf(a) >= SEVERITY.indexOf(b) ? a : b;
}

/** What a wire assembles from events; the base class brings them and keeps the bound. */
export abstract class EventReader implements StreamReader {
  hasContent = false;
  protected hasThinking = false;
  usage: Usage | undefined;
  protected isFailed = false;
  /** Length of the event being taken, an upper bound for what is kept of it. */
  protected eventLength = 0;
  /** True once something was dropped to keep the bound: the answer can no longer be whole. */
  protected isOverflown = false;
  readonly #parser: SseParser;
  readonly #maxBytes: number;
  #keptBytes = 0;

  constructor(options: StreamReaderOptions = {}) {
    this.#maxBytes = options.maxBytes ?? DEFAULT_MAX_BYTES;
    this.#parser = createSseParser(
      {
        onEvent: (type, data) => this.#event(type, data),
        onOversize: () => this.#overflow(),
      },
      { maxEventBytes: this.#maxBytes },
    );
  }

  push(chunk: Uint8Array): void {
    this.#parser.push(chunk);
  }

  end(): ChatResponse | undefined {
    this.#parser.end();
    return this.assemble();
  }

  abstract peek(): AnswerSoFar;

  /** Takes one event of JSON data. */
  protected abstract take(event: JsonObject): void;
  /** Takes data that is no JSON object. */
  protected takeOther(_data: string): void {}
  /** Forgets the content kept so far. */
  protected abstract drop(): void;
  protected abstract assemble(): ChatResponse | undefined;

  /** Accounts for a piece to be kept; false when it must not be. `bytes` may be an estimate. */
  protected keeps(bytes: number): boolean {
    if (this.isOverflown) return false;
    this.#keptBytes += bytes + PIECE_OVERHEAD_BYTES;
    if (this.#keptBytes <= this.#maxBytes) return true;
    this.#overflow();
    return false;
  }

  #overflow(): void {
    this.isOverflown = true;
    this.drop();
  }

  #event(type: string, data: string): void {
    this.eventLength = data.length;
    const event = decodeEvent(data);
    if (event === undefined) this.takeOther(data);
    else {
      if (type === 'error') this.isFailed = true;
      this.take(event);
    }
  }
}

/** For an answer that is only looked at, and has no bytes of its own yet. */
export const NO_BYTES = new Uint8Array(0);

/** The part of an answer that can be told before its end. */
export function soFar({ text, toolCalls, toolSearch }: ChatResponse, hasThinking: boolean): AnswerSoFar {
  const said = { text, toolCalls: toolCalls.map((call) => call.name), hasThinking };
  return toolSearch === undefined ? said : { ...said, foundTools: toolSearch.found };
}

/** UTF-8 bytes of a text. */
export function toBytes(text: string): Uint8Array {
  return Buffer.from(text);
}

/** Text in pieces of at most `size` UTF-16 units, never cut inside a surrogate pair; none for `''`. */
export function chunkText(text: string, size = 512): string[] {
  const chunks: string[] = [];
  let start = 0;
  while (start < text.length) {
    let end = Math.min(start + size, text.length);
    const last = text.charCodeAt(end - 1);
    if (end < text.length && last >= 0xd800 && last <= 0xdbff) end++;
    chunks.push(text.slice(start, end));
    start = end;
  }
  return chunks;
}
