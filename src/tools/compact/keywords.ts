import type { JsonObject, JsonValue } from '../../contract/index.ts';

/** Where a keyword's value holds further schemas: itself, in a list, or by name. */
export type Nesting = 'schema' | 'list' | 'names' | 'schema or list';

/** Keywords of JSON Schema (2020-12 and draft 07) that hold schemas. */
export const NESTED: ReadonlyMap<string, Nesting> = new Map([
  ['additionalProperties', 'schema'],
  ['propertyNames', 'schema'],
  ['contains', 'schema'],
  ['not', 'schema'],
  ['if', 'schema'],
  ['then', 'schema'],
  ['else', 'schema'],
  ['additionalItems', 'schema'],
  ['unevaluatedItems', 'schema'],
  ['unevaluatedProperties', 'schema'],
  ['items', 'schema or list'],
  ['prefixItems', 'list'],
  ['allOf', 'list'],
  ['anyOf', 'list'],
  ['oneOf', 'list'],
  ['properties', 'names'],
  ['patternProperties', 'names'],
  ['dependentSchemas', 'names'],
  ['$defs', 'names'],
  ['definitions', 'names'],
]);

/** Keywords that say something to the reader and nothing to a validator. */
export const ANNOTATIONS: ReadonlySet<string> = new Set([
  'title',
  'description',
  'default',
  'examples',
  'example',
  'deprecated',
  'readOnly',
  'writeOnly',
  '$comment',
]);

/** Keywords that bind values of one type only: they pass whatever is of another type. */
export const BOUND_TO: ReadonlyMap<string, string> = new Map(
  Object.entries({
    string: ['minLength', 'maxLength', 'pattern', 'format'],
    number: ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'],
    array: ['items', 'prefixItems', 'minItems', 'maxItems', 'uniqueItems', 'contains'],
    object: ['properties', 'required', 'additionalProperties', 'patternProperties'].concat([
      'minProperties',
      'maxProperties',
      'propertyNames',
    ]),
  }).flatMap(([type, keys]) => keys.map((key) => [key, type] as const)),
);

/** Keywords that are read together: two schemas that both have one of a group cannot be laid into one. */
const COUPLED: readonly (readonly string[])[] = [
  ['properties', 'patternProperties', 'additionalProperties'],
  ['items', 'prefixItems', 'additionalItems', 'contains', 'minContains', 'maxContains'],
  ['if', 'then', 'else'],
];

/** Keywords that stand alone, besides the above. */
const OTHER = [
  'type',
  'enum',
  'const',
  'additionalItems',
  'if',
  'then',
  'else',
  'not',
  'allOf',
  'anyOf',
  'oneOf',
];

const PLAIN: ReadonlySet<string> = new Set([...ANNOTATIONS, ...BOUND_TO.keys(), ...OTHER]);

/** The types that a schema may name. */
export const TYPES: ReadonlySet<string> = new Set([
  'string',
  'number',
  'integer',
  'boolean',
  'object',
  'array',
  'null',
]);

/** True when nothing in the schema is unknown to the rules that reshape it; what its parts hold is not looked at. */
export function isPlain(schema: JsonObject): boolean {
  return Object.keys(schema).every((key) => PLAIN.has(key));
}

/** True when keywords of the two schemas would be read together although they stand apart. */
export function areCoupled(a: JsonObject, b: JsonObject): boolean {
  return COUPLED.some((group) => group.some((key) => key in a) && group.some((key) => key in b));
}

/** The value as an object, unless it is none. */
export function asObject(value: JsonValue | undefined): JsonObject | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as JsonObject)
    : undefined;
}

/** Equal as JSON values; objects whatever the order of their keys. */
export function isEqual(a: JsonValue | undefined, b: JsonValue | undefined): boolean {
  if (a === b) return true;
  if (Array.isArray(a)) {
    return (
      Array.isArray(b) &&
      a.length === b.length &&
      a.every((item, i) => isEqual(item as JsonValue, b[i] as JsonValue))
    );
  }
  const left = asObject(a);
  const right = asObject(b);
  if (left === undefined || right === undefined) return false;
  const keys = Object.keys(left);
  return (
    keys.length === Object.keys(right).length &&
    keys.every((key) => Object.hasOwn(right, key) && isEqual(left[key], right[key]))
  );
}
