import type { AnswerSoFar, ChatResponse, StreamReader, Usage, WireCodec } from '../contract/index.ts';
import { createDecoder, type Decoder } from './decode.ts';

/** Reads an answer on the side while its bytes go to the caller. */
export interface Capture {
  push(chunk: Uint8Array): void;
  /** True once generated content arrived. */
  readonly hasContent: boolean;
  /** Usage seen so far; also of an answer that broke off. */
  readonly usage: Usage | undefined;
  /** False for what is no answer, or cannot be decoded: nothing will be read of it. */
  readonly isReadable: boolean;
  /** What a stream says so far; `undefined` for an answer that is read at its end only. */
  peek(): AnswerSoFar | undefined;
  /** Hands over the whole answer, or `undefined` when there is none to read. */
  end(done: (response: ChatResponse | undefined) => void): void;
}

export interface CaptureOptions {
  readonly codec: WireCodec;
  readonly status: number;
  readonly headers: readonly string[];
  readonly maxBytes: number;
  /** Called after each piece that was read, perhaps later than it was pushed. */
  readonly onProgress?: () => void;
}

/** Returns the capture that fits an answer's head; one that keeps nothing for what is not an answer. */
export function createCapture(options: CaptureOptions): Capture {
  const { codec, status, headers, maxBytes, onProgress } = options;
  if (status !== 200) return IGNORE;
  const isStream = (header(headers, 'content-type') ?? '').startsWith('text/event-stream');
  const body: Body = isStream ? new StreamBody(codec.createStreamReader()) : new JsonBody(codec, maxBytes);
  const take =
    onProgress === undefined
      ? (chunk: Uint8Array): void => body.push(chunk)
      : (chunk: Uint8Array): void => {
          body.push(chunk);
          onProgress();
        };
  const decoder = createDecoder(header(headers, 'content-encoding'), take);
  return decoder === undefined ? IGNORE : new DecodedCapture(body, decoder);
}

/** The value of the first header of that name (lower case), from a raw list. */
export function header(headers: readonly string[], name: string): string | undefined {
  for (let i = 0; i < headers.length; i += 2) {
    const candidate = headers[i] as string;
    if (candidate.length === name.length && candidate.toLowerCase() === name) return headers[i + 1];
  }
  return undefined;
}

const IGNORE: Capture = Object.freeze({
  push: () => {},
  hasContent: false,
  usage: undefined,
  isReadable: false,
  peek: () => undefined,
  end: (done: (response: ChatResponse | undefined) => void) => done(undefined),
});

interface Body {
  push(chunk: Uint8Array): void;
  readonly hasContent: boolean;
  readonly usage: Usage | undefined;
  peek(): AnswerSoFar | undefined;
  finish(): ChatResponse | undefined;
}

class DecodedCapture implements Capture {
  readonly isReadable = true;
  readonly #body: Body;
  readonly #decoder: Decoder;

  constructor(body: Body, decoder: Decoder) {
    this.#body = body;
    this.#decoder = decoder;
  }

  get hasContent(): boolean {
    return this.#body.hasContent;
  }

  get usage(): Usage | undefined {
    return this.#body.usage;
  }

  push(chunk: Uint8Array): void {
    this.#decoder.push(chunk);
  }

  peek(): AnswerSoFar | undefined {
    return this.#body.peek();
  }

  end(done: (response: ChatResponse | undefined) => void): void {
    // A damaged encoding leaves what was read before it; the body's own end marker decides its worth.
    this.#decoder.end(() => done(this.#body.finish()));
  }
}

class StreamBody implements Body {
  readonly #reader: StreamReader;

  constructor(reader: StreamReader) {
    this.#reader = reader;
  }

  get hasContent(): boolean {
    return this.#reader.hasContent;
  }

  get usage(): Usage | undefined {
    return this.#reader.usage;
  }

  push(chunk: Uint8Array): void {
    this.#reader.push(chunk);
  }

  peek(): AnswerSoFar {
    return this.#reader.peek();
  }

  finish(): ChatResponse | undefined {
    return this.#reader.end();
  }
}

class JsonBody implements Body {
  readonly #codec: WireCodec;
  readonly #maxBytes: number;
  #chunks: Uint8Array[] = [];
  #length = 0;
  #response: ChatResponse | undefined;

  constructor(codec: WireCodec, maxBytes: number) {
    this.#codec = codec;
    this.#maxBytes = maxBytes;
  }

  get hasContent(): boolean {
    return this.#length > 0;
  }

  get usage(): Usage | undefined {
    return this.#response?.usage;
  }

  push(chunk: Uint8Array): void {
    this.#length += chunk.length;
    if (this.#length <= this.#maxBytes) this.#chunks.push(chunk);
    else this.#chunks = [];
  }

  peek(): undefined {
    return undefined;
  }

  finish(): ChatResponse | undefined {
    if (this.#length > this.#maxBytes) return undefined;
    const first = this.#chunks[0];
    const bytes = this.#chunks.length === 1 && first !== undefined ? first : Buffer.concat(this.#chunks);
    this.#chunks = [];
    this.#response = this.#codec.parseResponse(bytes);
    return this.#response;
  }
}
