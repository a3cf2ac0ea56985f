import type { JsonObject, JsonValue } from '../../contract/index.ts';
import { asObject, NESTED } from './keywords.ts';

/** Where a schema stands: names of properties from the root, `[]` for the items of a list. */
export interface Place {
  readonly path: readonly string[];
  /** The schema whose property this is, or that holds it otherwise; undefined for the root. */
  readonly parent: JsonObject | undefined;
  /** The name of the property or definition that it is, or stands for. */
  readonly name: string | undefined;
  /** How many schemas it stands in. */
  readonly depth: number;
}

export const ROOT: Place = { path: [], parent: undefined, name: undefined, depth: 0 };

/**
 * Rebuilds a schema from its innermost parts outwards. Parts that `change` leaves alone stay the same objects,
 * and the keys keep their order. Values that are no schemas (defaults, enums, unknown keywords) are not entered.
 */
export function mapSchema(
  schema: JsonObject,
  change: (schema: JsonObject, place: Place) => JsonObject,
  place: Place = ROOT,
): JsonObject {
  return change(
    mapParts(schema, place, (part, at) => mapSchema(part, change, at)),
    place,
  );
}

/** Visits a schema and its parts, outermost first. */
export function visitSchema(
  schema: JsonObject,
  visit: (schema: JsonObject, place: Place) => void,
  place: Place = ROOT,
): void {
  visit(schema, place);
  mapParts(schema, place, (part, at) => {
    visitSchema(part, visit, at);
    return part;
  });
}

function mapParts(
  schema: JsonObject,
  place: Place,
  change: (part: JsonObject, at: Place) => JsonObject,
): JsonObject {
  let changed: Record<string, JsonValue | undefined> | undefined;
  for (const [key, nesting] of NESTED) {
    const value = schema[key];
    if (value === undefined || typeof value !== 'object' || value === null) continue;
    const isList = Array.isArray(value);
    const next =
      nesting === 'names'
        ? mapNames(value as JsonObject, (part, name) => {
            const isNamed = key !== 'patternProperties' && key !== 'dependentSchemas';
            const path = isNamed ? [...place.path, name] : place.path;
            return change(part, {
              path,
              parent: schema,
              name: isNamed ? name : undefined,
              depth: place.depth + 1,
            });
          })
        : isList
          ? mapList(value as readonly JsonValue[], (part) => change(part, inside(schema, place, key)))
          : change(value as JsonObject, inside(schema, place, key));
    if (next !== value) {
      changed ??= { ...schema };
      changed[key] = next;
    }
  }
  return changed ?? schema;
}

function inside(parent: JsonObject, { path, name, depth }: Place, key: string): Place {
  const isItem = key === 'items' || key === 'prefixItems';
  return {
    path: isItem ? [...path, '[]'] : path,
    parent,
    name: isItem ? undefined : name,
    depth: depth + 1,
  };
}

function mapNames(schemas: JsonObject, change: (part: JsonObject, name: string) => JsonObject): JsonObject {
  let changed = false;
  const entries = Object.entries(schemas).map(([name, value]) => {
    const part = asObject(value);
    const next = part === undefined ? value : change(part, name);
    changed ||= next !== value;
    return [name, next] as const;
  });
  return changed ? Object.fromEntries(entries) : schemas;
}

function mapList(
  schemas: readonly JsonValue[],
  change: (part: JsonObject) => JsonObject,
): readonly JsonValue[] {
  let changed = false;
  const next = schemas.map((value) => {
    const part = asObject(value);
    const own = part === undefined ? value : change(part);
    changed ||= own !== value;
    return own;
  });
  return changed ? next : schemas;
}
