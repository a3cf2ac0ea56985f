import type { JsonObject, JsonValue } from '../../contract/index.ts';
import { isObject, shorten } from './definition.ts';

/** Says nothing of which arguments are right. */
const DROPPED = new Set([
  'title',
  'examples',
  'example',
  '$schema',
  '$id',
  '$comment',
  'markdownDescription',
]);
/** Hold schemas by names that the tool's author chose: a parameter may be called `title`. */
const NAMED = new Set(['properties', '$defs', 'definitions', 'patternProperties', 'dependentSchemas']);
/** Hold values, not schemas. */
const VALUES = new Set(['enum', 'const', 'default', 'required', 'dependentRequired']);
const MOST_DEPTH = 12;
const MOST_CHARS = 4_000;
const MOST_DESCRIPTION = 120;

/**
 * A schema of arguments for a search result: what a call must hold, with each description cut to a line, and
 * without any where it would still be long. `isCut` says that parts of it are left out: `describe_tool` has them.
 */
export function compactSchema(schema: JsonValue | undefined): {
  readonly schema: JsonObject;
  readonly isCut: boolean;
} {
  if (!isObject(schema)) return { schema: { type: 'object' }, isCut: false };
  for (const most of [MOST_DESCRIPTION, 0]) {
    const compact = compactNode(schema, most, 0) as JsonObject;
    if (JSON.stringify(compact).length <= MOST_CHARS) return { schema: compact, isCut: false };
  }
  const { properties, required } = schema;
  const names = isObject(properties) ? Object.keys(properties) : [];
  const kept = {
    type: 'object',
    properties: Object.fromEntries(names.map((name) => [name, {}])),
    required: required ?? [],
  };
  const isShort = JSON.stringify(kept).length <= MOST_CHARS;
  return { schema: isShort ? kept : { type: 'object' }, isCut: true };
}

function compactNode(node: JsonValue, most: number, depth: number): JsonValue {
  if (depth > MOST_DEPTH) return {};
  if (Array.isArray(node))
    return (node as readonly JsonValue[]).map((item) => compactNode(item, most, depth + 1));
  if (!isObject(node)) return node;
  const kept: [string, JsonValue][] = [];
  for (const [key, value] of Object.entries(node)) {
    if (value === undefined || DROPPED.has(key)) continue;
    if (key === 'description') {
      if (most > 0 && typeof value === 'string') kept.push([key, shorten(value, most)]);
    } else if (VALUES.has(key)) kept.push([key, value]);
    else if (NAMED.has(key) && isObject(value)) {
      const inner = Object.entries(value).map(([name, item]) => [
        name,
        compactNode(item ?? {}, most, depth + 1),
      ]);
      kept.push([key, Object.fromEntries(inner) as JsonObject]);
    } else kept.push([key, compactNode(value, most, depth + 1)]);
  }
  return Object.fromEntries(kept);
}
