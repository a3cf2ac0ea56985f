import { InputError, isPareError, type WireCodec, type WireError } from '../contract/index.ts';

/** HTTP status by error code; what is not here is 400 for wrong input and 500 for our own faults. */
const STATUS_BY_CODE: Readonly<Record<string, number>> = {
  body_too_large: 413,
  request_timeout: 408,
  missing_key: 401,
  invalid_key: 401,
  no_upstream_key: 401,
  forbidden_origin: 403,
  forbidden_host: 403,
  forbidden_role: 403,
  unknown_route: 404,
  unknown_reference: 404,
  method_not_allowed: 405,
  unsupported_content_encoding: 415,
  not_cached: 504,
  upstream_unreachable: 502,
  upstream_closed: 502,
  upstream_redirect: 502,
  upstream_aborted: 502,
  upstream_timeout: 504,
  store_unavailable: 503,
  shutting_down: 503,
};

/** An error as HTTP shows it; the message of an error that is not ours stays inside (INV-E3). */
export function toWireError(error: unknown): WireError {
  if (!isPareError(error)) {
    return {
      status: 500,
      code: 'internal_error',
      message: 'Pare failed to handle the request; see its log.',
    };
  }
  const status = STATUS_BY_CODE[error.code] ?? (error instanceof InputError ? 400 : 500);
  return { status, code: error.code, message: error.message };
}

/** The body of an error in the caller's wire; without one, in the form of `/api`. */
export function renderError(error: WireError, codec?: WireCodec): Uint8Array {
  if (codec !== undefined) return codec.renderError(error);
  return Buffer.from(JSON.stringify({ error: { code: error.code, message: error.message } }));
}
