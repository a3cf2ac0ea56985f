import { describe, expect, it } from 'vitest';
import { fitLogistic } from './logistic.ts';
import { createRandom } from './random.ts';

describe('fitting a logistic regression', () => {
  it('finds the weights that made the rows', () => {
    const random = createRandom(3);
    const rows = Array.from({ length: 20_000 }, () => {
      const features = { a: 2 * random.next() - 1, b: 2 * random.next() - 1 };
      const chance = 1 / (1 + Math.exp(-(0.5 + 2 * features.a - 1 * features.b)));
      return { features, isTrue: random.next() < chance };
    });
    const { bias, weights } = fitLogistic(rows);
    expect(bias).toBeCloseTo(0.5, 0);
    expect(weights.a).toBeGreaterThan(1.8);
    expect(weights.a).toBeLessThan(2.2);
    expect(weights.b).toBeGreaterThan(-1.15);
    expect(weights.b).toBeLessThan(-0.85);
  });
});
