import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLiveRateWatch, type Outcome } from './live-rate.ts';

const watchOf = (outcomes: readonly Outcome[]) => {
  const watch = createLiveRateWatch();
  for (const outcome of outcomes) watch.observe(outcome);
  return watch;
};
const times = (count: number, outcome: Outcome): Outcome[] => Array.from({ length: count }, () => outcome);
const OUTCOMES = fc.array(fc.constantFrom<Outcome>(true, false, null), { maxLength: 450 });

describe('the live rate', () => {
  it('is of those of which it could be told, with an interval that allows for the others', () => {
    expect(watchOf(times(20, null)).estimate()).toMatchObject({ rate: null, samples: 20, unsure: 20 });
    const { rate, unsure, lower, upper } = watchOf([
      ...times(98, true),
      ...times(2, false),
      ...times(100, null),
    ]).estimate();
    expect([rate, unsure]).toEqual([0.02, 100]);
    expect(lower).toBeLessThan(0.01);
    expect(upper).toBeGreaterThan(0.5);
  });

  it('neither is shown to be kept nor to be passed by what cannot be told', () => {
    const watch = watchOf(times(400, null));
    expect([watch.isBelow(0.02, 0.16), watch.isAbove(0.02)]).toEqual([false, false]);
    expect(watchOf(times(400, true)).isBelow(0.02, 0.16)).toBe(true);
    expect(watchOf(times(25, false)).isAbove(0.02)).toBe(true);
  });

  it('lies in its interval, and is never surer for what cannot be told', () => {
    fc.assert(
      fc.property(OUTCOMES, (outcomes) => {
        const watch = watchOf(outcomes);
        const { rate, lower, upper } = watch.estimate();
        expect(rate === null || (lower <= rate && rate <= upper)).toBe(true);
        const wrong = watchOf(outcomes.map((outcome) => outcome ?? false));
        const right = watchOf(outcomes.map((outcome) => outcome ?? true));
        expect(watch.isBelow(0.05, 0.16)).toBe(wrong.isBelow(0.05, 0.16));
        expect(watch.isAbove(0.05)).toBe(right.isAbove(0.05));
      }),
    );
  });

  it('is the same after a restart', () => {
    fc.assert(
      fc.property(OUTCOMES, (outcomes) => {
        const watch = watchOf(outcomes);
        const other = createLiveRateWatch();
        other.restore(watch.snapshot());
        expect(other.estimate()).toEqual(watch.estimate());
        expect(other.snapshot()).toBe(watch.snapshot());
      }),
    );
  });
});
