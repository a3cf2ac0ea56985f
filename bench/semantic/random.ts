/** A source of randomness that gives the same numbers for the same seed. */
export interface SeededRandom {
  /** From 0 to below 1. */
  next(): number;
  /** One of the values. */
  pick<T>(values: readonly T[]): T;
  /** The values in random order. */
  shuffle<T>(values: readonly T[]): T[];
}

/** Returns a generator after mulberry32 (public domain, Tommy Ettinger). */
export function createRandom(seed: number): SeededRandom {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const pick = <T>(values: readonly T[]) => {
    if (values.length === 0) throw new RangeError('There is nothing to pick from.');
    return values[Math.floor(next() * values.length)] as T;
  };
  const shuffle = <T>(values: readonly T[]) => {
    const shuffled = [...values];
    for (let i = shuffled.length - 1; i > 0; i -= 1) {
      const other = Math.floor(next() * (i + 1));
      [shuffled[i], shuffled[other]] = [shuffled[other] as T, shuffled[i] as T];
    }
    return shuffled;
  };
  return { next, pick, shuffle };
}
