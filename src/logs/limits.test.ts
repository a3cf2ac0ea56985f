import { describe, expect, test } from 'vitest';
import { boundsOf, checkLimits } from './limits.ts';
import type { CondenseLimits } from './options.ts';

describe('checkLimits', () => {
  test.each<readonly [CondenseLimits, string]>([
    [{ tokenBudget: -1 }, 'tokenBudget is -1; it takes a number of tokens, 0 or more.'],
    [{ tokenBudget: Number.NaN }, 'tokenBudget is NaN; it takes a number of tokens, 0 or more.'],
    [
      { targetTokens: Number.POSITIVE_INFINITY },
      'targetTokens is Infinity; it takes a number of tokens, 0 or more.',
    ],
    [{ minCompression: 1.5 }, 'minCompression is 1.5; it takes a share from 0 to 1.'],
    [{ reserve: -0.1 }, 'reserve is -0.1; it takes a share from 0 to 1.'],
    [
      { tokenBudget: 10, tokenBuffer: 11 },
      'tokenBuffer is 11; it takes at most the tokenBudget, which is 10.',
    ],
    [
      { byPriority: { low: -2 } },
      'byPriority.low is -2; it takes a number of tokens, or from 0 to 1 a share of the budget.',
    ],
    [
      { byPriority: { urgent: 1 } as never },
      'byPriority is urgent; it takes the priorities critical, high, medium, low, verbose.',
    ],
  ])('refuses %o', (limits, message) => {
    expect(() => checkLimits(limits)).toThrow(
      expect.objectContaining({ code: 'invalid_log_limits', message }),
    );
  });

  test('takes the ends of every limit', () => {
    const least = { tokenBudget: 0, tokenBuffer: 0, targetTokens: 0, minCompression: 0, reserve: 0 };
    const most = { tokenBudget: 5, tokenBuffer: 5, minCompression: 1, reserve: 1, byPriority: { low: 0 } };
    expect(() => checkLimits(least)).not.toThrow();
    expect(() => checkLimits(most)).not.toThrow();
  });
});

describe('boundsOf', () => {
  test('takes the smallest of budget, target and compression', () => {
    expect(boundsOf({}, 1e9)).toEqual({ budget: 76_659, reserve: 7_665, maxByPriority: {} });
    expect(boundsOf({ tokenBudget: 1_000, tokenBuffer: 100 }, 5_000).budget).toBe(900);
    expect(boundsOf({ tokenBudget: 1_000, targetTokens: 700 }, 5_000).budget).toBe(700);
    expect(boundsOf({ tokenBudget: 9_000, minCompression: 0.5 }, 5_001).budget).toBe(2_500);
  });

  test('a log of less than 2,000 tokens may stay whole', () => {
    expect(boundsOf({ minCompression: 0.9, tokenBudget: 5_000 }, 1_999).budget).toBe(5_000);
    expect(boundsOf({ minCompression: 0.9, tokenBudget: 5_000 }, 2_000).budget).toBe(199);
  });

  test('bounds priorities by tokens, or by a share of the budget', () => {
    expect(boundsOf({ tokenBudget: 1_000, byPriority: { low: 0.25, high: 300, verbose: 0 } }, 10)).toEqual({
      budget: 1_000,
      reserve: 100,
      maxByPriority: { low: 250, high: 300, verbose: 0 },
    });
  });
});
