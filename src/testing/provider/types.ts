import type { JsonObject, JsonValue, WireFormat } from '../../contract/index.ts';

/** A tool call that the simulated model makes. */
export interface SimulatedToolCall {
  readonly name: string;
  /** A JSON value; a string is taken as the JSON text itself, valid or not. */
  readonly arguments: JsonValue;
  /** @default derived from the request */
  readonly id?: string;
}

/** A search among deferred tools that the simulated model makes, and what the provider finds (messages and responses). */
export interface SimulatedToolSearch {
  /** In words; models of OpenAI look for names, so theirs are those of `found`. */
  readonly query: string;
  /** Names of tools of the request, best first. */
  readonly found: readonly string[];
}

/** What the simulated model answers, before `stop`, `max_tokens` and the wire shape it. */
export interface SimulatedAnswer {
  readonly text?: string;
  /** Made before all else that is said and called; the request must have the provider's tool search. */
  readonly toolSearches?: readonly SimulatedToolSearch[];
  readonly toolCalls?: readonly SimulatedToolCall[];
  /** Sent as thinking (Anthropic) or a reasoning summary (Responses); only counted in chat completions. */
  readonly thinking?: string;
  /** @default `tool-calls` when there are any, else `complete` */
  readonly finish?: 'complete' | 'tool-calls' | 'length' | 'filtered';
}

export interface SimulatedImage {
  /** `image/png`, or `url` when the image was only named. */
  readonly mediaType: string;
  /** Bytes of an image that came in the request; 0 for one that was only named. */
  readonly bytes: number;
  readonly detail: string;
}

export interface SimulatedTool {
  readonly name: string;
  readonly schema: JsonValue;
  /** True while the model cannot see it: it is deferred, and nothing in the conversation refers to it. */
  readonly isHidden: boolean;
}

/** One message of the request, in one shape for all wires. */
export interface SimulatedTurn {
  readonly role: 'system' | 'user' | 'assistant' | 'tool';
  readonly text: string;
  readonly images: readonly SimulatedImage[];
  /** Texts of the tool results in the turn. */
  readonly toolResults: readonly string[];
}

/** What the simulated model sees of a request; the input of `respond`. */
export interface SimulatedRequest {
  readonly wire: WireFormat;
  readonly model: string;
  readonly isStream: boolean;
  readonly system: string;
  readonly turns: readonly SimulatedTurn[];
  readonly tools: readonly SimulatedTool[];
  /** Name of the provider's search among deferred tools; null where the request has none. */
  readonly searchTool: string | null;
  /** `auto`, `none`, `required`, or the name of the tool that must be called. */
  readonly toolChoice: 'auto' | 'none' | 'required' | { readonly name: string };
  readonly allowsParallelTools: boolean;
  readonly maxTokens: number | null;
  readonly stop: readonly string[];
  /** Answers asked for; 1 except in chat completions. */
  readonly n: number;
  /** The schema the answer must match; `true` for any JSON object; null for plain text. */
  readonly jsonSchema: JsonValue;
  readonly wantsThinking: boolean;
  /** Hexadecimal digest of the wire and the body: the source of everything that varies. */
  readonly seed: string;
  /** The body as it was parsed. */
  readonly body: JsonObject;
}

/** One piece of the prompt, in the order the model reads it; what counting and prompt caching work on. */
export interface PromptBlock {
  /** Goes into the identity of the prefix but is not counted: roles, ids, settings. */
  readonly salt: string;
  readonly text: string;
  /** Tokens beyond those of `text`: framing, images. */
  readonly flatTokens: number;
  /** A prompt-cache breakpoint after this block. */
  readonly ttl?: '5m' | '1h';
}

/** A request as a wire read it. */
export interface ReadRequest {
  readonly simulated: SimulatedRequest;
  readonly blocks: readonly PromptBlock[];
  /** The streamed answer ends with usage. */
  readonly includesStreamUsage: boolean;
  /** What the model reads once it has searched for tools; absent where the wire has no such search. */
  readonly afterSearches?: (searches: readonly FinishedToolSearch[]) => readonly PromptBlock[];
}

export interface FinishedToolCall {
  readonly id: string;
  readonly name: string;
  readonly argumentsText: string;
}

export interface FinishedToolSearch {
  readonly id: string;
  /** Of the search tool. */
  readonly name: string;
  /** The search tool's input, as JSON. */
  readonly inputText: string;
  readonly found: readonly string[];
}

/** An answer after `stop` and `max_tokens`. */
export interface FinishedAnswer {
  readonly toolSearches: readonly FinishedToolSearch[];
  readonly text: string;
  readonly thinking: string;
  readonly toolCalls: readonly FinishedToolCall[];
  readonly finish: 'complete' | 'stop-sequence' | 'tool-calls' | 'length' | 'filtered';
  readonly stopSequence: string | null;
}

/**
 * Token sums of one exchange. Cache parts are parts of `inputTokens`. After each search for tools the model reads the
 * prompt again within the same request, so the sums are those of all its passes.
 */
export interface SimulatedUsage {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cacheReadTokens: number;
  readonly cacheWriteTokens: number;
  readonly cacheWrite1hTokens: number;
  readonly reasoningTokens: number;
  readonly toolSearches: number;
  /** What of `inputTokens` and `cacheReadTokens` the passes after the searches took. */
  readonly searchInputTokens: number;
  readonly searchCacheReadTokens: number;
}

/** Everything a wire needs to write an answer. */
export interface Completion {
  readonly read: ReadRequest;
  readonly answers: readonly FinishedAnswer[];
  readonly usage: SimulatedUsage;
  /** Epoch seconds. */
  readonly created: number;
}

/** One wire: reads requests, writes answers. */
export interface SimulatedWire {
  readonly wire: WireFormat;
  /** @throws ApiProblem when the real API would refuse the body */
  read(body: JsonObject, context: ReadContext): ReadRequest;
  writeJson(completion: Completion): JsonObject;
  /** The events of the stream, each with its blank line. */
  writeStream(completion: Completion): string[];
}

export interface ReadContext {
  readonly seed: string;
  /** A response that an earlier request of the same key left, for `previous_response_id`. */
  findResponse(id: string): JsonValue | undefined;
}
