import { Buffer } from 'node:buffer';

/** Receives parsed events. */
export interface SseSink {
  /** One event: its `event` field (`''` when absent) and its data lines joined by line feeds. */
  onEvent(type: string, data: string): void;
  /** An event passed `maxEventBytes` and was dropped. */
  onOversize?(): void;
}

export interface SseParserOptions {
  /** Longest event kept, in bytes; a longer one is dropped whole. @default 16 MiB */
  readonly maxEventBytes?: number;
}

/** Parses an event stream from bytes; see the HTML standard, section "Server-sent events". */
export interface SseParser {
  push(chunk: Uint8Array): void;
  /** Ends the stream; an event whose blank line never came is given out if it has data. */
  end(): void;
}

const LF = 0x0a;
const CR = 0x0d;
const COLON = 0x3a;
const SPACE = 0x20;
const LONGEST_FIELD_NAME = 5;
const DEFAULT_MAX_EVENT_BYTES = 16 * 1024 * 1024;

/** Returns a parser for one stream. It holds at most one event, so memory stays bounded. */
export function createSseParser(sink: SseSink, options: SseParserOptions = {}): SseParser {
  return new ByteSseParser(sink, options.maxEventBytes ?? DEFAULT_MAX_EVENT_BYTES);
}

/** One event as text: `event:` line when a type is given, then the data, which has no line break. */
export function formatSse(data: string, type?: string): string {
  return type === undefined ? `data: ${data}\n\n` : `event: ${type}\ndata: ${data}\n\n`;
}

class ByteSseParser implements SseParser {
  readonly #sink: SseSink;
  readonly #maxEventBytes: number;
  /** Bytes of a line whose end has not come; grows by doubling so that tiny chunks stay linear. */
  #pending = Buffer.alloc(0);
  #pendingLength = 0;
  #skipsLf = false;
  #isFirstLine = true;
  #type = '';
  #data: string | undefined;
  #eventBytes = 0;
  #isOversize = false;

  constructor(sink: SseSink, maxEventBytes: number) {
    this.#sink = sink;
    this.#maxEventBytes = maxEventBytes;
  }

  push(chunk: Uint8Array): void {
    let start = 0;
    if (this.#skipsLf && chunk.length > 0) {
      if (chunk[0] === LF) start = 1;
      this.#skipsLf = false;
    }
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length);
    let nextCr = bytes.indexOf(CR, start);
    let nextLf = bytes.indexOf(LF, start);
    while (start < bytes.length) {
      if (nextCr !== -1 && nextCr < start) nextCr = bytes.indexOf(CR, start);
      if (nextLf !== -1 && nextLf < start) nextLf = bytes.indexOf(LF, start);
      const end = nextCr !== -1 && (nextLf === -1 || nextCr < nextLf) ? nextCr : nextLf;
      if (end === -1) {
        this.#hold(bytes, start, bytes.length);
        return;
      }
      this.#endLine(bytes, start, end);
      start = end + 1;
      if (end === nextCr) {
        if (start === bytes.length) this.#skipsLf = true;
        else if (bytes[start] === LF) start++;
      }
    }
  }

  end(): void {
    if (this.#pendingLength > 0) this.#endLine(this.#pending, 0, 0);
    this.#dispatch();
  }

  /** Keeps a piece of an unfinished line, unless the event is too long already. */
  #hold(bytes: Buffer, start: number, end: number): void {
    const length = end - start;
    if (this.#isOversize || this.#eventBytes + this.#pendingLength + length > this.#maxEventBytes) {
      this.#isOversize = true;
      // One byte is left as a sign that the line is not blank.
      this.#pendingLength = Math.min(1, this.#pendingLength + length);
      if (this.#pending.length < this.#pendingLength) this.#pending = Buffer.alloc(64);
      return;
    }
    const needed = this.#pendingLength + length;
    if (needed > this.#pending.length) {
      const grown = Buffer.allocUnsafe(Math.max(needed, this.#pending.length * 2, 256));
      this.#pending.copy(grown, 0, 0, this.#pendingLength);
      this.#pending = grown;
    }
    bytes.copy(this.#pending, this.#pendingLength, start, end);
    this.#pendingLength = needed;
  }

  #endLine(bytes: Buffer, start: number, end: number): void {
    if (this.#pendingLength === 0) {
      this.#line(bytes, start, end);
      return;
    }
    this.#hold(bytes, start, end);
    const length = this.#pendingLength;
    this.#pendingLength = 0;
    this.#line(this.#pending, 0, length);
  }

  #line(bytes: Buffer, from: number, end: number): void {
    let start = from;
    if (this.#isFirstLine) {
      this.#isFirstLine = false;
      if (bytes[start] === 0xef && bytes[start + 1] === 0xbb && bytes[start + 2] === 0xbf) start += 3;
    }
    if (start >= end) {
      this.#dispatch();
      return;
    }
    this.#eventBytes += end - start;
    if (this.#isOversize || this.#eventBytes > this.#maxEventBytes) {
      this.#isOversize = true;
      this.#data = undefined;
      return;
    }
    let colon = start;
    while (colon < end && bytes[colon] !== COLON) colon++;
    if (colon === start) return;
    const valueStart = Math.min(end, colon + (bytes[colon + 1] === SPACE ? 2 : 1));
    if (colon - start > LONGEST_FIELD_NAME) return;
    this.#field(bytes.toString('latin1', start, colon), bytes.toString('utf8', valueStart, end));
  }

  #field(name: string, value: string): void {
    if (name === 'data') this.#data = this.#data === undefined ? value : `${this.#data}\n${value}`;
    else if (name === 'event') this.#type = value;
  }

  #dispatch(): void {
    const data = this.#data;
    const type = this.#type;
    const isOversize = this.#isOversize;
    this.#data = undefined;
    this.#type = '';
    this.#eventBytes = 0;
    this.#isOversize = false;
    if (isOversize) this.#sink.onOversize?.();
    else if (data !== undefined) this.#sink.onEvent(type, data);
  }
}
