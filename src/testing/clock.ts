import type { Clock } from '../contract/index.ts';

/** A clock that stands still until it is told to move. */
export interface FakeClock {
  /** Milliseconds since the epoch; may be passed alone, as a `Clock`. */
  readonly now: Clock;
  /** Moves the clock forward. @throws RangeError when `ms` is negative or not finite */
  advance(ms: number): void;
  /** Sets the clock, backwards too: a wrong clock is a case worth testing. */
  set(epochMs: number): void;
}

/**
 * Returns a clock for tests.
 *
 * @param start epoch milliseconds. @default 1_750_000_000_000 (15 June 2025)
 */
export function createFakeClock(start = 1_750_000_000_000): FakeClock {
  let time = start;
  return {
    now: () => time,
    advance(ms) {
      if (!Number.isFinite(ms) || ms < 0) throw new RangeError(`advance takes milliseconds >= 0, got ${ms}`);
      time += ms;
    },
    set(epochMs) {
      time = epochMs;
    },
  };
}
