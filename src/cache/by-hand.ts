import {
  type ChatRequest,
  type ChatResponse,
  InputError,
  type JsonObject,
  type JsonValue,
  type Usage,
  type WireFormat,
} from '../contract/index.ts';
import type { CacheCodecs, ExactCacheOptions } from './options.ts';

/**
 * A request as people write it: the body of the wire, or a `prompt` instead of its messages. It has
 * the key that the same request gets at the gateway from the same tenant to the same upstream.
 */
export interface SimpleRequest {
  readonly model: string;
  /** One message of the user, after `messages` if there are any. */
  readonly prompt?: string;
  readonly messages?: readonly JsonValue[];
  readonly [field: string]: JsonValue | undefined;
}

/** Whose answers are meant. */
export interface SimpleScope {
  /** @default 'local' */
  readonly tenant?: string;
  /** @default 'openai-chat' */
  readonly wire?: WireFormat;
  /** Name and base URL of the upstream, as in `RequestScope`. @default '' */
  readonly upstream?: string;
  /** @default none */
  readonly answerHeaders?: Readonly<Record<string, string>>;
}

/** An answer given by hand: its text, or its whole body in the wire of the request. */
export interface SimpleAnswer {
  readonly text?: string;
  readonly body?: JsonObject | Uint8Array;
  /** Default: what the body reports, else nothing. */
  readonly usage?: Usage;
  readonly costUsd?: number;
  /** Shorter than the life that the cache gives, in seconds; a longer one has no effect. */
  readonly ttlSeconds?: number;
}

/** Parses a request given by hand. @throws InputError when the wire does not take it */
export function toChatRequest(request: SimpleRequest, wire: WireFormat, codecs: CacheCodecs): ChatRequest {
  const { prompt, ...body } = request;
  return codecs[wire].parseRequest(
    new TextEncoder().encode(JSON.stringify(prompt === undefined ? body : withPrompt(body, prompt, wire))),
  );
}

function withPrompt(body: Omit<SimpleRequest, 'prompt'>, prompt: string, wire: WireFormat): JsonObject {
  const message = { role: 'user', content: prompt };
  if (wire === 'openai-responses') {
    const { messages, ...rest } = body as SimpleRequest;
    return { ...rest, input: messages === undefined ? prompt : [...messages, message] };
  }
  return { ...body, messages: [...((body as SimpleRequest).messages ?? []), message] };
}

/** Parses an answer given by hand. @throws InputError `cache_bad_answer` when it is none of that wire */
export function toChatResponse(
  answer: SimpleAnswer,
  request: { readonly wire: WireFormat; readonly model: string },
  options: Pick<ExactCacheOptions, 'codecs' | 'answerBody'>,
): ChatResponse {
  const body =
    answer.body ?? (answer.text === undefined ? undefined : options.answerBody?.(answer.text, request));
  if (body === undefined) {
    throw new InputError(
      'cache_bad_answer',
      'The answer has no body, and no text that a body can be made of.',
    );
  }
  const bytes = body instanceof Uint8Array ? body : new TextEncoder().encode(JSON.stringify(body));
  const response = options.codecs[request.wire].parseResponse(bytes);
  if (response !== undefined) return response;
  throw new InputError(
    'cache_bad_answer',
    `The body is not an answer of ${request.wire}; give one as the API sends it.`,
  );
}
