import type { JsonObject, JsonValue } from '../contract/index.ts';
import { isArray, isObject } from './decode.ts';

/** A JSON object under construction. */
export interface MutableObject {
  [key: string]: JsonValue | undefined;
}

/** Strings that are sent whole, not in pieces. */
const WHOLE = new Set(['id', 'type', 'role', 'format', 'object', 'model']);

/**
 * Joins a streamed delta into what came before: texts are appended, list elements with the same
 * `index` are merged, other elements are appended, objects are merged, anything else replaces.
 */
export function mergeDelta(target: MutableObject, delta: JsonObject): void {
  for (const key of Object.keys(delta)) {
    const value = delta[key];
    if (value === undefined) continue;
    setOwn(target, key, merged(Object.hasOwn(target, key) ? target[key] : undefined, value, key));
  }
}

/** Assigns even `__proto__` as a plain member. */
export function setOwn(target: MutableObject, key: string, value: JsonValue): void {
  if (key === '__proto__') {
    Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
  } else target[key] = value;
}

function merged(before: JsonValue | undefined, value: JsonValue, key: string): JsonValue {
  if (value === null) return before ?? null;
  if (isArray(value)) return mergeList(before, value);
  if (before === undefined || before === null) return isObject(value) ? copyOf(value) : value;
  if (typeof value === 'string' && typeof before === 'string') {
    if (WHOLE.has(key)) return value === '' ? before : value;
    if (key === 'name') return value.startsWith(before) ? value : before + value;
    return before + value;
  }
  if (isObject(value) && isObject(before)) {
    mergeDelta(before, value);
    return before;
  }
  return value;
}

function copyOf(value: JsonObject): JsonObject {
  const copy: MutableObject = {};
  mergeDelta(copy, value);
  return copy;
}

function mergeList(before: JsonValue | undefined, delta: readonly JsonValue[]): JsonValue {
  const list = (isArray(before) ? before : []) as JsonValue[];
  for (const element of delta) {
    const index = isObject(element) ? element.index : undefined;
    const earlier =
      typeof index === 'number'
        ? list.findLast((other) => isObject(other) && other.index === index)
        : undefined;
    if (isObject(element) && isObject(earlier)) mergeDelta(earlier, element);
    else list.push(isObject(element) ? copyOf(element) : element);
  }
  return list;
}
