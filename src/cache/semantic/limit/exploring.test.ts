import { describe, expect, it } from 'vitest';
import { createExploring } from './exploring.ts';

/** Explored ones among so many hits. */
function exploredOf(
  hits: number,
  { isProven, ...options }: Parameters<typeof createExploring>[0] & { readonly isProven: boolean },
): number {
  const exploring = createExploring(options);
  let explored = 0;
  for (let i = 0; i < hits; i += 1) if (exploring.explores(isProven)) explored += 1;
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
  it('comes near to the stated share of many hits once they are proven', () => {
    expect(exploredOf(20_000, { isProven: true, share: 0.05, random: evenly() }) / 20_000).toBeCloseTo(
      0.05,
      2,
    );
  });

  it('leaves the first three hits alone, and explores all others until they are proven', () => {
    expect(exploredOf(3, { isProven: false, share: 0.05, random: evenly() })).toBe(0);
    expect(exploredOf(500, { isProven: false, share: 0.05, random: evenly() })).toBe(497);
  });

  it('goes on after a restart as if there had been none', () => {
    const exploring = createExploring({ share: 0.05, random: evenly() });
    for (let i = 0; i < 3; i += 1) exploring.explores(false);
    const restarted = createExploring({ share: 0.05, random: evenly() });
    restarted.restore(exploring.snapshot());
    expect(restarted.explores(false)).toBe(true);
  });

  it('explores nothing at a share of 0, and everything at 1', () => {
    expect(exploredOf(1_000, { isProven: false, share: 0, random: () => 0 })).toBe(0);
    expect(exploredOf(1_000, { isProven: true, share: 1, random: evenly() })).toBe(1_000);
  });
});
