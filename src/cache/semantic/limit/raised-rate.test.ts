import { describe, expect, it } from 'vitest';
import { createLearnedLimit, type LearnedLimit } from './index.ts';

function limitOf(maxFalseHitRate: number): LearnedLimit {
  return createLearnedLimit({ maxFalseHitRate, coldLimit: 0.95, exploreShare: 0.05 });
}

/** A limit at which so many hits were compared, and right, that the rate is proven. */
function proven(maxFalseHitRate: number): LearnedLimit {
  const limit = limitOf(maxFalseHitRate);
  for (let id = 0; id < 400; id += 1) {
    const found = { id, similarity: 0.9, answerGroup: id, gate: null, confidence: 0.99 };
    limit.observe(limit.decide({ neighbours: [found] }), true);
  }
  return limit;
}

const asJson = (limit: LearnedLimit): unknown => JSON.parse(JSON.stringify(limit.snapshot()));

describe('a limit that goes on at another rate', () => {
  it.each([
    [0.01, 0.05],
    [0.005, 0.0051],
  ])(
    'proves itself anew at a higher one: hits that %s left out were never compared (%s)',
    (before, after) => {
      const learned = proven(before);
      expect(learned.isProven).toBe(true);
      const limit = limitOf(after);
      expect(limit.restore(asJson(learned))).toBe(true);
      expect(limit.isProven).toBe(false);
      expect(limit.estimate().samples).toBe(0);
    },
  );

  it.each([
    [0.05, 0.05],
    [0.05, 0.02],
  ])('goes by what was compared at %s when it is %s', (before, after) => {
    const limit = limitOf(after);
    expect(limit.restore(asJson(proven(before)))).toBe(true);
    expect(limit.estimate().samples).toBe(400);
    expect(limit.isProven).toBe(true);
  });

  it('goes by what was kept before the rate was', () => {
    const { maxFalseHitRate: _, ...older } = proven(0.01).snapshot();
    const limit = limitOf(0.01);
    expect(limit.restore(older)).toBe(true);
    expect(limit.isProven).toBe(true);
  });
});
