import type { JsonObject, JsonValue } from '../../contract/index.ts';
import { PareError } from '../../contract/index.ts';

/**
 * Why a call could not be answered by a server:
 * `unknown_tool`, `invalid_arguments`, `backend_unavailable` (does not start, or waits to be tried again),
 * `backend_lost` (ended while it worked), `backend_timeout`, `backend_failed` (answered with an HTTP error or nonsense).
 */
export class ProxyError extends PareError {}

/** What a server itself answered with: a JSON-RPC error, which goes on as it came. */
export class RemoteError extends Error {
  readonly code: number;
  readonly data?: JsonValue;

  constructor(code: number, message: string, data: JsonValue | undefined) {
    super(message);
    this.name = 'RemoteError';
    this.code = code;
    if (data !== undefined) this.data = data;
  }
}

/** An error as the result of a tool, so that the model sees it and can act on it. */
export function errorResult({ code, message }: PareError): JsonObject {
  return {
    content: [{ type: 'text', text: `${message} [${code}]` }],
    isError: true,
    _meta: { 'pare/code': code },
  };
}

const TIMED_OUT = -32_001;

/** The code of an error of the SDK that another side sent, or that has the form of one. */
export function remoteCode(error: unknown): number | undefined {
  const { code, message } = Object(error) as { code?: unknown; message?: unknown };
  return typeof code === 'number' && String(message).startsWith(`MCP error ${code}`) ? code : undefined;
}

/** True for a request that the SDK itself gave up. */
export function isLocalTimeout(error: unknown): boolean {
  const { data } = Object(error) as { data?: unknown };
  return remoteCode(error) === TIMED_OUT && typeof data === 'object' && data !== null && 'timeout' in data;
}

/**
 * What went wrong, in at most 400 characters, with the system's word for it.
 *
 * @param withoutSecrets takes out what nobody may read; before anything is cut
 */
export function describe(error: unknown, withoutSecrets: (text: string) => string): string {
  if (!(error instanceof Error)) return withoutSecrets(String(error)).slice(0, 400);
  const { code } = (error.cause ?? {}) as { code?: unknown };
  return withoutSecrets(`${error.message}${typeof code === 'string' ? ` (${code})` : ''}`).slice(0, 400);
}
