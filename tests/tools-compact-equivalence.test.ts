import { assert, integer, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject, JsonValue } from '../src/contract/index.ts';
import { createToolCompaction } from '../src/tools/index.ts';
import {
  mutate,
  parameterSchemas,
  randomOf,
  STRAY,
  sampleOf,
  toolSchemas,
} from './support/random-schemas.ts';
import { createValidators } from './support/validators.ts';

const countTokens = (text: string): number => text.length;
const DRAFTS = ['07', '2020-12'] as const;

function compactedSchema(schema: JsonObject, level: 'schema' | 'text' | 'lazy'): JsonObject {
  const compaction = createToolCompaction({ countTokens, level, maxDocTokens: 10 });
  const tool = compaction.compactTool({
    name: 'act',
    description: 'Acts.',
    input_schema: schema,
  }) as JsonObject;
  return tool['input_schema'] as JsonObject;
}

const SIMPLE: readonly JsonObject[] = [
  { type: 'string' },
  { type: 'integer' },
  { type: 'number' },
  { type: 'null' },
  { type: 'number', minimum: 2 },
  { type: 'string', enum: ['a', 'b'] },
  { type: ['string', 'null'], minLength: 2 },
  { const: 'a' },
  { enum: [1, 'a'], type: 'string' },
  { type: 'array', items: { type: 'string' } },
  { type: 'object', properties: { name: { type: 'string' } }, additionalProperties: false },
  { properties: { limit: { type: 'integer' } }, required: ['limit'] },
  { properties: { name: { const: 'a' } }, required: ['name'] },
  { minItems: 0, contains: { const: 1 } },
];
const BESIDE: readonly JsonObject[] = [
  {},
  { description: 'The part.', type: ['string', 'object', 'integer'] },
  { properties: { other: { type: 'integer' } }, required: ['name'] },
  { additionalProperties: { type: 'string' } },
];
const NEAR: readonly JsonValue[] = [
  { limit: 2 },
  { name: 'a', limit: 1.5 },
  { other: 'a' },
  { name: 'a', other: 1 },
  2.5,
  'c',
];

interface Seen {
  accepted: number;
  rejected: number;
  changed: number;
}

function compare(draft: (typeof DRAFTS)[number], seen: Seen) {
  const validatorOf = createValidators(draft);
  return (given: JsonObject, samples: readonly JsonValue[]): void => {
    const [schema, text] = [compactedSchema(given, 'schema'), compactedSchema(given, 'text')];
    const levels = JSON.stringify(schema) === JSON.stringify(text) ? [schema] : [schema, text];
    if (JSON.stringify(levels[0]) === JSON.stringify(given)) return;
    seen.changed += 1;
    const before = validatorOf(given);
    const after = levels.map((level) => validatorOf(level));
    for (const value of samples) {
      const expected = before(value);
      seen[expected ? 'accepted' : 'rejected'] += 1;
      for (const [at, validate] of after.entries()) {
        if (validate(value) === expected) continue;
        throw new Error(
          `${JSON.stringify(value)} is ${expected} before, not after: ${JSON.stringify(levels[at])}`,
        );
      }
    }
  };
}

function samplesOf(schema: JsonObject, seed: number): JsonValue[] {
  const random = randomOf(seed);
  return Array.from({ length: 12 }, () => sampleOf(schema, schema, random)).flatMap((value) => [
    value,
    mutate(value, random),
  ]);
}

/** Otherwise the property would hold for want of cases. */
function isEnough({ accepted, rejected, changed }: Seen): boolean {
  return Math.min(accepted, rejected) > 200 && changed > 40;
}

describe('INV-T3: a compacted schema accepts and rejects the same arguments', () => {
  it.each(DRAFTS)('under draft %s, for one parameter of any schema', (draft) => {
    const seen = { accepted: 0, rejected: 0, changed: 0 };
    const check = compare(draft, seen);
    assert(
      property(parameterSchemas, integer(), (part, seed) => {
        const given: JsonObject = { type: 'object', properties: { x: part }, required: ['x'] };
        const samples = [...STRAY, ...samplesOf(part, seed)];
        check(
          given,
          samples.map((x) => ({ x })),
        );
      }),
      { numRuns: 150 },
    );
    expect(isEnough(seen)).toBe(true);
  });

  it.each(DRAFTS)('under draft %s, for each two simple schemas in a union, beside a third', (draft) => {
    const seen = { accepted: 0, rejected: 0, changed: 0 };
    const check = compare(draft, seen);
    for (const key of ['anyOf', 'oneOf', 'allOf']) {
      for (const [at, one] of SIMPLE.entries()) {
        for (const other of SIMPLE.slice(at)) {
          for (const beside of BESIDE) {
            const part: JsonObject = { ...beside, [key]: [one, other] };
            check(
              { type: 'object', properties: { x: part }, required: ['x'] },
              [...STRAY, ...NEAR].map((x) => ({ x })),
            );
          }
        }
      }
    }
    expect(isEnough(seen)).toBe(true);
  });

  it.each(DRAFTS)('under draft %s, for whole schemas with definitions', (draft) => {
    const seen = { accepted: 0, rejected: 0, changed: 0 };
    const check = compare(draft, seen);
    assert(
      property(toolSchemas, integer(), (schema, seed) => {
        const given = draft === '07' ? schema : withoutDraft(schema);
        check(given, samplesOf(given, seed));
      }),
      { numRuns: 150 },
    );
    expect(isEnough(seen)).toBe(true);
  });
});

function withoutDraft({ $schema: _draft, ...schema }: JsonObject): JsonObject {
  return schema;
}

describe('whatever the schema', () => {
  it.each(['schema', 'text', 'lazy'] as const)(
    'level %s is idempotent, deterministic and never larger',
    (level) => {
      assert(
        property(toolSchemas, (schema) => {
          const tool: JsonValue = { name: 'act', description: 'The tool acts.', input_schema: schema };
          const [first, second] = [1, 2].map(() =>
            createToolCompaction({ countTokens, level, maxDocTokens: 10 }),
          );
          const once = first?.compact([tool]);
          const text = JSON.stringify(once?.tools);
          expect(JSON.stringify(second?.compact([tool]).tools)).toBe(text);
          expect(JSON.stringify(second?.compact(once?.tools ?? []).tools)).toBe(text);
          expect(once?.tokensAfter).toBeLessThanOrEqual(once?.tokensBefore ?? 0);
        }),
        { numRuns: 200 },
      );
    },
  );
});
