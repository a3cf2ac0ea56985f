import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Candidates, pack, tokensOf } from './pack.ts';

const item = fc.record({
  skip: fc.integer({ min: 0, max: 3 }),
  worth: fc.integer({ min: 0, max: 50 }),
  cost: fc.integer({ min: 1, max: 20 }),
});

function candidatesOf(items: readonly { skip: number; worth: number; cost: number }[]): Candidates {
  let line = -1;
  const lines = items.map(({ skip }) => (line += skip + 1));
  return {
    length: items.length,
    lines: Int32Array.from(lines),
    worth: Float64Array.from(items, ({ worth }) => worth),
    cost: Float64Array.from(items, ({ cost }) => cost),
  };
}

function worthOf({ worth }: Candidates, kept: Uint8Array): number {
  return worth.reduce((sum, value, i) => sum + (kept[i] === 1 ? value : 0), 0);
}

/** All choices tried. */
function bestWorth(candidates: Candidates, options: Parameters<typeof pack>[1]): number {
  let best = 0;
  for (let bits = 0; bits < 1 << candidates.length; bits++) {
    const kept = Uint8Array.from({ length: candidates.length }, (_, i) => (bits >> i) & 1);
    if (tokensOf(candidates, kept, options) > options.budget) continue;
    best = Math.max(best, worthOf(candidates, kept));
  }
  return best;
}

describe('pack', () => {
  it('never costs more than the budget, gaps included (INV-L1)', () => {
    fc.assert(
      fc.property(
        fc.array(item, { maxLength: 60 }),
        fc.integer({ min: 0, max: 400 }),
        fc.integer({ min: 0, max: 15 }),
        (items, budget, gapCost) => {
          const candidates = candidatesOf(items);
          const options = { budget, gapCost, lineCount: (candidates.lines.at(-1) ?? 0) + 1 };
          const { kept, tokens } = pack(candidates, options);
          expect(tokens).toBe(tokensOf(candidates, kept, options));
          expect(tokens <= budget || !kept.includes(1)).toBe(true);
        },
      ),
      { numRuns: 3000 },
    );
  });

  it('is worth nearly what the best of all choices is', () => {
    let ours = 0;
    let best = 0;
    fc.assert(
      fc.property(fc.array(item, { minLength: 4, maxLength: 11 }), (items) => {
        const candidates = candidatesOf(items);
        const options = { budget: 60, gapCost: 6, lineCount: (candidates.lines.at(-1) ?? 0) + 5 };
        ours += worthOf(candidates, pack(candidates, options).kept);
        best += bestWorth(candidates, options);
      }),
      { numRuns: 200, seed: 7 },
    );
    expect(ours / best).toBeGreaterThan(0.95);
  });

  it('keeps everything when there is room', () => {
    const candidates = candidatesOf(Array.from({ length: 20 }, () => ({ skip: 0, worth: 1, cost: 5 })));
    const { kept, tokens } = pack(candidates, { budget: 100, gapCost: 9, lineCount: 20 });
    expect(kept.every((value) => value === 1)).toBe(true);
    expect(tokens).toBe(100);
  });

  it('rather keeps a cheap worthless line than pays for the mark of a gap', () => {
    const candidates = candidatesOf([
      { skip: 0, worth: 50, cost: 10 },
      { skip: 0, worth: 0, cost: 1 },
      { skip: 0, worth: 50, cost: 10 },
    ]);
    const { kept } = pack(candidates, { budget: 25, gapCost: 12, lineCount: 3 });
    expect(Array.from(kept)).toEqual([1, 1, 1]);
  });
});
