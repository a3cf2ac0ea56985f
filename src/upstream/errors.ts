import { PareError } from '../contract/index.ts';

/** The provider could not be reached or broke off. `status` is what the caller should see. */
export class UpstreamError extends PareError {
  readonly status: number;

  constructor(code: UpstreamErrorCode, message: string, cause?: unknown) {
    super(code, message, { cause });
    this.status = code === 'upstream_timeout' ? 504 : 502;
  }
}

type UpstreamErrorCode =
  | 'upstream_unreachable'
  | 'upstream_timeout'
  | 'upstream_closed'
  | 'upstream_redirect'
  | 'upstream_aborted';

const UNSENT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/** True when the connection was never made: the provider cannot have seen the request. */
export function wasNeverSent(error: Error): boolean {
  return UNSENT.has(codeOf(error));
}

/** The error as callers see it, for any error of the HTTP client. */
export function toUpstreamError(error: Error, name: string): UpstreamError {
  if (error instanceof UpstreamError) return error;
  const code = codeOf(error);
  if (code === 'UND_ERR_ABORTED')
    return new UpstreamError('upstream_aborted', `The call to ${name} was aborted.`, error);
  if (wasNeverSent(error)) {
    return new UpstreamError(
      'upstream_unreachable',
      `Could not connect to the upstream "${name}" (${code}). Check its URL in the configuration and the network.`,
      error,
    );
  }
  if (code === 'UND_ERR_HEADERS_TIMEOUT' || code === 'UND_ERR_BODY_TIMEOUT') {
    return new UpstreamError(
      'upstream_timeout',
      `The upstream "${name}" did not answer in time (${code}).`,
      error,
    );
  }
  return new UpstreamError(
    'upstream_closed',
    `The connection to the upstream "${name}" broke before the answer ended (${code || error.message}). ` +
      'The request may have been processed, so it was not repeated.',
    error,
  );
}

function codeOf(error: Error): string {
  const code = (error as { code?: unknown }).code;
  if (typeof code === 'string') return code;
  const first: unknown = error instanceof AggregateError ? error.errors[0] : error.cause;
  return first instanceof Error ? codeOf(first) : '';
}
