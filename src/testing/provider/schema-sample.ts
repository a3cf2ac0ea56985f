import type { JsonObject, JsonValue } from '../../contract/index.ts';
import { isArray, isObject } from './checks.ts';

const MAX_DEPTH = 24;

/**
 * A value that matches a simple JSON schema: types, `enum`, `const`, `required` and optional
 * properties, arrays, `anyOf`/`oneOf`/`allOf`, local `$ref`, and the bounds that examples use.
 *
 * @param hint goes into free strings, so that values tell what they answer
 */
export function sampleOf(schema: JsonValue | undefined, hint: string): JsonValue {
  return sample(schema ?? {}, { root: schema ?? {}, hint, depth: 0 });
}

interface Place {
  readonly root: JsonValue;
  readonly hint: string;
  readonly depth: number;
}

function sample(schema: JsonValue, place: Place): JsonValue {
  if (!isObject(schema) || place.depth > MAX_DEPTH) return place.hint;
  const inner = { ...place, depth: place.depth + 1 };
  if (typeof schema['$ref'] === 'string') return sample(resolve(schema['$ref'], place.root), inner);
  if (schema['const'] !== undefined) return schema['const'];
  if (isArray(schema['enum'])) return schema['enum'][0] ?? null;
  for (const keyword of ['anyOf', 'oneOf']) {
    const choices = schema[keyword];
    if (isArray(choices)) return sample(choices[0] ?? {}, inner);
  }
  if (isArray(schema['allOf'])) return sampleAll(schema['allOf'], inner);
  return sampleType(schema, inner);
}

function sampleAll(parts: readonly JsonValue[], place: Place): JsonValue {
  const values = parts.map((part) => sample(part, place));
  return values.every(isObject) ? (Object.assign({}, ...values) as JsonObject) : (values[0] ?? null);
}

function sampleType(schema: JsonObject, place: Place): JsonValue {
  const type = isArray(schema['type']) ? schema['type'][0] : schema['type'];
  if (type === 'object' || isObject(schema['properties'])) return sampleObject(schema, place);
  if (type === 'array') {
    const count = Math.min(typeof schema['minItems'] === 'number' ? Math.max(1, schema['minItems']) : 1, 8);
    return Array.from({ length: count }, () => sample(schema['items'] ?? {}, place));
  }
  if (type === 'integer' || type === 'number') return sampleNumber(schema);
  if (type === 'boolean') return true;
  if (type === 'null') return null;
  return sampleString(schema, place.hint);
}

function sampleObject(schema: JsonObject, place: Place): JsonObject {
  const properties = isObject(schema['properties']) ? schema['properties'] : {};
  return Object.fromEntries(
    Object.entries(properties).map(([name, value]) => [
      name,
      sample(value ?? {}, { ...place, hint: `${name}: ${place.hint}` }),
    ]),
  );
}

function sampleNumber(schema: JsonObject): number {
  const min = schema['minimum'] ?? schema['exclusiveMinimum'];
  const max = schema['maximum'] ?? schema['exclusiveMaximum'];
  if (typeof min === 'number') return schema['minimum'] === undefined ? min + 1 : min;
  return typeof max === 'number' ? Math.min(1, max - 1) : 1;
}

function sampleString(schema: JsonObject, hint: string): string {
  if (schema['format'] === 'date-time') return '2025-06-15T12:00:00Z';
  if (schema['format'] === 'date') return '2025-06-15';
  if (schema['format'] === 'email') return 'person@example.com';
  if (schema['format'] === 'uri') return 'https://example.com/';
  const max = typeof schema['maxLength'] === 'number' ? schema['maxLength'] : 120;
  const min = typeof schema['minLength'] === 'number' ? schema['minLength'] : 0;
  return hint.slice(0, max).padEnd(min, '.');
}

function resolve(ref: string, root: JsonValue): JsonValue {
  let value: JsonValue = root;
  for (const step of ref
    .replace(/^#\/?/, '')
    .split('/')
    .filter((part) => part !== '')) {
    const next: JsonValue | undefined = isObject(value) ? value[step] : undefined;
    if (next === undefined) return {};
    value = next;
  }
  return value;
}
