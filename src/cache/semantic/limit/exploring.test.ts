import { describe, expect, it } from 'vitest';
import { type Exploring, isExplored } from './exploring.ts';

/** Explored ones among so many hits. */
function exploredOf(hits: number, isProven: boolean, options: Exploring): number {
  let explored = 0;
  for (let i = 0; i < hits; i += 1) if (isExplored(isProven, options)) explored += 1;
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
    const explored = exploredOf(20_000, true, { share: 0.05, random: evenly() });
    expect(explored / 20_000).toBeCloseTo(0.05, 2);
  });

  it('takes all hits until they are proven', () => {
    expect(exploredOf(500, false, { share: 0.05, random: evenly() })).toBe(500);
  });

  it('takes nothing at a share of 0, and everything at 1', () => {
    expect(exploredOf(1_000, false, { share: 0, random: () => 0 })).toBe(0);
    expect(exploredOf(1_000, true, { share: 1, random: evenly() })).toBe(1_000);
  });
});
