import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createExploring } from './exploring.ts';

/** Explored ones among so many hits. */
function exploredOf(hits: number, options: Parameters<typeof createExploring>[0]): number {
  const exploring = createExploring(options);
  let explored = 0;
  for (let i = 0; i < hits; i += 1) if (exploring.explores()) explored += 1;
  return explored;
}

/** Numbers from 0 to below 1, evenly spread. */
function evenly(): () => number {
  let at = 0;
  return () => {
    at += 0.618_033_988_75;
    return at % 1;
  };
}

describe('exploring', () => {
  it('comes near to the stated share of many hits', () => {
    expect(exploredOf(20_000, { share: 0.05, random: evenly() }) / 20_000).toBeCloseTo(0.05, 2);
  });

  it('explores more at first, when least is known', () => {
    const first = exploredOf(100, { share: 0.05, random: evenly() });
    expect(first).toBeGreaterThan(5);
  });

  it('leaves the first three hits alone, 80% of the first 20 and 90% of the first 200, whatever is drawn', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0.05, max: 1, maxExcluded: true, noNaN: true })), (drawn) => {
        // Draws below the share itself are what was asked for; these are all above it.
        const random = () => drawn.shift() ?? 0.05;
        const share = 0.05;
        expect(exploredOf(3, { share, random })).toBe(0);
        expect(exploredOf(20, { share, random })).toBeLessThanOrEqual(4);
        expect(exploredOf(200, { share, random })).toBeLessThanOrEqual(20);
      }),
    );
  });

  it('explores nothing at a share of 0, and everything at 1', () => {
    expect(exploredOf(1_000, { share: 0, random: () => 0 })).toBe(0);
    expect(exploredOf(1_000, { share: 1, random: evenly() })).toBe(1_000);
  });
});
