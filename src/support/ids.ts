import { randomBytes } from 'node:crypto';

const POOL_BYTES = 4096;
const RANDOM_DIGITS = 16;

/** Makes ids that sort by time: 9 digits of milliseconds in base 36, then 16 random hexadecimal ones. */
export type IdSource = () => string;

/** Returns an id source; random bytes are drawn in pools, since one draw per id is slow. */
export function createIdSource(now: () => number = Date.now): IdSource {
  let pool = '';
  let used = 0;
  let millisecond = Number.NaN;
  let prefix = '';
  return () => {
    if (used === pool.length) {
      pool = randomBytes(POOL_BYTES).toString('hex');
      used = 0;
    }
    used += RANDOM_DIGITS;
    const at = now();
    if (at !== millisecond) {
      // Many requests share a millisecond, and writing a number in base 36 is slow.
      millisecond = at;
      prefix = at.toString(36).padStart(9, '0');
    }
    return prefix + pool.slice(used - RANDOM_DIGITS, used);
  };
}
