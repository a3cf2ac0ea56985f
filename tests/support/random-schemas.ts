import {
  type Arbitrary,
  array,
  boolean,
  constant,
  constantFrom,
  dictionary,
  integer,
  letrec,
  oneof,
  option,
  record,
  tuple,
  uniqueArray,
} from 'fast-check';
import type { JsonObject, JsonValue } from '../../src/contract/index.ts';

const NAMES = [
  'name',
  'limit',
  'user_id',
  'start',
  'end',
  'mode',
  'filters',
  'tags',
  'note',
  '__proto__x',
  'constructor',
];
const TEXTS = [
  'The name of the user.',
  'Must be between 1 and 5.',
  'As well as the others, one of "a" or "b". This helps users.',
  'Date in the format YYYY-MM-DD, for example "2024-01-01". It is never empty.',
  '',
];
const name = constantFrom(...NAMES);
const primitive: Arbitrary<JsonValue> = oneof(
  constantFrom<JsonValue>('a', 'b', 'c', '', 'x@y.org', 'abc', null, true, false),
  integer({ min: -3, max: 12 }),
  constantFrom(0.5, 1.5),
);
const annotations: Arbitrary<JsonObject> = record(
  {
    title: constantFrom('Name', 'The Limit', 'Something else'),
    description: constantFrom(...TEXTS),
    default: primitive,
    examples: array(primitive, { maxLength: 2 }),
    $comment: constant('internal'),
    deprecated: boolean(),
  },
  { requiredKeys: [] },
);
const small = integer({ min: 0, max: 3 });

/** Schemas with every keyword that the compaction knows; references lead to `$defs` of the root. */
const { schema } = letrec<{ schema: JsonObject; core: JsonObject }>((tie) => {
  const inner = tie('schema');
  const part = oneof({ arbitrary: inner, weight: 9 }, { arbitrary: boolean(), weight: 1 });
  const optional = <T>(shape: { [K in keyof T]: Arbitrary<T[K]> }) => record(shape, { requiredKeys: [] });
  const text = tuple(
    constant({ type: 'string' }),
    optional({
      minLength: small,
      maxLength: small,
      pattern: constantFrom('^a', 'b$'),
      format: constant('email'),
    }),
  );
  const number = tuple(
    record({ type: constantFrom('number', 'integer') }),
    optional({
      minimum: small,
      maximum: integer({ min: 3, max: 9 }),
      multipleOf: constantFrom(1, 2),
      exclusiveMinimum: small,
    }),
  );
  const list = tuple(
    constant({ type: 'array' }),
    optional({ items: part, minItems: small, maxItems: small, uniqueItems: boolean(), contains: inner }),
  );
  const object = tuple(
    oneof(constant({ type: 'object' }), constant({})),
    optional({
      properties: dictionary(name, part, { maxKeys: 3 }),
      required: uniqueArray(name, { maxLength: 2 }),
      additionalProperties: part,
      patternProperties: dictionary(constantFrom('^n', 'e$'), part, { maxKeys: 1 }),
      minProperties: small,
      propertyNames: constant({ maxLength: 8 }),
    }),
  );
  const members = array(part, { minLength: 1, maxLength: 3 });
  const values = oneof(
    record({ const: primitive }),
    record({ enum: uniqueArray(primitive, { minLength: 1, maxLength: 3, comparator: 'SameValueZero' }) }),
    record({ type: constantFrom('string', 'integer', 'boolean'), enum: constant(['a', 1, null]) }),
    record({ type: constant('string'), const: constantFrom('a', 'b') }),
  );
  const types = oneof(
    record({ type: constantFrom('string', 'number', 'integer', 'boolean', 'null', 'object', 'array') }),
    record({ type: uniqueArray(constantFrom('string', 'integer', 'null'), { minLength: 1, maxLength: 3 }) }),
    record({ type: constantFrom('string', 'integer'), nullable: constant(true) }),
  );
  const nullable = tuple(inner, constantFrom('anyOf', 'oneOf')).map(([own, key]) => ({
    [key]: [own, { type: 'null' }],
  }));
  const choice = tuple(constantFrom('anyOf', 'oneOf', 'allOf'), members).map(([key, list]) => ({
    [key]: list,
  }));
  const consts = tuple(constantFrom('anyOf', 'oneOf'), array(values, { minLength: 1, maxLength: 3 })).map(
    ([key, list]) => ({ [key]: list }),
  );
  const doubled = tuple(constantFrom('anyOf', 'oneOf', 'allOf'), inner).map(([key, own]) => ({
    [key]: [own, own],
  }));
  const ref = record({ $ref: constantFrom('#/$defs/A', '#/$defs/B', '#/$defs/C') });
  const simple = oneof(
    types,
    values,
    record({ type: constantFrom('string', 'number', 'integer', 'null', 'boolean') }),
    record({ type: constant('string'), minLength: small }),
    record({ type: constant('number'), minimum: small }),
    record({
      type: constant('array'),
      minItems: small,
      items: record({ type: constantFrom('string', 'integer') }),
    }),
    record({
      type: constant('object'),
      properties: record({ name: record({ type: constantFrom('string', 'integer') }) }),
    }),
    record({
      properties: record({ limit: record({ const: constantFrom(1, 'a') }) }),
      required: constant(['limit']),
    }),
    record({ properties: constant({}), additionalProperties: constantFrom(false, { type: 'string' }) }),
    record({ type: constantFrom('object', 'array'), contains: record({ type: constant('string') }) }),
  ) as Arbitrary<object>;
  const union = tuple(
    constantFrom('anyOf', 'oneOf', 'allOf'),
    array(simple, { minLength: 1, maxLength: 3 }),
    option(simple, { nil: {} }),
  ).map(([key, list, beside]) => ({ ...beside, [key]: list }));
  const merged = (pairs: Arbitrary<readonly object[]>) =>
    pairs.map((list) => Object.assign({}, ...list) as JsonObject);
  return {
    core: oneof(
      { depthSize: 'small', withCrossShrink: true, maxDepth: 3 },
      types as Arbitrary<JsonObject>,
      values as Arbitrary<JsonObject>,
      merged(text),
      merged(number),
      ref as Arbitrary<JsonObject>,
      merged(list as Arbitrary<readonly object[]>),
      merged(object as Arbitrary<readonly object[]>),
      nullable as Arbitrary<JsonObject>,
      choice as Arbitrary<JsonObject>,
      { arbitrary: union as Arbitrary<JsonObject>, weight: 4 },
      consts as Arbitrary<JsonObject>,
      doubled as Arbitrary<JsonObject>,
      merged(tuple(choice, types, text) as Arbitrary<readonly object[]>),
      merged(tuple(choice, object) as unknown as Arbitrary<readonly object[]>),
      record({ not: inner }) as Arbitrary<JsonObject>,
      tuple(inner, inner, inner).map((parts) =>
        Object.fromEntries(['if', 'then', 'else'].map((key, i) => [key, parts[i]])),
      ) as Arbitrary<JsonObject>,
    ),
    schema: tuple(tie('core'), option(annotations, { nil: {} })).map(([core, notes]) => ({
      ...core,
      ...notes,
    })),
  };
});

/** Schemas of one parameter, without references. */
export const parameterSchemas: Arbitrary<JsonObject> = schema.filter(
  (part) => !JSON.stringify(part).includes('$ref'),
);

/** A tool's whole schema: an object with properties, and definitions of which some are recursive. */
export const toolSchemas: Arbitrary<JsonObject> = tuple(
  dictionary(name, schema, { minKeys: 1, maxKeys: 4 }),
  uniqueArray(name, { maxLength: 3 }),
  tuple(schema, schema, schema),
  record(
    {
      additionalProperties: boolean(),
      $schema: constant('http://json-schema.org/draft-07/schema#'),
      title: constant('Args'),
    },
    { requiredKeys: [] },
  ),
).map(([properties, required, [A, B, C], rest]) => {
  const plain = { type: 'object', properties, required, ...rest } as JsonObject;
  return JSON.stringify(plain).includes('#/$defs/') || JSON.stringify([A, B, C]).includes('#/$defs/')
    ? { ...plain, $defs: { A: guarded(A), B: guarded(B), C: guarded(C) } }
    : plain;
});

/** Recursion must pass through a property, or validators never end. */
function guarded(schema: JsonObject): JsonObject {
  return JSON.stringify(schema).includes('"$ref"')
    ? { type: 'object', properties: { child: schema }, maxProperties: 3 }
    : schema;
}

/** A source of numbers from 0 to 1 that depends on the seed alone (mulberry32). */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Values of every type, and near the limits that the schemas set. */
export const STRAY: readonly JsonValue[] = [
  null,
  true,
  false,
  0,
  1,
  -1,
  2.5,
  3,
  12,
  '',
  'a',
  'b',
  'abcd',
  [],
  ['a', 'a'],
  [1],
  {},
  { name: 'a' },
];

/** A value near a schema: most often one that it accepts, now and then one that it does not. */
export function sampleOf(
  schema: JsonValue | undefined,
  root: JsonObject,
  random: () => number,
  depth = 0,
): JsonValue {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  if (random() < 0.08 || depth > 6 || typeof schema !== 'object' || schema === null) return pick(STRAY);
  const node = schema as JsonObject;
  const again = (part: JsonValue | undefined): JsonValue => sampleOf(part, root, random, depth + 1);
  const ref = node['$ref'];
  if (typeof ref === 'string') {
    const [, container = '', key = ''] = ref.split('/');
    return again(ref === '#' ? root : (root[container] as JsonObject | undefined)?.[key]);
  }
  if ('const' in node) return node['const'] as JsonValue;
  if (Array.isArray(node['enum'])) return pick(node['enum'] as readonly JsonValue[]);
  const members = (node['anyOf'] ?? node['oneOf'] ?? node['allOf']) as readonly JsonValue[] | undefined;
  if (members !== undefined && random() < 0.8) {
    const own = again(pick(members));
    const others = again({ ...node, anyOf: undefined, oneOf: undefined, allOf: undefined });
    return isObject(own) && isObject(others) ? { ...others, ...own } : own;
  }
  if (node['if'] !== undefined) return again(pick([node['if'], node['then'], node['else']]));
  const type = Array.isArray(node['type']) ? pick(node['type'] as readonly string[]) : node['type'];
  return valueOf(typeof type === 'string' ? type : 'properties' in node ? 'object' : '', node, {
    again,
    pick,
    random,
  });
}

interface Sampling {
  readonly again: (part: JsonValue | undefined) => JsonValue;
  readonly pick: <T>(list: readonly T[]) => T;
  readonly random: () => number;
}

function valueOf(type: string, node: JsonObject, { again, pick, random }: Sampling): JsonValue {
  const number = (key: string, otherwise: number): number =>
    typeof node[key] === 'number' ? node[key] : otherwise;
  switch (type) {
    case 'string':
      return pick([
        'a',
        'b',
        'ab',
        'abc',
        'x@y.org',
        'a'.repeat(number('minLength', 1)),
        'b'.repeat(number('maxLength', 2) + 1),
      ]);
    case 'integer':
    case 'number':
      return pick([
        number('minimum', 0),
        number('minimum', 1) - 1,
        number('maximum', 9),
        number('maximum', 9) + 1,
        2,
        0.5,
      ]);
    case 'boolean':
      return random() < 0.5;
    case 'null':
      return null;
    case 'array': {
      const length = pick([number('minItems', 1), number('maxItems', 2), 1, number('maxItems', 2) + 1]);
      return Array.from({ length: Math.min(length, 6) }, () => again(node['items']));
    }
    case 'object': {
      const properties = Object.entries((node['properties'] ?? {}) as JsonObject);
      const required = (node['required'] ?? []) as readonly string[];
      const entries = properties
        .filter(([key]) => required.includes(key) || random() < 0.6)
        .map(([key, part]) => [key, again(part)] as const);
      const missing = required.filter(
        (key) => !properties.some(([known]) => known === key) && random() < 0.7,
      );
      const extra = random() < 0.2 ? [['extra', again(node['additionalProperties'])] as const] : [];
      return Object.fromEntries([...entries, ...missing.map((key) => [key, 'a'] as const), ...extra]);
    }
    default:
      return pick(STRAY);
  }
}

function isObject(value: JsonValue): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value with one part taken away or replaced. */
export function mutate(value: JsonValue, random: () => number): JsonValue {
  const stray = STRAY[Math.floor(random() * STRAY.length)] as JsonValue;
  if (Array.isArray(value) && value.length > 0) {
    const at = Math.floor(random() * value.length);
    if (random() < 0.3) return value.filter((_, i) => i !== at) as JsonValue;
    return value.map((part, i) => (i === at ? mutate(part as JsonValue, random) : part)) as JsonValue;
  }
  if (isObject(value) && Object.keys(value).length > 0) {
    const keys = Object.keys(value);
    const at = keys[Math.floor(random() * keys.length)] as string;
    const entries = Object.entries(value) as [string, JsonValue][];
    if (random() < 0.3) return Object.fromEntries(entries.filter(([key]) => key !== at));
    return Object.fromEntries(entries.map(([key, part]) => [key, key === at ? mutate(part, random) : part]));
  }
  return stray;
}
