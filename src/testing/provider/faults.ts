import { ApiProblem } from './problem.ts';

/**
 * One thing that goes wrong with an answer.
 *
 * - `status`: answers with this status and an error body of the wire; 429, 503 and 529 carry
 *   `retry-after` (`retryAfterSeconds`, default 1).
 * - `drop`: closes the connection before the head (`afterBytes` absent) or after that many body bytes.
 * - `hang`: never answers, or stops for good after `afterBytes` body bytes; ends when the caller leaves.
 * - `stream-error`: ends a stream with the wire's error event after `afterEvents` events (default 3);
 *   answers that are not streamed stay as they are.
 * - `slow-first-byte`: waits before the head.
 * - `malformed-json`: breaks the JSON of the answer, or of one event of a stream.
 * - `truncated-body`: leaves out the second half of the body, with correct framing.
 * - `gzip`: compresses the body whether the caller accepts that or not.
 * - `redirect`: answers 302 to `location`.
 */
export type Fault =
  | { readonly kind: 'status'; readonly status: number; readonly retryAfterSeconds?: number }
  | { readonly kind: 'drop'; readonly afterBytes?: number }
  | { readonly kind: 'hang'; readonly afterBytes?: number }
  | { readonly kind: 'stream-error'; readonly afterEvents?: number }
  | { readonly kind: 'slow-first-byte'; readonly ms: number }
  | { readonly kind: 'malformed-json' }
  | { readonly kind: 'truncated-body' }
  | { readonly kind: 'gzip' }
  | { readonly kind: 'redirect'; readonly location: string };

/** How an answer leaves, when a request asks for it. */
export interface Pacing {
  readonly splitBytes?: number;
  readonly chunkDelayMs?: number;
  readonly latencyMs?: number;
}

/** What one request asked for in its `x-simulate` header. */
export interface Simulation extends Pacing {
  readonly fault?: Fault;
}

const NAMES =
  'status=N, retry-after=N, drop, drop-after=N, hang, hang-after=N, stream-error[=N], slow=MS, malformed, truncated, gzip, redirect=URL, split=N, delay=MS, latency=MS';

/**
 * Reads an `x-simulate` header: directives joined by `;`, at most one fault among them.
 *
 * `status=503`, `retry-after=2` (with a status), `drop`, `drop-after=100`, `hang`, `hang-after=100`,
 * `stream-error` or `stream-error=5`, `slow=250`, `malformed`, `truncated`, `gzip`,
 * `redirect=https://example.com/`, and for pacing `split=3` (bytes a piece), `delay=10` (ms between
 * pieces), `latency=50` (ms before the head).
 *
 * @throws ApiProblem `unknown_simulation` for anything else
 */
export function readSimulation(header: string): Simulation {
  const simulation: { -readonly [K in keyof Simulation]: Simulation[K] } = {};
  for (const directive of header.split(';')) {
    const [name, value] = splitOnce(directive.trim());
    if (name === '') continue;
    if (name === 'split') simulation.splitBytes = Math.max(1, integer(value, directive));
    else if (name === 'delay') simulation.chunkDelayMs = integer(value, directive);
    else if (name === 'latency') simulation.latencyMs = integer(value, directive);
    else if (name === 'retry-after')
      simulation.fault = withRetryAfter(simulation.fault, integer(value, directive));
    else simulation.fault = readFault(name, value, directive);
  }
  return simulation;
}

function readFault(name: string, value: string, directive: string): Fault {
  switch (name) {
    case 'status':
      return { kind: 'status', status: integer(value, directive) };
    case 'drop':
    case 'hang':
      return { kind: name };
    case 'drop-after':
      return { kind: 'drop', afterBytes: integer(value, directive) };
    case 'hang-after':
      return { kind: 'hang', afterBytes: integer(value, directive) };
    case 'stream-error':
      return value === '' ? { kind: name } : { kind: name, afterEvents: integer(value, directive) };
    case 'slow':
      return { kind: 'slow-first-byte', ms: integer(value, directive) };
    case 'malformed':
      return { kind: 'malformed-json' };
    case 'truncated':
      return { kind: 'truncated-body' };
    case 'gzip':
      return { kind: 'gzip' };
    case 'redirect':
      return { kind: 'redirect', location: value };
    default:
      return unknown(directive);
  }
}

function withRetryAfter(fault: Fault | undefined, retryAfterSeconds: number): Fault {
  if (fault?.kind !== 'status') return unknown('retry-after without status before it');
  return { ...fault, retryAfterSeconds };
}

function integer(value: string, directive: string): number {
  return /^\d{1,9}$/.test(value) ? Number(value) : unknown(directive);
}

function splitOnce(text: string): [string, string] {
  const at = text.indexOf('=');
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}

function unknown(directive: string): never {
  throw new ApiProblem(`Unknown x-simulate directive '${directive.trim()}'. Known are: ${NAMES}.`, {
    param: 'x-simulate',
    code: 'unknown_simulation',
  });
}
