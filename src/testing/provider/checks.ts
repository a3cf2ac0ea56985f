import type { JsonArray, JsonObject, JsonValue } from '../../contract/index.ts';
import { ApiProblem } from './problem.ts';

/** True for a JSON object (not an array, not null). */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** True for a JSON array. */
export function isArray(value: unknown): value is JsonArray {
  return Array.isArray(value);
}

/** Refuses the request because of one field. @throws ApiProblem always */
export function refuse(param: string, message: string, code = 'invalid_value'): never {
  throw new ApiProblem(message, { param, code });
}

/** A required, non-empty string. @throws ApiProblem */
export function requireString(value: JsonValue | undefined, param: string): string {
  if (value === undefined || value === null) {
    refuse(param, `Missing required parameter: '${param}'.`, 'missing_required_parameter');
  }
  if (typeof value !== 'string') refuse(param, `Expected a string, got ${kindOf(value)}.`, 'invalid_type');
  if (value === '') refuse(param, 'Expected a string that is not empty.', 'empty_string');
  return value;
}

/** A required array with at least one element. @throws ApiProblem */
export function requireArray(value: JsonValue | undefined, param: string): JsonArray {
  if (value === undefined || value === null) {
    refuse(param, `Missing required parameter: '${param}'.`, 'missing_required_parameter');
  }
  if (!isArray(value)) refuse(param, `Expected an array, got ${kindOf(value)}.`, 'invalid_type');
  if (value.length === 0) refuse(param, 'Expected at least one element.', 'empty_array');
  return value;
}

/** An object at `param`. @throws ApiProblem */
export function requireObject(value: JsonValue | undefined, param: string): JsonObject {
  if (!isObject(value)) refuse(param, `Expected an object, got ${kindOf(value)}.`, 'invalid_type');
  return value;
}

/** A number within bounds, or null when absent. @throws ApiProblem */
export function optionalNumber(
  body: JsonObject,
  param: string,
  bounds: { readonly min: number; readonly max: number; readonly isInteger?: boolean },
): number | null {
  const value = body[param];
  if (value === undefined || value === null) return null;
  if (typeof value !== 'number' || (bounds.isInteger === true && !Number.isInteger(value))) {
    refuse(
      param,
      `Expected ${bounds.isInteger === true ? 'an integer' : 'a number'}, got ${kindOf(value)}.`,
      'invalid_type',
    );
  }
  if (value < bounds.min)
    refuse(param, `Expected a value >= ${bounds.min}, got ${value}.`, 'integer_below_min_value');
  if (value > bounds.max)
    refuse(param, `Expected a value <= ${bounds.max}, got ${value}.`, 'integer_above_max_value');
  return value;
}

/** A boolean, or `fallback` when absent. @throws ApiProblem */
export function optionalBoolean(body: JsonObject, param: string, fallback: boolean): boolean {
  const value = body[param];
  if (value === undefined || value === null) return fallback;
  if (typeof value !== 'boolean') refuse(param, `Expected a boolean, got ${kindOf(value)}.`, 'invalid_type');
  return value;
}

/** A string or an array of them, as an array. @throws ApiProblem */
export function optionalStrings(body: JsonObject, param: string, max: number): string[] {
  const value = body[param];
  if (value === undefined || value === null) return [];
  const list = isArray(value) ? value : [value];
  if (list.length > max)
    refuse(param, `Expected at most ${max} strings, got ${list.length}.`, 'array_above_max_length');
  return list.map((item) => {
    if (typeof item !== 'string') refuse(param, `Expected strings, got ${kindOf(item)}.`, 'invalid_type');
    return item;
  });
}

/** A function or tool name as the APIs allow it. @throws ApiProblem */
export function requireToolName(value: JsonValue | undefined, param: string): string {
  const name = requireString(value, param);
  if (!/^[a-zA-Z0-9_-]{1,128}$/.test(name)) {
    refuse(param, `Tool names are 1 to 128 letters, digits, '_' or '-', got '${name.slice(0, 40)}'.`);
  }
  return name;
}

/** A JSON value as messages show it: strings bare, the rest as JSON. */
export function shown(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? 'nothing');
}

/** The kind of a JSON value, for messages. */
export function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  if (value === undefined) return 'nothing';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
