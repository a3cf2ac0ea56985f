import type { JsonObject, JsonPath, JsonValue } from './json.ts';
import type { Usage } from './usage.ts';

/** The request formats Pare speaks. A value is named after the API that defines it. */
export type WireFormat = 'openai-chat' | 'openai-responses' | 'anthropic-messages';

/** The parts of a request that a stage may declare to rewrite. */
export type Region = 'tools' | 'system' | 'history' | 'live';

export type Role = 'system' | 'developer' | 'user' | 'assistant' | 'tool';

/**
 * One piece of a message. `path` leads to the JSON value that holds the piece's text in the
 * caller's body; it is absent on a piece that a stage added.
 */
export type Part =
  | { readonly kind: 'text'; readonly text: string; readonly path?: JsonPath }
  | { readonly kind: 'image'; readonly value: JsonValue; readonly path?: JsonPath }
  | {
      readonly kind: 'tool-call';
      readonly id: string;
      readonly name: string;
      /** The arguments as JSON text. */
      readonly argumentsText: string;
      /** Where the tool is to be found; OpenAI calls what its own search found in a namespace of the tool's name. */
      readonly namespace?: string;
      readonly path?: JsonPath;
    }
  | {
      readonly kind: 'tool-result';
      readonly callId: string;
      readonly text: string;
      readonly path?: JsonPath;
    }
  | {
      readonly kind: 'thinking';
      readonly text: string;
      readonly signature?: string;
      readonly path?: JsonPath;
    }
  | {
      readonly kind: 'other';
      readonly type: string;
      readonly value: JsonValue;
      /** Names of deferred tools that the model can see because of this piece; absent where it loads none. */
      readonly loadedTools?: readonly string[];
      readonly path?: JsonPath;
    };

/** One message. Immutable: an untouched message stays the same object, a rewrite makes a new one. */
export interface Message {
  readonly role: Role;
  readonly parts: readonly Part[];
  /** Where the message stands in the caller's body; absent on a message that a stage added. */
  readonly path?: JsonPath;
}

/** One tool that the model may call. */
export interface ToolDefinition {
  readonly name: string;
  readonly description: string;
  /** The JSON schema of the arguments; absent for tools that the provider itself runs. */
  readonly schema?: JsonValue;
  /** True when the provider runs the tool (web search, code interpreter), not the caller. */
  readonly isHosted: boolean;
  /** The tool exactly as the caller wrote it. */
  readonly value: JsonValue;
  readonly path?: JsonPath;
}

/** What the caller sent: the bytes, and the value they parse to. */
export interface RequestSource {
  readonly bytes: Uint8Array;
  readonly value: JsonObject;
  readonly system: readonly Message[];
  readonly messages: readonly Message[];
  readonly tools: readonly ToolDefinition[];
}

/**
 * A chat request in one shape for all wires.
 *
 * Regions: `system` is the system prompt; `tools` the tool list; `messages` before `liveFrom` are
 * history (sent before, perhaps cached by the provider); those from `liveFrom` on are live.
 */
export interface ChatRequest {
  readonly wire: WireFormat;
  readonly model: string;
  readonly isStream: boolean;
  /** True when a streamed answer ends with a usage event that the caller asked for (or always gets). */
  readonly wantsStreamUsage: boolean;
  readonly system: readonly Message[];
  readonly tools: readonly ToolDefinition[];
  readonly messages: readonly Message[];
  /** Index in `messages` of the first live one: everything after the last assistant message. */
  readonly liveFrom: number;
  /** True when tool results stand after the last text of the user: a turn is in flight (INV-C6). */
  readonly isAgentTurn: boolean;
  /**
   * False when the request itself rules out answering it from a cache: tools that the provider runs,
   * state that the provider keeps (`previous_response_id`, `conversation`, `store` in chat completions),
   * `background` work, audio output. The wire decides, since it knows the fields.
   */
  readonly isReplayable: boolean;
  readonly source: RequestSource;
}

/** How an answer ended. Only `complete` is a whole answer in text; `tool-calls` hands over to the caller. */
export type FinishReason = 'complete' | 'tool-calls' | 'length' | 'filtered' | 'failed' | 'incomplete';

export interface ToolCall {
  readonly id: string;
  readonly name: string;
  readonly argumentsText: string;
}

/** A whole answer: the wire's own JSON body, and what Pare read from it. */
export interface ChatResponse {
  readonly wire: WireFormat;
  readonly id: string;
  readonly model: string;
  readonly finish: FinishReason;
  /** Absent when the provider sent none. */
  readonly usage?: Usage;
  /** All text that the model wrote, joined; for counting, not for replay. */
  readonly text: string;
  readonly toolCalls: readonly ToolCall[];
  /**
   * How often the model used the provider's own search among deferred tools, and what that found; absent where it did
   * not. It may have read the prompt again after each, and `usage` be the sum.
   */
  readonly toolSearch?: { readonly times: number; readonly found: readonly string[] };
  /** The complete JSON body in the caller's wire (assembled from the events if it was streamed), UTF-8. */
  readonly bytes: Uint8Array;
}
