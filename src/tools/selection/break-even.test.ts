import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createModelRegistry } from '../../tokens/models/index.ts';
import { cachePricesOf, expectedTurns, gainOfChange, worthAddingFrom } from './break-even.ts';

const CLAUDE = { read: 0.1, write: 1.25 };
const tokens = fc.integer({ min: 0, max: 200_000 });
const turns = fc.integer({ min: 1, max: 50 });
const prices = fc.record({
  read: fc.double({ min: 0.01, max: 1, noNaN: true }),
  write: fc.double({ min: 1, max: 2, noNaN: true }),
});

describe('the gain of a change of tools (INV-P2)', () => {
  it('is a loss where a long conversation is cached and little is saved', () => {
    const change = { cachedTokens: 60_000, savedTokens: 5_000, remainingTurns: 10, prices: CLAUDE };
    expect(gainOfChange(change)).toBeLessThan(0);
    expect(gainOfChange({ ...change, cachedTokens: 0 })).toBeGreaterThan(0);
    expect(gainOfChange({ ...change, cachedTokens: 6_000 })).toBeGreaterThan(0);
  });

  it('is what the turns cost with and without it, counted one by one', () => {
    fc.assert(
      fc.property(tokens, tokens, turns, prices, (rest, saved, remainingTurns, price) => {
        const cachedTokens = rest + saved;
        fc.pre(cachedTokens > 0);
        let kept = cachedTokens * price.read;
        let changed = rest * price.write;
        for (let turn = 0; turn < remainingTurns; turn += 1) {
          kept += cachedTokens * price.read;
          changed += rest * price.read;
        }
        const gain = gainOfChange({ cachedTokens, savedTokens: saved, remainingTurns, prices: price });
        expect(gain).toBeCloseTo(kept - changed, 3);
      }),
    );
  });

  it('falls with what is cached, and rises with what is saved and the turns to come', () => {
    fc.assert(
      fc.property(tokens, tokens, turns, prices, (cached, saved, remainingTurns, price) => {
        const change = {
          cachedTokens: cached + saved + 1,
          savedTokens: saved,
          remainingTurns,
          prices: { ...price, read: Math.min(price.read, price.write) },
        };
        const gain = gainOfChange(change);
        expect(gainOfChange({ ...change, cachedTokens: change.cachedTokens + 100 })).toBeLessThanOrEqual(
          gain,
        );
        expect(gainOfChange({ ...change, savedTokens: saved + 1 })).toBeGreaterThan(gain);
        expect(gainOfChange({ ...change, remainingTurns: remainingTurns + 1 })).toBeGreaterThanOrEqual(gain);
      }),
    );
  });

  it('is never a loss where nothing is cached', () => {
    fc.assert(
      fc.property(tokens, turns, prices, (savedTokens, remainingTurns, price) => {
        const gain = gainOfChange({ cachedTokens: 0, savedTokens, remainingTurns, prices: price });
        expect(gain).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});

describe('adding a tool', () => {
  const tool = {
    cachedTokens: 0,
    toolTokens: 150,
    allToolsTokens: 12_000,
    requestTokens: 3_000,
    remainingTurns: 3,
    prices: CLAUDE,
  };

  it('asks for little where nothing is cached, and for much where a change writes all anew', () => {
    expect(worthAddingFrom(tool)).toBeLessThan(0.05);
    expect(worthAddingFrom({ ...tool, requestTokens: 40_000, cachedTokens: 38_000 })).toBeGreaterThan(0.3);
  });

  it('asks for a probability, whatever the figures', () => {
    fc.assert(
      fc.property(
        tokens,
        fc.integer({ min: 1, max: 5_000 }),
        turns,
        prices,
        (cached, toolTokens, left, price) => {
          const worth = worthAddingFrom({
            cachedTokens: cached,
            toolTokens,
            allToolsTokens: toolTokens * 20,
            requestTokens: cached + 10,
            remainingTurns: left,
            prices: { ...price, read: Math.min(price.read, price.write) },
          });
          expect(worth).toBeGreaterThan(0);
          expect(worth).toBeLessThanOrEqual(1);
        },
      ),
    );
  });
});

describe('what it is reckoned with', () => {
  it('are the prices of the model, or the dearest known to break', () => {
    const registry = createModelRegistry();
    expect(cachePricesOf(registry, 'claude-sonnet-4-6', { cacheWritePrice: 1.25 })).toEqual({
      read: expect.closeTo(0.1),
      write: expect.closeTo(1.25),
    });
    expect(cachePricesOf(registry, 'gpt-4o', { cacheWritePrice: 1 })).toEqual({
      read: expect.closeTo(0.5),
      write: 1,
    });
    expect(cachePricesOf(registry, 'no-such-model', { cacheWritePrice: 1 })).toEqual({ read: 0.1, write: 1 });
    expect(cachePricesOf(registry, 'no-such-model', { cacheWritePrice: 1.25 })).toEqual({
      read: 0.1,
      write: 1.25,
    });
  });

  it('are as many turns as there were, one at least and fifty at most', () => {
    expect([0, 1, 7, 400].map(expectedTurns)).toEqual([1, 1, 7, 50]);
  });
});
