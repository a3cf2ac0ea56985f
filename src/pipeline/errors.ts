import { PareError } from '../contract/index.ts';

/** The caller wanted a cached answer only, and there is none. HTTP 504, as RFC 9111 says. */
export class NotCachedError extends PareError {
  readonly status = 504;

  constructor() {
    super(
      'not_cached',
      'No cached answer, and the request asked for a cached one only (x-pare-cache: only-if-cached).',
    );
  }
}
