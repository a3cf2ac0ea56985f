import { randomBytes } from 'node:crypto';

const POOL_BYTES = 4096;
const RANDOM_BYTES = 8;

/** Makes ids that sort by time: 9 digits of milliseconds in base 36, then 16 random hexadecimal ones. */
export type IdSource = () => string;

/** Returns an id source; random bytes are drawn in pools, since one draw per id is slow. */
export function createIdSource(now: () => number = Date.now): IdSource {
  let pool = Buffer.alloc(0);
  let used = 0;
  return () => {
    if (used + RANDOM_BYTES > pool.length) {
      pool = randomBytes(POOL_BYTES);
      used = 0;
    }
    used += RANDOM_BYTES;
    return now().toString(36).padStart(9, '0') + pool.toString('hex', used - RANDOM_BYTES, used);
  };
}
