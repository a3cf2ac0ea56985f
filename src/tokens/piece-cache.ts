import { hashBytes } from './vocabulary.ts';

const SLOT_BITS = 16;
const SLOTS = 1 << SLOT_BITS;
const MAX_ENTRIES = SLOTS / 2;
const ARENA_BYTES = 1 << 20;
/** Longer pieces hardly ever come back. */
const MAX_LENGTH = 96;
const LENGTH_BITS = 7;
const LENGTH_MASK = (1 << LENGTH_BITS) - 1;

/**
 * Counts of pieces that are no token themselves, by their bytes. Holds at most 32,768 pieces and
 * 1 MB; a full cache starts anew, which is cheaper than keeping an order of use (INV-S4).
 */
export class PieceCache {
  readonly #arena = new Uint8Array(ARENA_BYTES);
  /** Offset in the arena and length, packed; 0 is free. */
  readonly #slots = new Int32Array(SLOTS);
  readonly #counts = new Uint8Array(SLOTS);
  #used = 1;
  #entries = 0;
  /** The slot that `get` looked at last, where `set` writes. */
  #slot = 0;

  /** The count of these bytes, or 0 when it is not known. */
  get(bytes: Uint8Array, start: number, end: number): number {
    const length = end - start;
    if (length > MAX_LENGTH) return 0;
    const arena = this.#arena;
    let slot = hashBytes(bytes, start, end) & (SLOTS - 1);
    for (; ; slot = (slot + 1) & (SLOTS - 1)) {
      const packed = this.#slots[slot] as number;
      if (packed === 0) break;
      if ((packed & LENGTH_MASK) !== length) continue;
      const offset = packed >>> LENGTH_BITS;
      let i = 0;
      while (i < length && arena[offset + i] === bytes[start + i]) i++;
      if (i === length) return this.#counts[slot] as number;
    }
    this.#slot = slot;
    return 0;
  }

  /** Remembers the count of the bytes that `get` has just not found. */
  set(bytes: Uint8Array, range: { readonly start: number; readonly end: number }, count: number): void {
    const length = range.end - range.start;
    if (length > MAX_LENGTH) return;
    if (this.#entries >= MAX_ENTRIES || this.#used + length > ARENA_BYTES) {
      this.#slots.fill(0);
      this.#entries = 0;
      this.#used = 1;
    }
    this.#arena.set(bytes.subarray(range.start, range.end), this.#used);
    this.#slots[this.#slot] = (this.#used << LENGTH_BITS) | length;
    this.#counts[this.#slot] = count;
    this.#used += length;
    this.#entries++;
  }
}
