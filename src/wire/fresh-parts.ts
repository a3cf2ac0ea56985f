import type { JsonValue } from '../contract/index.ts';
import { isObject } from './decode.ts';

/**
 * A block that a stage wrote into another place, without its cache marker: a marker is never moved
 * and never stands twice (INV-P3).
 */
export function withoutCacheMarker(value: JsonValue): JsonValue {
  if (!isObject(value) || value.cache_control === undefined) return value;
  const { cache_control: _, ...rest } = value;
  return rest;
}
