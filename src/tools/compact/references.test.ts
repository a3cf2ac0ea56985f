import { describe, expect, it } from 'vitest';
import type { JsonObject, JsonValue } from '../../contract/index.ts';
import { createToolCompaction } from './tool-compaction.ts';

const countTokens = (text: string): number => Math.ceil(text.length / 4);
const compacted = (inputSchema: JsonObject): JsonObject => {
  const tool = { name: 'draw', description: 'Draws.', inputSchema };
  const compact = createToolCompaction({ countTokens }).compactTool(tool) as JsonObject;
  return compact['inputSchema'] as JsonObject;
};
const range = <T>(count: number, make: (i: number) => T): T[] =>
  Array.from({ length: count }, (_, i) => make(i));
const named = (values: readonly JsonValue[]): JsonObject =>
  Object.fromEntries(values.map((value, i) => [`d${i}`, value]));
const ref = (i: number): JsonObject => ({ $ref: `#/$defs/d${i}` });
const start = { type: 'object', properties: { a: ref(0) } };

const SHAPES: Readonly<Record<string, (n: number) => JsonObject>> = {
  'definitions that refer to each other': (n) => ({
    ...start,
    $defs: named(
      range(n, (i) => ({ type: 'object', properties: { x: ref((i * 7 + 1) % n), y: ref((i * 3 + 2) % n) } })),
    ),
  }),
  'a chain of definitions that are used once': (n) => ({
    ...start,
    $defs: named(range(n, (i) => ({ type: 'object', properties: i + 1 < n ? { x: ref(i + 1) } : {} }))),
  }),
  'a union of definitions': (n) => ({
    type: 'object',
    properties: { a: { anyOf: range(n, ref) } },
    $defs: named(range(n, (i) => ({ type: 'object', properties: { k: ref(0), l: ref((i * 5 + 3) % n) } }))),
  }),
  'a union of constants': (n) => ({
    type: 'object',
    properties: { a: { anyOf: range(n, (i) => ({ const: `v${i}` })) } },
  }),
  'what all of many definitions ask': (n) => ({
    type: 'object',
    properties: { a: { allOf: range(n, ref) } },
    $defs: named(
      range(n, (i) => ({
        type: 'object',
        required: [`p${i}`],
        properties: { [`p${i}`]: { type: 'string' } },
      })),
    ),
  }),
};

describe('a large schema', () => {
  it.each(Object.entries(SHAPES))('takes time in proportion to its length (INV-X6): %s', (_, make) => {
    const [small, large] = [make(1_000), make(8_000)];
    // The least of some runs, so that neither the first compilation nor another process on the machine counts.
    const least = (schema: JsonObject): number =>
      Math.min(
        ...range(3, () => {
          const before = performance.now();
          compacted(schema);
          return performance.now() - before;
        }),
      );
    // Eight times as long: about 8 where it is linear, 64 where it is quadratic; a busy machine makes it twice as much.
    expect(least(large) / least(small)).toBeLessThan(24);
  });

  it('keeps definitions apart where one in the other would be too deep, and what is compact stays so', () => {
    const once = compacted(SHAPES['a chain of definitions that are used once']?.(10_000) as JsonObject);
    const kept = Object.keys(once['$defs'] as JsonObject).length;
    expect(kept).toBeGreaterThan(10_000 / 25);
    expect(kept).toBeLessThan(10_000 / 15);
    expect(compacted(once)).toEqual(once);
  });

  it('says all that the members of a conjunction ask, once', () => {
    const list = ['one', '__proto__', 'two'].map(
      (name) =>
        JSON.parse(`{"required":["${name}","one"],"properties":{"${name}":{"type":"string"}}}`) as JsonObject,
    );
    const folded = compacted({ type: 'object', allOf: list });
    expect(JSON.stringify(folded)).toBe(
      '{"type":"object","required":["one","__proto__","two"],"properties":{"one":{"type":"string"},"__proto__":{"type":"string"},"two":{"type":"string"}}}',
    );
    // Nothing of what was given is changed.
    expect(list.map((member) => JSON.stringify(member)).join()).not.toContain('"one","__proto__"');
  });
});
