import type { JsonObject, JsonValue } from '../../contract/index.ts';
import { typesOf } from './inspect.ts';
import { ANNOTATIONS, asObject, BOUND_TO, isEqual, isPlain } from './keywords.ts';

/** A union as one schema, or undefined where there is none that accepts the same. */
export function mergeUnion(
  members: readonly JsonValue[],
  { isExclusive }: { readonly isExclusive: boolean },
): JsonObject | undefined {
  const schemas = members.map(asObject);
  if (!schemas.every((schema): schema is JsonObject => schema !== undefined && isPlain(schema)))
    return undefined;
  return mergeValues(schemas, isExclusive) ?? mergeTypes(schemas);
}

/** Members that each list their values, as one list. */
function mergeValues(members: readonly JsonObject[], isExclusive: boolean): JsonObject | undefined {
  const values: JsonValue[] = [];
  const simple = new Set<JsonValue>();
  const types = new Set<string>();
  let areTyped = true;
  for (const member of members) {
    if (Object.keys(member).some((key) => !['type', 'enum', 'const'].includes(key))) return undefined;
    const own = valuesOf(member);
    if (own === undefined) return undefined;
    const named = typesOf(member);
    if (named.length === 0) areTyped = false;
    // A value that the member's own type rules out would come in.
    if (named.length > 0 && !own.every((value) => named.some((type) => isOfType(value, type))))
      return undefined;
    for (const value of own) {
      const isSimple = typeof value !== 'object' || value === null;
      const isKnown = isSimple ? simple.has(value) : values.some((other) => isEqual(other, value));
      if (isSimple) simple.add(value);
      // Two members that share a value: `oneOf` refuses it.
      if (isKnown && isExclusive) return undefined;
      if (!isKnown) values.push(value);
    }
    for (const type of named) types.add(type);
  }
  if (members.every((member) => !('enum' in member) && !('const' in member))) return undefined;
  return { ...(areTyped ? { type: typeList(types) } : {}), enum: values };
}

const MOST_VALUES = 500;

function valuesOf(member: JsonObject): readonly JsonValue[] | undefined {
  const listed = member['enum'];
  if ('const' in member) return listed === undefined ? [member['const'] as JsonValue] : undefined;
  // Comparing each with each must not take long.
  if (Array.isArray(listed))
    return listed.length <= MOST_VALUES ? (listed as readonly JsonValue[]) : undefined;
  return typesOf(member).join() === 'null' ? [null] : undefined;
}

/**
 * Members of different types, of which one at most says more than its type, as one schema with a list of types:
 * what it says binds values of its own type only.
 */
function mergeTypes(members: readonly JsonObject[]): JsonObject | undefined {
  const types = new Set<string>();
  for (const member of members) {
    const named = typesOf(member);
    if (named.length === 0 || named.some((type) => types.has(type))) return undefined;
    for (const type of named) types.add(type);
  }
  // Whole numbers are numbers: the two overlap.
  if (types.has('integer') && types.has('number')) return undefined;
  const more = members.filter((member) => Object.keys(member).length > 1);
  const [main] = more;
  if (main === undefined) return { type: typeList(types) };
  if (more.length > 1) return undefined;
  const own = typesOf(main).map((type) => (type === 'integer' ? 'number' : type));
  for (const key of Object.keys(main)) {
    if (key === 'type' || key === 'enum' || ANNOTATIONS.has(key)) continue;
    if (!own.includes(BOUND_TO.get(key) ?? '')) return undefined;
  }
  const listed = main['enum'];
  const isNullable = members.every((member) => member === main || typesOf(member).join() === 'null');
  // Formats of numbers exist beside those of texts: a format must not meet a type that it did not stand with.
  if ((listed !== undefined || 'format' in main) && !isNullable) return undefined;
  if (listed === undefined) return { ...main, type: typeList(types) };
  // Null beside its own type is told by the list of types, and must be among the values as well.
  const values = (listed as readonly JsonValue[]).filter((value) =>
    typesOf(main).some((type) => isOfType(value, type)),
  );
  return { ...main, type: typeList(types), enum: [...values, null] };
}

function typeList(types: ReadonlySet<string>): JsonValue {
  const list = [...types];
  return list.length === 1 ? (list[0] as string) : list;
}

function isOfType(value: JsonValue, type: string): boolean {
  if (type === 'null') return value === null;
  if (type === 'array') return Array.isArray(value);
  if (type === 'object') return asObject(value) !== undefined;
  if (type === 'integer') return Number.isInteger(value);
  return typeof value === type;
}
