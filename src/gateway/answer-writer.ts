import type { ServerResponse } from 'node:http';
import type { WireCodec } from '../contract/index.ts';
import { type AnswerHead, type AnswerSink, header, type Run } from '../pipeline/index.ts';
import { renderError, toWireError } from './error-mapping.ts';
import { returnableHeaders } from './headers.ts';

/** Bodies up to this length are written as a string; longer ones gain nothing by it. */
const MAX_STRING_BYTES = 16_384;

/** Writes one answer to one caller, straight to the socket, with flow control. */
export class AnswerWriter implements AnswerSink {
  readonly #response: ServerResponse;
  readonly #codec: WireCodec | undefined;
  readonly #requestId: string;
  readonly #onError: (code: string) => void;
  #run: Pick<Run, 'pause' | 'resume'> | undefined;
  #waitsForDrain = false;
  /** Length of the whole body, when the head told it; -1 otherwise. */
  #length = -1;

  constructor(
    response: ServerResponse,
    options: {
      readonly codec?: WireCodec;
      readonly requestId: string;
      readonly onError: (code: string) => void;
    },
  ) {
    this.#response = response;
    this.#codec = options.codec;
    this.#requestId = options.requestId;
    this.#onError = options.onError;
  }

  /** Lets a slow caller pause the run. */
  follow(run: Pick<Run, 'pause' | 'resume'>): void {
    this.#run = run;
  }

  onHead(head: AnswerHead): void {
    const headers = returnableHeaders(head.headers);
    headers.push('x-pare-request-id', this.#requestId, 'x-pare-cache', outcomeLabel(head));
    if (head.tokensBefore !== undefined) headers.push('x-pare-tokens-before', String(head.tokensBefore));
    if (head.tokensAfter !== undefined) headers.push('x-pare-tokens-after', String(head.tokensAfter));
    if (head.stages.length > 0) headers.push('x-pare-stages', listOf(head.stages));
    if (head.similarity !== undefined) headers.push('x-pare-similarity', head.similarity.toFixed(4));
    if (head.ageSeconds !== undefined) headers.push('age', String(Math.floor(head.ageSeconds)));
    this.#response.writeHead(head.status, headers);
    this.#length = lengthOf(head.headers);
    // Otherwise the head would wait for the first event, which may be seconds away (INV-S1).
    if (isEventStream(head.headers)) this.#response.flushHeaders();
  }

  onData(chunk: Uint8Array): void {
    if (chunk.length === this.#length && chunk.length <= MAX_STRING_BYTES) {
      // Head and body then leave as one string in one write, which halves the cost of a small answer.
      this.#response.end(latin1Of(chunk), 'latin1');
      return;
    }
    if (this.#response.write(chunk) || this.#waitsForDrain || this.#run === undefined) return;
    this.#waitsForDrain = true;
    this.#run.pause();
    this.#response.once('drain', () => {
      this.#waitsForDrain = false;
      this.#run?.resume();
    });
  }

  onEnd(): void {
    if (!this.#response.writableEnded) this.#response.end();
  }

  onError(error: Error): void {
    const shown = toWireError(error);
    this.#onError(shown.code);
    if (this.#response.headersSent) {
      // The answer broke off; a clean end would pass it off as whole.
      this.#response.destroy();
      return;
    }
    writeError(this.#response, { ...shown, requestId: this.#requestId }, this.#codec);
  }
}

/** Mostly there is one. */
function listOf(names: readonly string[]): string {
  return names.length === 1 ? (names[0] as string) : names.join(',');
}

/** Writes an error in the caller's wire. */
export function writeError(
  response: ServerResponse,
  error: {
    readonly status: number;
    readonly code: string;
    readonly message: string;
    readonly requestId: string;
  },
  codec?: WireCodec,
): void {
  const body = renderError(error, codec);
  const close = error.status === 413 ? ['connection', 'close'] : [];
  response.writeHead(error.status, [
    'content-type',
    'application/json',
    'content-length',
    String(body.length),
    'x-pare-request-id',
    error.requestId,
    'x-pare-cache',
    'bypassed',
    ...close,
  ]);
  response.end(body);
}

/** The header knows four outcomes: a stale entry was not served, so the caller saw a miss. */
function outcomeLabel(head: AnswerHead): string {
  return head.cacheOutcome === 'stale' ? 'miss' : head.cacheOutcome;
}

/** Latin-1 maps each byte to one character and back, so the bytes stay what they are. */
function latin1Of(bytes: Uint8Array): string {
  const buffer = Buffer.isBuffer(bytes)
    ? bytes
    : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return buffer.toString('latin1');
}

function lengthOf(headers: readonly string[]): number {
  return Number(header(headers, 'content-length') ?? -1);
}

function isEventStream(headers: readonly string[]): boolean {
  return header(headers, 'content-type')?.startsWith('text/event-stream') ?? false;
}
