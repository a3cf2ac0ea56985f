import type { IncomingMessage } from 'node:http';
import type { Caller } from './caller.ts';
import { type HeaderMap, outgoingHeaders } from './headers.ts';
import { type CallerWishes, readWishes } from './request-scope.ts';

/** What the headers of a request say, worked out once for all requests with the same ones. */
export interface KnownHeaders {
  readonly wishes: CallerWishes;
  /** The headers to send upstream for a caller. Never changed by anyone. */
  outgoing(caller: Caller): Readonly<HeaderMap>;
}

/**
 * Returns a reader that remembers the last headers it read: a client sends the same ones with each request,
 * but for the length of the body, which no one here reads.
 */
export function createHeaderMemo(): (
  request: Pick<IncomingMessage, 'headers' | 'rawHeaders'>,
) => KnownHeaders {
  let last: Read | undefined;
  return (request) => {
    if (last !== undefined && isSame(last.raw, request.rawHeaders)) return last;
    last = new Read(request);
    return last;
  };
}

class Read implements KnownHeaders {
  readonly raw: readonly string[];
  readonly wishes: CallerWishes;
  /** For callers without credentials of the operator, the usual case. */
  #own: Readonly<HeaderMap> | undefined;

  constructor({ headers, rawHeaders }: Pick<IncomingMessage, 'headers' | 'rawHeaders'>) {
    this.raw = rawHeaders;
    this.wishes = readWishes(headers);
  }

  outgoing(caller: Caller): Readonly<HeaderMap> {
    if (caller.credentials !== undefined) return outgoingHeaders({ rawHeaders: this.raw }, caller);
    this.#own ??= outgoingHeaders({ rawHeaders: this.raw }, caller);
    return this.#own;
  }
}

function isSame(one: readonly string[], other: readonly string[]): boolean {
  if (one.length !== other.length) return false;
  for (let i = 0; i < one.length; i += 2) {
    const name = one[i] as string;
    if (name !== other[i]) return false;
    if (one[i + 1] !== other[i + 1] && name.toLowerCase() !== 'content-length') return false;
  }
  return true;
}
