import type { ChatRequest, ChatResponse, WireFormat } from './chat.ts';
import type { JsonValue } from './json.ts';
import type { Usage } from './usage.ts';

/** A broken rule of the wire: the provider would refuse the body, or answer nonsense. */
export interface LintFinding {
  /** Stable: `tool_result_without_call`, `tool_call_without_result`, ... */
  readonly rule: string;
  readonly message: string;
  /** JSON pointer to the culprit, when there is one. */
  readonly pointer?: string;
}

/** What of an answer has been read so far. */
export interface AnswerSoFar {
  /** All text that the model wrote. */
  readonly text: string;
  /** Names of the tools that it calls; a name appears once it is whole. */
  readonly toolCalls: readonly string[];
  /** True once it thought in the open: thinking, or a summary of it, that a caller may show. */
  readonly hasThinking: boolean;
  /** Names of the deferred tools that the provider's own search found; absent where the model did not use it. */
  readonly foundTools?: readonly string[];
}

/** Reads a streamed answer from bytes under any split. Never throws on what a provider sends. */
export interface StreamReader {
  push(chunk: Uint8Array): void;
  /** True once an event carried generated content; it times the first token. */
  readonly hasContent: boolean;
  /** The usage seen so far, if any. */
  readonly usage: Usage | undefined;
  /** Looks at what came so far, without ending the stream; work is done only here. Thinking is no text. */
  peek(): AnswerSoFar;
  /**
   * The assembled answer after the last byte; `undefined` when no answer began.
   * A stream that broke off before its final event has `finish: 'incomplete'`.
   */
  end(): ChatResponse | undefined;
}

/** What an error of ours says in a caller's wire. */
export interface WireError {
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

/**
 * The fields of a request body that decide its answer, as JSON values of the caller's own body,
 * sorted into the same parts for all wires. An absent part is null.
 */
export interface ScopeParts {
  /** The system prompt: the leading system messages, `instructions` or `system`. */
  readonly system: JsonValue;
  readonly tools: JsonValue;
  /** The choice of tools and whether calls may be parallel. */
  readonly toolChoice: JsonValue;
  readonly responseFormat: JsonValue;
  /**
   * An object of every other field, unknown ones included, except `model` and those that only say
   * how the answer travels (`stream`, `stream_options`).
   */
  readonly sampling: JsonValue;
  /** The messages after the leading system messages; for the Responses wire, `input`. */
  readonly messages: JsonValue;
}

export interface StreamReaderOptions {
  /**
   * Bytes of events to keep for the assembled answer. Beyond it, content is dropped, usage and
   * finish are still read, and `end` reports `incomplete`. @default 16 MiB
   */
  readonly maxBytes?: number;
}

/** Bytes <-> values of one wire format. Pure: no clock, no ids, no I/O. */
export interface WireCodec {
  readonly wire: WireFormat;
  /** Parses a body. Unknown fields survive. @throws InputError with a stable code */
  parseRequest(bytes: Uint8Array): ChatRequest;
  /** The body to send: the caller's bytes when nothing was edited, else the edits spliced in. */
  renderRequest(request: ChatRequest): Uint8Array;
  /** The parts of the caller's body that isolate one answer from another; edits are not seen. */
  scopeParts(request: ChatRequest): ScopeParts;
  /** Parses a whole JSON answer; `undefined` when the bytes are not an answer of this wire. */
  parseResponse(bytes: Uint8Array): ChatResponse | undefined;
  createStreamReader(options?: StreamReaderOptions): StreamReader;
  /**
   * The answer with this usage in its body, for one whose stream carried none because the caller did not
   * ask for it; an answer that has usage is returned as it is.
   */
  withUsage(response: ChatResponse, usage: Usage): ChatResponse;
  /** The stored answer as a valid event stream of this wire. */
  replayStream(response: ChatResponse, options: { readonly includeUsage: boolean }): Uint8Array;
  /** Checks the rules of turns and tools (INV-T1). Empty when all hold. */
  lint(request: ChatRequest): readonly LintFinding[];
  /** The JSON body of an error in this wire. */
  renderError(error: WireError): Uint8Array;
  /** The same error as an event, for a stream that already began. */
  renderStreamError(error: WireError): Uint8Array;
}
