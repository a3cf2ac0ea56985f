import * as fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import type { VectorIndex } from '../../contract/index.ts';
import { unitVector } from '../fixtures/unit-vector.ts';

/** How the suite gets at indexes. */
export interface VectorIndexSubject {
  /** A new, empty index. */
  create(dimensions: number): VectorIndex;
  /**
   * True for an index that may miss vectors which are not near: what it finds is checked, and not that it finds
   * all. @default false
   */
  readonly isApproximate?: boolean;
  /** How far a similarity may be from the exact cosine, from 64 dimensions on. @default 0.005 */
  readonly precision?: number;
}

const D = 64;
const DIMENSIONS = [64, 100, 256, 384, 768, 1536];

const unit = (seed: number, dimensions = D) => unitVector(seed, dimensions);

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number);
  return sum;
}

function cosine(a: Float32Array, b: Float32Array): number {
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
}

function ids(index: VectorIndex, scope: string, vector: Float32Array, limit = 10): number[] {
  return index.nearest(scope, vector, limit).map(({ id }) => id);
}

/** Registers the tests that every `VectorIndex` has to pass. */
export function describeVectorIndex(name: string, subject: VectorIndexSubject): void {
  describe(`${name} as a vector index`, () => {
    describeUse(subject);
    describeSimilarity(subject);
    describeReference(subject);
  });
}

function describeUse(subject: VectorIndexSubject): void {
  let index: VectorIndex;
  beforeEach(() => {
    index = subject.create(D);
  });

  it('finds nothing while it is empty, in a scope that it does not know, or with no limit', () => {
    expect(index.nearest('a', unit(1), 5)).toEqual([]);
    index.put(1, 'a', unit(1));
    expect(index.nearest('b', unit(1), 5)).toEqual([]);
    for (const limit of [0, -1, Number.NaN]) expect(index.nearest('a', unit(1), limit)).toEqual([]);
    expect([index.dimensions, index.size]).toEqual([D, 1]);
  });

  it('never finds a vector of another scope, be it the same vector (INV-C1)', () => {
    index.put(1, 'a', unit(1));
    index.put(2, 'b', unit(1));
    index.put(3, '', unit(1));
    expect(ids(index, 'a', unit(1))).toEqual([1]);
    expect(ids(index, 'b', unit(1))).toEqual([2]);
    expect(ids(index, '', unit(1))).toEqual([3]);
  });

  it('replaces a vector, within its scope and into another', () => {
    index.put(7, 'a', unit(1));
    index.put(7, 'a', unit(2));
    expect(index.nearest('a', unit(2), 5)[0]?.similarity).toBeCloseTo(1, 3);
    index.put(7, 'b', unit(3));
    expect(index.nearest('a', unit(2), 5)).toEqual([]);
    expect(index.nearest('b', unit(3), 5)[0]?.similarity).toBeCloseTo(1, 3);
    expect(index.size).toBe(1);
  });

  it('deletes once, and leaves the others', () => {
    for (let id = 0; id < 50; id++) index.put(id, id % 2 === 0 ? 'a' : 'b', unit(id));
    for (let id = 0; id < 50; id += 3) expect(index.delete(id)).toBe(true);
    expect([index.delete(0), index.delete(99)]).toEqual([false, false]);
    for (let id = 0; id < 50; id++) {
      const [found] = ids(index, id % 2 === 0 ? 'a' : 'b', unit(id), 1);
      expect(found === id).toBe(id % 3 !== 0);
    }
    expect(index.size).toBe(50 - 17);
  });

  it('is empty after it was cleared, and usable', () => {
    for (let id = 0; id < 20; id++) index.put(id, 'a', unit(id));
    index.clear();
    expect([index.size, ids(index, 'a', unit(1))]).toEqual([0, []]);
    expect(index.delete(1)).toBe(false);
    index.put(1, 'b', unit(1));
    expect(ids(index, 'b', unit(1))).toEqual([1]);
  });

  it('gives the nearest first, equal ones in the order of ids, and no more than asked for', () => {
    const large = 2 ** 53 - 1;
    for (const id of [large, 3, 0, 2 ** 40]) index.put(id, 'a', unit(1));
    index.put(9, 'a', unit(2));
    expect(ids(index, 'a', unit(1), 2)).toEqual([0, 3]);
    expect(ids(index, 'a', unit(1), 9)).toEqual([0, 3, 2 ** 40, large, 9]);
    expect(ids(index, 'a', unit(2), 1)).toEqual([9]);
  });

  it('takes the zero vector, counts it, and never finds it, nor anything for it', () => {
    const zero = new Float32Array(D);
    index.put(1, 'a', zero);
    index.put(2, 'a', unit(2));
    expect([index.size, ids(index, 'a', unit(1)), ids(index, 'a', zero)]).toEqual([2, [2], []]);
    index.put(2, 'a', zero);
    expect([index.size, ids(index, 'a', unit(2))]).toEqual([2, []]);
    index.put(1, 'a', unit(1));
    expect([index.size, ids(index, 'a', unit(1))]).toEqual([2, [1]]);
    expect([index.delete(2), index.delete(2), index.size]).toEqual([true, false, 1]);
  });

  it.each([
    ['NaN', unit(1).fill(Number.NaN, 5, 6)],
    ['an infinite number', unit(1).fill(Number.NEGATIVE_INFINITY, D - 1)],
    ['too few numbers', unit(1, D - 1)],
    ['too many numbers', unit(1, D + 1)],
    ['no numbers', new Float32Array(0)],
  ])('refuses a vector with %s, and stays as it was', (_, vector) => {
    index.put(1, 'a', unit(1));
    const invalid = expect.objectContaining({ code: 'vector_invalid' });
    expect(() => index.put(1, 'b', vector)).toThrow(invalid);
    expect(() => index.nearest('a', vector, 1)).toThrow(invalid);
    expect([index.size, ids(index, 'a', unit(1)), ids(index, 'b', unit(1))]).toEqual([1, [1], []]);
  });

  it.each([-1, 0.5, 2 ** 53, Number.NaN])('refuses the id %d', (id) => {
    expect(() => index.put(id, 'a', unit(1))).toThrow(expect.objectContaining({ code: 'vector_invalid' }));
    expect(index.size).toBe(0);
  });

  it('takes many scopes that come and go, and no more memory for it (INV-S4)', () => {
    for (let i = 0; i < 2_000; i++) index.put(i, `scope ${i}`, unit(i % 50));
    const { bytes } = index;
    expect(bytes / 2_000).toBeLessThan(2_000);
    for (let round = 0; round < 5; round++) {
      for (let i = 0; i < 2_000; i++) index.put(i, `scope ${i} of ${round}`, unit(i % 50));
    }
    expect(index.bytes).toBeLessThan(bytes * 1.1);
    for (let i = 0; i < 2_000; i += 100) {
      expect(ids(index, `scope ${i} of 4`, unit(i % 50))).toEqual([i]);
      expect(ids(index, `scope ${i} of 3`, unit(i % 50))).toEqual([]);
    }
  });
}

function describeSimilarity(subject: VectorIndexSubject): void {
  it.each(DIMENSIONS)(
    'says 1 of the same vector and -1 of its opposite, with %d dimensions (INV-C9)',
    (d) => {
      const index = subject.create(d);
      for (let seed = 0; seed < 20; seed++) {
        const vector = unit(seed, d);
        const opposite = vector.map((value) => -value);
        index.put(1, 's', vector);
        expect(index.nearest('s', vector, 1)[0]?.similarity).toBeGreaterThan(0.9999);
        expect(index.nearest('s', vector, 1)[0]?.similarity).toBeLessThanOrEqual(1);
        expect(index.nearest('s', opposite, 1)[0]?.similarity).toBeLessThan(-0.9999);
        expect(index.nearest('s', opposite, 1)[0]?.similarity).toBeGreaterThanOrEqual(-1);
      }
    },
  );

  it.each(DIMENSIONS)('is near the exact cosine, with %d dimensions, also where numbers stand out', (d) => {
    const precision = subject.precision ?? 0.005;
    const index = subject.create(d);
    const peaks = fc.array(fc.tuple(fc.nat(d - 1), fc.double({ min: -20, max: 20, noNaN: true })), {
      maxLength: 5,
    });
    fc.assert(
      fc.property(fc.nat(), fc.nat(), peaks, (one, two, high) => {
        const [a, b] = [unit(one, d), unit(two, d)];
        for (const [at, value] of high) a[at] = value;
        // Near the first one, as that is what is looked for.
        const c = a.map((value, i) => value + (b[i] as number) * 0.7);
        index.put(1, 's', b);
        index.put(2, 's', c);
        for (const { id, similarity } of index.nearest('s', a, 2)) {
          expect(Math.abs(similarity - cosine(a, id === 1 ? b : c))).toBeLessThan(precision);
        }
      }),
      { numRuns: 40 },
    );
  });

  it('compares directions, whatever the lengths', () => {
    const index = subject.create(D);
    index.put(
      1,
      's',
      unit(1).map((value) => value * 1e-30),
    );
    index.put(
      2,
      's',
      unit(2).map((value) => value * 1e30),
    );
    for (const length of [1e-35, 1, 1e35]) {
      const asked = unit(2).map((value) => value * length);
      const [first, second] = index.nearest('s', asked, 2);
      expect(first?.id).toBe(2);
      expect(first?.similarity).toBeCloseTo(1, 3);
      expect(second?.similarity).toBeCloseTo(cosine(unit(1), unit(2)), 2);
    }
  });
}

type Step =
  | { readonly kind: 'put'; readonly id: number; readonly scope: string; readonly seed: number }
  | { readonly kind: 'delete'; readonly id: number }
  | { readonly kind: 'clear' };

const anyId = fc.oneof(fc.nat(40), fc.constantFrom(2 ** 32, 2 ** 32 + 1, 2 ** 52 + 3, 2 ** 53 - 1));
const anyScope = fc.constantFrom('a', 'b', 'c', '', 'toString');
const anyStep: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({ kind: fc.constant('put'), id: anyId, scope: anyScope, seed: fc.nat(30) }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('delete'), id: anyId }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('clear') }) },
);

/** What an index is asked to keep, plainly kept. */
class Kept {
  readonly vectors = new Map<number, { readonly scope: string; readonly vector: Float32Array }>();
  get size(): number {
    return this.vectors.size;
  }
  put(id: number, scope: string, vector: Float32Array): void {
    this.vectors.set(id, { scope, vector });
  }
  delete(id: number): boolean {
    return this.vectors.delete(id);
  }
  clear(): void {
    this.vectors.clear();
  }
}

/** Returns what the step answers. */
function take(step: Step, index: Pick<VectorIndex, 'put' | 'delete' | 'clear'>): unknown {
  if (step.kind === 'put') return index.put(step.id, step.scope, unit(step.seed));
  return step.kind === 'delete' ? index.delete(step.id) : index.clear();
}

function describeReference(subject: VectorIndexSubject): void {
  const { isApproximate = false, precision = 0.005 } = subject;
  it('finds what a plain search over floats finds, in its scope and nowhere else (INV-C1)', () => {
    const steps = fc.array(anyStep, { maxLength: 150, size: 'max' });
    fc.assert(
      fc.property(steps, fc.nat(30), fc.integer({ min: 1, max: 60 }), (all, asked, limit) => {
        const index = subject.create(D);
        const kept = new Kept();
        for (const step of all) {
          expect(take(step, index)).toBe(take(step, kept));
        }
        expect(index.size).toBe(kept.size);
        const question = unit(asked);
        for (const scope of ['a', 'b', 'c', '', 'toString', 'd']) {
          const found = index.nearest(scope, question, limit);
          const exact = [...kept.vectors]
            .filter(([, one]) => one.scope === scope)
            .map(([id, { vector }]) => ({ id, similarity: cosine(question, vector) }))
            .sort((a, b) => b.similarity - a.similarity || a.id - b.id);
          const byId = new Map(exact.map((match) => [match.id, match.similarity]));
          for (const { id, similarity } of found) {
            expect(Math.abs(similarity - (byId.get(id) ?? Number.NaN))).toBeLessThan(precision);
          }
          expect(new Set(found.map(({ id }) => id)).size).toBe(found.length);
          expect(found.toSorted((a, b) => b.similarity - a.similarity || a.id - b.id)).toEqual(found);
          if (isApproximate) continue;
          expect(found).toHaveLength(Math.min(limit, exact.length));
          // Where two are equally near but for the precision, either may come first.
          for (const [i, { similarity }] of found.entries()) {
            expect(Math.abs(similarity - (exact[i]?.similarity ?? Number.NaN))).toBeLessThan(precision);
          }
        }
      }),
      { numRuns: 150 },
    );
  });
}
