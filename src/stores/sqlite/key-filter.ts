/** Bits per key: with four bits set for each, at most one absent key in 400 looks present. */
const BITS_PER_KEY = 16;

/**
 * A Bloom filter of cache keys: says of a key that was never added, nearly always, that it was not, and
 * never that of one that was. Keys are digests, so their own digits serve as the hashes.
 *
 * Bloom, "Space/time trade-offs in hash coding with allowable errors", 1970; two hashes stand for all of
 * them as in Kirsch and Mitzenmacher, "Less hashing, same performance", 2006.
 */
export class KeyFilter {
  /** Keys that it is made for; beyond them it errs more often. */
  readonly capacity: number;
  readonly #bits: Uint32Array;
  readonly #mask: number;

  constructor(capacity: number) {
    this.capacity = capacity;
    const size = 2 ** Math.min(31, Math.ceil(Math.log2(Math.max(2, capacity) * BITS_PER_KEY)));
    this.#bits = new Uint32Array(size / 32);
    this.#mask = size - 1;
  }

  /** Adds a key. */
  add(key: string): void {
    this.#set(hashAt(key, 16), hashAt(key, 8));
  }

  /** Adds keys of which only the fingerprints are known. */
  addAll(fingerprints: Uint32Array): void {
    for (let i = 0; i + 1 < fingerprints.length; i += 2) {
      this.#set(fingerprints[i] as number, fingerprints[i + 1] as number);
    }
  }

  /** False only for a key that was never added. */
  mayHave(key: string): boolean {
    const bits = this.#bits;
    const step = hashAt(key, 8) | 1;
    for (let i = 0, at = hashAt(key, 16); i < 4; i++, at = (at + step) | 0) {
      const bit = at & this.#mask;
      if (((bits[bit >>> 5] as number) & (1 << (bit & 31))) === 0) return false;
    }
    return true;
  }

  #set(first: number, second: number): void {
    const bits = this.#bits;
    const step = second | 1;
    for (let i = 0, at = first | 0; i < 4; i++, at = (at + step) | 0) {
      const bit = at & this.#mask;
      bits[bit >>> 5] = (bits[bit >>> 5] as number) | (1 << (bit & 31));
    }
  }
}

/** What a filter needs of keys, two numbers each, to be handed to another thread. */
export function fingerprintsOf(keys: readonly string[]): Uint32Array<ArrayBuffer> {
  const fingerprints = new Uint32Array(keys.length * 2);
  for (const [i, key] of keys.entries()) {
    fingerprints[i * 2] = hashAt(key, 16);
    fingerprints[i * 2 + 1] = hashAt(key, 8);
  }
  return fingerprints;
}

/** The 32 bits that eight hexadecimal digits stand for, of which the first is so far from the end. */
function hashAt(key: string, fromEnd: number): number {
  const start = Math.max(0, key.length - fromEnd);
  const end = Math.min(key.length, start + 8);
  let hash = 0;
  for (let i = start; i < end; i++) {
    const code = key.charCodeAt(i);
    hash = (hash << 4) | ((code & 15) + (code > 57 ? 9 : 0));
  }
  return hash;
}
