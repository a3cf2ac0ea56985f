import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { betaCdf, isShownAbove, isShownBelow, rateInterval } from './binomial.ts';

const counts = fc
  .tuple(fc.integer({ min: 0, max: 500 }), fc.integer({ min: 1, max: 2_000 }))
  .map(([events, more]) => ({ events, trials: events + more }));

describe('intervals of rates', () => {
  it('gives the exact interval of Clopper and Pearson', () => {
    // Closed forms: with no event the upper end is 1 - 0.025 ** (1 / n); with nothing but events, the mirror of it.
    for (const trials of [1, 10, 100, 5_000]) {
      const none = rateInterval({ events: 0, trials });
      expect(none.lower).toBe(0);
      expect(none.upper).toBeCloseTo(1 - 0.025 ** (1 / trials), 9);
      const all = rateInterval({ events: trials, trials });
      expect(all.lower).toBeCloseTo(0.025 ** (1 / trials), 9);
      expect(all.upper).toBe(1);
    }
    expect(rateInterval({ events: 0, trials: 0 })).toEqual({ lower: 0, upper: 1 });
  });

  it('sums the binomial distribution', () => {
    // P(X <= 2) of 10 trials at 0.3 = 0.3827827864, by the sum of its terms.
    expect(1 - betaCdf(0.3, [3, 8])).toBeCloseTo(0.3827827864, 9);
  });

  it('calls a rate below or above a limit when the interval lies on that side', () => {
    fc.assert(
      fc.property(counts, fc.double({ min: 0.001, max: 0.999, noNaN: true }), (given, limit) => {
        const { lower, upper } = rateInterval(given);
        fc.pre(Math.abs(upper - limit) > 1e-6 && Math.abs(lower - limit) > 1e-6);
        expect(isShownBelow(given, limit, 0.025)).toBe(upper < limit);
        expect(isShownAbove(given, limit, 0.025)).toBe(lower > limit);
      }),
    );
  });

  it('shows nothing about a rate without trials', () => {
    expect(isShownBelow({ events: 0, trials: 0 }, 0.5, 0.05)).toBe(false);
    expect(isShownAbove({ events: 0, trials: 0 }, 0, 0.05)).toBe(false);
  });
});
