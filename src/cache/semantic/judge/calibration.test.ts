import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { coldLimit } from './calibration.ts';

const MODELS = [
  'pare-static',
  'all-MiniLM-L6-v2',
  'sentence-transformers/all-MiniLM-L6-v2',
  'text-embedding-3-small',
  '',
];

describe('coldLimit', () => {
  it('never falls as the tolerated rate falls (INV-C9)', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...MODELS),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (model, x, y) => {
          expect(coldLimit(Math.min(x, y), model)).toBeGreaterThanOrEqual(coldLimit(Math.max(x, y), model));
        },
      ),
    );
  });

  it('serves the same texts alone at a rate of 0, and no less than the lax limit at 1 (INV-C9)', () => {
    for (const model of MODELS) {
      expect(coldLimit(0, model)).toBe(1);
      expect(coldLimit(-1, model)).toBe(1);
      expect(coldLimit(Number.NaN, model)).toBe(1);
      expect(coldLimit(1, model)).toBe(coldLimit(0.1, model));
      expect(coldLimit(1, model)).toBeGreaterThanOrEqual(0.5);
    }
  });

  it('steps nowhere between the rates that were measured', () => {
    for (const model of MODELS) {
      for (const rate of [0.005, 0.01, 0.02, 0.05, 0.1]) {
        expect(coldLimit(rate + 1e-9, model)).toBeCloseTo(coldLimit(rate - 1e-9, model), 6);
      }
    }
  });

  it('is the most careful for an embedder that was never measured', () => {
    for (const rate of [0.005, 0.01, 0.02, 0.05, 0.1]) {
      for (const known of ['pare-static', 'all-MiniLM-L6-v2']) {
        expect(coldLimit(rate, 'another')).toBeGreaterThanOrEqual(coldLimit(rate, known));
      }
    }
    expect(coldLimit(0.01, 'sentence-transformers/all-MiniLM-L6-v2')).toBe(
      coldLimit(0.01, 'all-MiniLM-L6-v2'),
    );
  });
});
