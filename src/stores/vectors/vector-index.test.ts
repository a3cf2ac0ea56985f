import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { VectorIndex } from '../../contract/index.ts';
import { describeVectorIndex } from '../../testing/conformance/vector-index.ts';
import { seededNumbers, unitVector } from '../../testing/fixtures/unit-vector.ts';
import { IdTable } from './id-table.ts';
import { KERNEL_SOURCE } from './kernel.gen.ts';
import { SlotBlocks } from './slot-blocks.ts';
import { createVectorIndex } from './vector-index.ts';

describeVectorIndex('The index in memory', { create: (dimensions) => createVectorIndex({ dimensions }) });
describeVectorIndex('The index in memory by codes', {
  create: (dimensions) => createVectorIndex({ dimensions, exactUpTo: 0 }),
});

const D = 32;
const isFull = expect.objectContaining({ code: 'vector_index_full' });

/** Puts vectors with ids from `first` on until there is no more memory; returns how many there was room for. */
function fill(index: VectorIndex, scopeOf: (id: number) => string, first = 0): number {
  let id = first;
  expect(() => {
    for (;;) {
      index.put(id, scopeOf(id), unitVector(id, D));
      id++;
    }
  }).toThrow(isFull);
  return id - first;
}

describe('the vector index', () => {
  it('is what kernel.as compiles to', () => {
    const source = readFileSync(new URL('./kernel.as', import.meta.url));
    expect(KERNEL_SOURCE).toBe(createHash('sha256').update(source).digest('hex'));
  });

  it.each([0, 1.5, -3, 4097, Number.NaN])('cannot be made for vectors of %d numbers', (dimensions) => {
    expect(() => createVectorIndex({ dimensions })).toThrow(
      expect.objectContaining({ code: 'vector_invalid' }),
    );
  });

  it.each([1, 2, 3, 5, 4096])('works with %d dimensions', (dimensions) => {
    const index = createVectorIndex({ dimensions });
    const vector = unitVector(3, dimensions);
    index.put(1, 's', vector);
    index.put(
      2,
      's',
      vector.map((value) => -value),
    );
    const found = index.nearest('s', vector, 2);
    expect(found.map(({ id }) => id)).toEqual([1, 2]);
    expect(found[0]?.similarity).toBeCloseTo(1, 3);
    expect(found[1]?.similarity).toBeCloseTo(-1, 3);
  });

  it('bears the largest vectors that its bytes can hold', () => {
    // All numbers of the turned vector are equally large: no sum may pass its 32 bits.
    const index = createVectorIndex({ dimensions: 4096 });
    const peak = new Float32Array(4096);
    peak[77] = 1;
    index.put(1, 's', peak);
    expect(index.nearest('s', peak, 1)[0]?.similarity).toBeGreaterThan(0.9999);
  });

  it('stays usable when there is no more memory, and says so', () => {
    const index = createVectorIndex({ dimensions: D, maxBytes: 400_000 });
    const inOne = fill(index, () => 'a');
    expect(inOne).toBeGreaterThan(2_000);
    // A block of many slots may be missing where there is one of few.
    const count = inOne + fill(index, (id) => `scope ${id}`, inOne);
    expect(index.bytes).toBeLessThan(700_000);
    const nearest = (scope: string, seed: number) => index.nearest(scope, unitVector(seed, D), 1)[0]?.id;
    expect([index.size, nearest('a', 5)]).toEqual([count, 5]);
    // A vector whose new scope has no room keeps its old place.
    expect(() => index.put(5, 'b', unitVector(6, D))).toThrow(isFull);
    expect([index.size, nearest('a', 5), nearest('b', 6)]).toEqual([count, 5, undefined]);
    index.put(5, 'a', unitVector(1_000_000, D));
    expect(nearest('a', 1_000_000)).toBe(5);
    for (let id = 0; id < count; id++) expect(index.delete(id)).toBe(true);
    for (let id = 0; id < 500; id++) index.put(id, `scope ${id}`, unitVector(id, D));
    for (let id = 0; id < 500; id++) index.delete(id);
    expect(fill(index, () => 'c')).toBe(inOne);
    index.clear();
    expect(fill(index, () => 'd')).toBe(inOne);
  });

  it('finds the nearest by codes as by looking at all, and nothing of other scopes (INV-C1)', () => {
    const options = { dimensions: 128 };
    const [exact, coded] = [createVectorIndex(options), createVectorIndex({ ...options, exactUpTo: 1_000 })];
    const random = seededNumbers(1);
    const near = (seed: number, noise: number) =>
      unitVector(seed, 128).map((value) => value + (random() - 0.5) * noise);
    // More than are looked at after their codes were, in 400 groups as texts come in them.
    for (let id = 0; id < 12_000; id++) {
      const vector = near(id % 400, 0.2);
      for (const index of [exact, coded]) index.put(id, id % 3 === 0 ? 'b' : 'a', vector);
    }
    let same = 0;
    for (let i = 0; i < 300; i++) {
      const question = near(i, 0.2);
      const found = coded.nearest('a', question, 5);
      expect(found.every(({ id }) => id % 3 !== 0)).toBe(true);
      if (found[0]?.id === exact.nearest('a', question, 1)[0]?.id) same++;
    }
    expect(same).toBeGreaterThanOrEqual(297);
  });
});

describe('IdTable', () => {
  it('answers as a Map does', () => {
    const anyId = fc.oneof(
      fc.nat(30),
      fc.nat(30).map((n) => n * 2 ** 32),
      fc.maxSafeNat(),
    );
    const steps = fc.array(fc.tuple(fc.constantFrom('add', 'delete', 'move'), anyId), {
      maxLength: 400,
      size: 'max',
    });
    fc.assert(
      fc.property(steps, (all) => {
        const idOf: number[] = [];
        const table = new IdTable((slot) => idOf[slot] as number);
        const map = new Map<number, number>();
        for (const [kind, id] of all) {
          const slot = map.get(id);
          if (kind === 'add' && slot === undefined) {
            map.set(id, idOf.push(id) - 1);
            table.add(id, idOf.length - 1);
          } else if (kind === 'move' && slot !== undefined) {
            map.set(id, idOf.push(id) - 1);
            table.move(id, idOf.length - 1);
          } else if (kind === 'delete' && slot !== undefined) {
            table.delete(id);
            map.delete(id);
            idOf[slot] = Number.NaN;
          }
        }
        expect(table.size).toBe(map.size);
        for (const [, id] of all) expect(table.get(id)).toBe(map.get(id) ?? -1);
      }),
    );
  });
});

describe('SlotBlocks', () => {
  it('never hands out a slot twice, and has whole pages again when all came back', () => {
    const steps = fc.array(fc.oneof(fc.nat(5), fc.constant(-1)), { maxLength: 300, size: 'max' });
    fc.assert(
      fc.property(steps, fc.infiniteStream(fc.nat()), (all, picks) => {
        let pages = 0;
        const blocks = new SlotBlocks({ maxOrder: 5, addPage: () => pages < 8 && ++pages > 0 });
        const taken: [start: number, order: number][] = [];
        const used = new Set<number>();
        const slotsOf = ([start, order]: [number, number]) =>
          Array.from({ length: 2 ** order }, (_, i) => start + i);
        for (const step of all) {
          if (step < 0) {
            const [given] = taken.splice(picks.next().value % (taken.length || 1), 1);
            if (given === undefined) continue;
            for (const slot of slotsOf(given)) used.delete(slot);
            blocks.give(...given);
            continue;
          }
          const start = blocks.take(step);
          if (start === undefined) continue;
          expect(start % 2 ** step).toBe(0);
          for (const slot of slotsOf([start, step])) {
            expect(used.has(slot)).toBe(false);
            expect(slot).toBeLessThan(pages * 32);
            used.add(slot);
          }
          taken.push([start, step]);
        }
        for (const block of taken) blocks.give(...block);
        const whole = Array.from({ length: 8 }, () => blocks.take(5));
        expect(new Set(whole).size).toBe(8);
        expect(blocks.take(0)).toBeUndefined();
      }),
    );
  });
});
