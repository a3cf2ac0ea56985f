import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { array, assert, double, integer, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { groupsOf } from './groups.ts';
import { KERNEL_SOURCE } from './kernel.gen.ts';
import { Products } from './products.ts';

const dot = (a: Float32Array, b: Float32Array): number =>
  a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);
const unit = (values: readonly number[]): Float32Array => {
  const vector = Float32Array.from(values);
  const length = Math.hypot(...vector) || 1;
  return vector.map((value) => value / length);
};

describe('products', () => {
  it('are those of plain arithmetic, for any number of rows and dimensions', () => {
    assert(
      property(
        integer({ min: 1, max: 70 }),
        integer({ min: 0, max: 9 }),
        integer(),
        (dimensions, count, seed) => {
          let state = seed >>> 0;
          const next = (): number => {
            state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
            return state / 2 ** 31 - 1;
          };
          const vector = (): Float32Array => unit(Array.from({ length: dimensions }, next));
          const rows = Array.from({ length: count }, vector);
          const query = vector();
          const products = new Products(rows, dimensions).of(query);
          expect(products).toHaveLength(count);
          for (const [i, row] of rows.entries()) expect(products[i]).toBeCloseTo(dot(row, query), 1.6);
        },
      ),
    );
  });

  it('keep to a 0.01 for unit vectors, and know the zero vector', () => {
    assert(
      property(
        array(double({ min: -1, max: 1, noNaN: true }), { minLength: 64, maxLength: 64 }),
        (values) => {
          const row = unit(values);
          const products = new Products([row, new Float32Array(64)], 64);
          const [own, zero] = products.of(row);
          expect(Math.abs((own ?? 0) - dot(row, row))).toBeLessThan(0.01);
          expect(zero).toBe(0);
          expect([...products.of(new Float32Array(64))]).toEqual([0, 0]);
        },
      ),
    );
  });
});

describe('the kernel', () => {
  it('is the one of its source', () => {
    const source = readFileSync(new URL('kernel.as', import.meta.url));
    expect(KERNEL_SOURCE).toBe(createHash('sha256').update(source).digest('hex'));
  });
});

describe('groups', () => {
  const tool = (name: string, server: string, ...vector: number[]) => ({
    name,
    server,
    parameterNames: '',
    vector: unit(vector),
  });

  it('are the servers where they are given, wherever their tools stand', () => {
    const groups = groupsOf([tool('a', 'x', 1, 0), tool('b', 'y', 1, 0), tool('c', 'x', 0, 1)]);
    expect(groups[0]).toEqual([0, 2]);
    expect(groups[1]).toEqual([1]);
    expect(groups[2]).toBe(groups[0]);
  });

  it('are runs of tools that are alike where no server is given', () => {
    const groups = groupsOf([
      tool('map_find', '', 1, 0),
      tool('map_route', '', 1, 0.1),
      tool('sendMail', '', 0, 1),
      tool('readMail', '', 0.1, 1),
    ]);
    expect(groups).toEqual([
      [0, 1],
      [0, 1],
      [2, 3],
      [2, 3],
    ]);
  });
});
