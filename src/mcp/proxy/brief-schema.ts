import type { JsonObject, JsonValue } from '../../contract/index.ts';
import type { SchemaCompactor } from '../../optimizer/tool-search.ts';
import { isObject, type ToolDefinition } from './definition.ts';

/** A schema of arguments as a search result shows it. */
export interface BriefSchema {
  readonly schema: JsonObject;
  /** True when parts of it are left out: `describe_tool` has them. */
  readonly isCut: boolean;
}

const MOST_CHARS = 4_000;

/**
 * A tool's schema in fewer words, which takes the same arguments (INV-T3). Where it would still be long, the names of the
 * arguments; where those are long, nothing of it.
 */
export function briefSchema(
  { name, inputSchema: schema }: ToolDefinition,
  compact: SchemaCompactor,
): BriefSchema {
  if (!isObject(schema)) return { schema: { type: 'object' }, isCut: false };
  const compacted = compact(schema, name);
  if (compacted !== undefined && isShort(compacted)) return { schema: compacted, isCut: false };
  const { properties, required } = schema;
  const names = isObject(properties) ? Object.keys(properties) : [];
  const named = {
    type: 'object',
    properties: Object.fromEntries(names.map((name) => [name, {}])),
    ...(Array.isArray(required) ? { required: required as readonly JsonValue[] } : {}),
  };
  return { schema: isShort(named) ? named : { type: 'object' }, isCut: true };
}

function isShort(schema: JsonObject): boolean {
  return JSON.stringify(schema).length <= MOST_CHARS;
}
