import type { Clock, WireFormat } from '../../contract/index.ts';
import { BoundedMap } from '../../support/index.ts';

const WINDOW_MS = 60_000;
const MAX_KEYS = 10_000;

/** The outcome of one request against the limit. */
export interface RateDecision {
  readonly isAllowed: boolean;
  /** Headers of the answer, in the names of the wire. */
  readonly headers: Readonly<Record<string, string>>;
}

/** Decides per key; a window of one minute begins with the first request in it. */
export type RateLimiter = (key: string, wire: WireFormat) => RateDecision;

/** Returns a limiter of requests per minute and key. */
export function createRateLimiter(requestsPerMinute: number, now: Clock): RateLimiter {
  const windows = new BoundedMap<string, { readonly endsAt: number; used: number }>(MAX_KEYS);
  return (key, wire) => {
    const time = now();
    let window = windows.get(key);
    if (window === undefined || window.endsAt <= time) {
      window = { endsAt: time + WINDOW_MS, used: 0 };
      windows.set(key, window);
    }
    const isAllowed = window.used < requestsPerMinute;
    if (isAllowed) window.used += 1;
    const leftMs = window.endsAt - time;
    const state = {
      limit: requestsPerMinute,
      remaining: requestsPerMinute - window.used,
      leftMs,
      endsAt: window.endsAt,
    };
    return { isAllowed, headers: headersOf(wire, state, isAllowed) };
  };
}

interface WindowState {
  readonly limit: number;
  readonly remaining: number;
  readonly leftMs: number;
  readonly endsAt: number;
}

function headersOf(wire: WireFormat, state: WindowState, isAllowed: boolean): Record<string, string> {
  const prefix = wire === 'anthropic-messages' ? 'anthropic-ratelimit-requests' : 'x-ratelimit';
  const suffix = wire === 'anthropic-messages' ? '' : '-requests';
  const reset =
    wire === 'anthropic-messages'
      ? new Date(state.endsAt).toISOString()
      : `${Math.ceil(state.leftMs / 1000)}s`;
  return {
    [`${prefix}-limit${suffix}`]: String(state.limit),
    [`${prefix}-remaining${suffix}`]: String(state.remaining),
    [`${prefix}-reset${suffix}`]: reset,
    ...(isAllowed ? {} : { 'retry-after': String(Math.ceil(state.leftMs / 1000)) }),
  };
}
