import { randomBytes } from 'node:crypto';

const ALPHABET = '0123456789abcdefghijklmnopqrstuvwxyz';
const POOL_BYTES = 4096;
const RANDOM_LENGTH = 12;

/** Makes ids that sort by time: 9 digits of milliseconds in base 36, then 12 random ones. */
export type IdSource = () => string;

/** Returns an id source; random bytes are drawn in pools, since one draw per id is slow. */
export function createIdSource(now: () => number = Date.now): IdSource {
  let pool = Buffer.alloc(0);
  let used = 0;
  return () => {
    if (used + RANDOM_LENGTH > pool.length) {
      pool = randomBytes(POOL_BYTES);
      used = 0;
    }
    let id = now().toString(36).padStart(9, '0');
    for (let i = 0; i < RANDOM_LENGTH; i++) id += ALPHABET[(pool[used + i] as number) % ALPHABET.length];
    used += RANDOM_LENGTH;
    return id;
  };
}
