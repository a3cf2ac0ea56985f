import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRiskCurve } from './risk-curve.ts';

describe('the curve of risks', () => {
  it('comes to what is seen, however far that is from what the calibration expects', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.5, max: 0.999, noNaN: true }),
        fc.integer({ min: 1, max: 99 }),
        fc.double({ min: 0.001, max: 0.5, noNaN: true }),
        (value, percent, expected) => {
          const curve = createRiskCurve((at) => Math.min(0.9, 2 * expected * (1 - at) + 0.001));
          for (let i = 0; i < 2_000; i += 1) curve.observe(value, (i * 37) % 100 >= percent);
          expect(curve.likelyRiskAt(value)).toBeGreaterThan(percent / 100 - 0.1);
          expect(curve.likelyRiskAt(value)).toBeLessThan(percent / 100 + 0.1);
        },
      ),
    );
  });

  it('never expects less of a surer value', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.boolean()), { maxLength: 300 }),
        (seen) => {
          const curve = createRiskCurve((value) => 1 - value);
          for (const [value, isSame] of seen) curve.observe(value, isSame);
          const risks = Array.from({ length: 100 }, (_, i) => curve.riskAt(i / 100));
          expect(risks).toEqual(risks.toSorted((a, b) => b - a));
        },
      ),
    );
  });

  it('lets what is seen of pairs that are less sure speak of surer ones too', () => {
    const [good, bad] = [createRiskCurve((value) => 1 - value), createRiskCurve((value) => 1 - value)];
    for (let i = 0; i < 40; i += 1) {
      good.observe(0.9, i % 20 !== 0);
      bad.observe(0.9, i % 3 !== 0);
    }
    expect(bad.excessAt(0.99)).toBeGreaterThan(1.5);
    expect(good.excessAt(0.99)).toBeLessThan(1);
  });
});
