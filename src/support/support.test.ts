import { describe, expect, it } from 'vitest';
import { isPareError } from '../contract/index.ts';
import { BoundedMap, createIdSource, nearest, sha256Hex, throwIfAborted } from './index.ts';

describe('BoundedMap', () => {
  it('forgets the least recently used entry and nothing else (INV-S4)', () => {
    const map = new BoundedMap<string, number>(2);
    map.set('a', 1);
    map.set('b', 2);
    map.get('a');
    map.set('c', 3);
    expect([map.get('a'), map.get('b'), map.get('c'), map.size]).toEqual([1, undefined, 3, 2]);
  });

  it.each([0, -1, 1.5])('refuses a bound of %s', (bound) => {
    expect(() => new BoundedMap(bound)).toThrow(RangeError);
  });
});

describe('createIdSource', () => {
  it('makes distinct ids that sort by time', () => {
    let now = 1_700_000_000_000;
    const next = createIdSource(() => now++);
    const ids = Array.from({ length: 5000 }, next);
    expect(new Set(ids).size).toBe(5000);
    expect(ids.toSorted()).toEqual(ids);
  });
});

it('hashes text and the same bytes alike', () => {
  expect(sha256Hex('é')).toBe(sha256Hex(new TextEncoder().encode('é')));
});

it('throws the aborted error of Pare once the signal fired', () => {
  expect(() => throwIfAborted(undefined)).not.toThrow();
  expect(() => throwIfAborted(AbortSignal.abort())).toThrowError(
    expect.toSatisfy((error: unknown) => isPareError(error, 'aborted')),
  );
});

describe('nearest', () => {
  it('finds the word that was meant', () => {
    expect(nearest('reprot', ['report', 'rankings', 'serve'])).toBe('report');
  });
  it('suggests nothing when nothing is near', () => {
    expect(nearest('xyzzy', ['report', 'serve'])).toBeUndefined();
    expect(nearest('a', [])).toBeUndefined();
  });
});
