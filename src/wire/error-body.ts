import type { WireError } from '../contract/index.ts';
import { toBytes } from './answer.ts';
import { formatSse } from './sse.ts';

/** The JSON body of an error as the OpenAI APIs write it. */
export function renderOpenAiError(error: WireError): Uint8Array {
  return toBytes(openAiJson(error));
}

/** The same as an event of a chat completions stream. */
export function renderOpenAiChatStreamError(error: WireError): Uint8Array {
  return toBytes(formatSse(openAiJson(error)));
}

/** The same as the `error` event of a responses stream. */
export function renderOpenAiResponsesStreamError(error: WireError): Uint8Array {
  const { code, message } = error;
  // The count of events sent is not known here; clients read the event by its type.
  const event = { type: 'error', sequence_number: 0, code, message, param: null };
  return toBytes(formatSse(JSON.stringify(event), 'error'));
}

/** The JSON body of an error as the Anthropic API writes it. */
export function renderAnthropicError(error: WireError): Uint8Array {
  return toBytes(anthropicJson(error));
}

/** The same as the `error` event of a messages stream. */
export function renderAnthropicStreamError(error: WireError): Uint8Array {
  return toBytes(formatSse(anthropicJson(error), 'error'));
}

function openAiJson({ status, code, message }: WireError): string {
  return JSON.stringify({ error: { message, type: openAiType(status), param: null, code } });
}

function anthropicJson({ status, code, message }: WireError): string {
  return JSON.stringify({ type: 'error', error: { type: anthropicType(status), message, code } });
}

function openAiType(status: number): string {
  if (status >= 500) return 'server_error';
  const types: Readonly<Record<number, string>> = {
    401: 'authentication_error',
    403: 'permission_error',
    404: 'not_found_error',
    429: 'rate_limit_error',
  };
  return types[status] ?? 'invalid_request_error';
}

function anthropicType(status: number): string {
  const types: Readonly<Record<number, string>> = {
    401: 'authentication_error',
    403: 'permission_error',
    404: 'not_found_error',
    413: 'request_too_large',
    429: 'rate_limit_error',
    503: 'overloaded_error',
    529: 'overloaded_error',
  };
  return types[status] ?? (status >= 500 ? 'api_error' : 'invalid_request_error');
}
