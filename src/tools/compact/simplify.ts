import type { JsonObject, JsonValue } from '../../contract/index.ts';
import { areCoupled, asObject, isEqual, isPlain } from './keywords.ts';
import { mergeUnion } from './unions.ts';

/** Keywords with values that say what holds without them. */
const NO_OPS: readonly (readonly [key: string, value: JsonValue])[] = [
  ['minLength', 0],
  ['minItems', 0],
  ['minProperties', 0],
  ['uniqueItems', false],
  ['required', []],
  ['deprecated', false],
  ['readOnly', false],
  ['writeOnly', false],
];
const COMBINATORS = ['anyOf', 'oneOf', 'allOf'] as const;
type Combinator = (typeof COMBINATORS)[number];

/** One schema, whose parts are simple already, said with less and accepting exactly the same. */
export function simplify(schema: JsonObject): JsonObject {
  let simple = dropNoOps(schema);
  for (const key of COMBINATORS) {
    for (let next = simple, rounds = 0; rounds < 4; rounds += 1) {
      next = simplifyCombinator(simple, key);
      if (next === simple) break;
      simple = next;
    }
  }
  return simple;
}

function dropNoOps(schema: JsonObject): JsonObject {
  const dropped = NO_OPS.filter(([key, value]) => key in schema && isEqual(schema[key], value)).map(
    ([key]) => key,
  );
  const type = schema['type'];
  const isListOfOne = Array.isArray(type) && type.length === 1;
  if (dropped.length === 0 && !isListOfOne) return schema;
  const kept = Object.entries(schema).filter(([key]) => !dropped.includes(key));
  return Object.fromEntries(
    kept.map(([key, value]) => [key, key === 'type' && isListOfOne ? (type[0] as JsonValue) : value]),
  );
}

function simplifyCombinator(schema: JsonObject, key: Combinator): JsonObject {
  const listed = schema[key];
  if (!Array.isArray(listed) || !isPlain(schema)) return schema;
  let members = listed as readonly JsonValue[];
  if (key !== 'oneOf') members = dedupe(members.flatMap((member) => membersOf(member, key)));
  const { [key]: _combinator, ...rest } = schema;
  const folded = key === 'allOf' || members.length === 1 ? foldAll(rest, members) : undefined;
  const merged = folded ?? (key === 'allOf' ? undefined : mergeInto(rest, members, key));
  if (merged !== undefined) return inPlaceOf(schema, key, merged);
  return members.length === listed.length ? schema : inPlaceOf(schema, key, { ...rest, [key]: members });
}

/** A member that holds nothing but the same combinator stands for its own members. */
function membersOf(member: JsonValue, key: Combinator): readonly JsonValue[] {
  const schema = asObject(member);
  const inner = schema?.[key];
  return schema !== undefined && Array.isArray(inner) && Object.keys(schema).length === 1
    ? (inner as readonly JsonValue[])
    : [member];
}

const MOST_COMPARED = 100;

function dedupe(members: readonly JsonValue[]): readonly JsonValue[] {
  if (members.length > MOST_COMPARED) return members;
  return members.filter((member, i) => !members.slice(0, i).some((other) => isEqual(other, member)));
}

function mergeInto(rest: JsonObject, members: readonly JsonValue[], key: Combinator): JsonObject | undefined {
  const union = mergeUnion(members, { isExclusive: key === 'oneOf' });
  return union === undefined ? undefined : lay(rest, union, newFold());
}

/** Lists that a fold made by itself and adds to in place: copied for each member, they would take the square of its time. */
interface Fold {
  readonly properties: WeakSet<object>;
  readonly required: WeakMap<object, Set<string>>;
}

function newFold(): Fold {
  return { properties: new WeakSet(), required: new WeakMap() };
}

function foldAll(rest: JsonObject, members: readonly JsonValue[]): JsonObject | undefined {
  const fold = newFold();
  let folded: JsonObject | undefined = rest;
  for (const member of members) {
    const schema = asObject(member);
    if (folded === undefined || schema === undefined || !isPlain(schema)) return undefined;
    folded = lay(folded, schema, fold);
  }
  return folded;
}

/** Both schemas as one that asks for what each of them asks, or undefined where they would get in each other's way. */
function lay(a: JsonObject, b: JsonObject, fold: Fold): JsonObject | undefined {
  const joined = joinProperties(a, b, fold);
  const { properties: _properties, ...others } = a;
  if (areCoupled(joined === undefined ? a : others, b)) return undefined;
  const own: Record<string, JsonValue | undefined> = { ...b, ...joined };
  for (const key of Object.keys(b)) {
    if (!Object.hasOwn(a, key) || (key === 'properties' && joined !== undefined)) continue;
    if (key === 'required') own[key] = joinRequired(a[key] as string[], b[key] as string[], fold);
    else if (!isEqual(a[key], b[key])) return undefined;
  }
  return { ...a, ...own };
}

/** The properties of both, where no other keyword depends on which properties are named beside it. */
function joinProperties(
  a: JsonObject,
  b: JsonObject,
  fold: Fold,
): { readonly properties: JsonObject } | undefined {
  const left = asObject(a['properties']);
  const right = asObject(b['properties']);
  if (left === undefined || right === undefined) return undefined;
  const isOpen = [a, b].every(
    (schema) => !('additionalProperties' in schema) && !('patternProperties' in schema),
  );
  if (!isOpen || Object.keys(right).some((name) => Object.hasOwn(left, name))) return undefined;
  const properties = fold.properties.has(left) ? left : { ...left };
  fold.properties.add(properties);
  for (const [name, value] of Object.entries(right)) {
    // A property may be called `__proto__`.
    Object.defineProperty(properties, name, { value, enumerable: true, writable: true, configurable: true });
  }
  return { properties };
}

function joinRequired(left: string[], right: readonly string[], fold: Fold): readonly string[] {
  const known = fold.required.get(left) ?? new Set(left);
  const names = fold.required.has(left) ? left : [...known];
  fold.required.set(names, known);
  for (const name of right) {
    if (!known.has(name)) names.push(name);
    known.add(name);
  }
  return names;
}

/** The new schema with the keys of the old in their order, and new keys where the combinator stood. */
function inPlaceOf(old: JsonObject, key: string, merged: JsonObject): JsonObject {
  const added = Object.keys(merged).filter((name) => !Object.hasOwn(old, name));
  const order = Object.keys(old).flatMap((name) => [
    ...(Object.hasOwn(merged, name) ? [name] : []),
    ...(name === key ? added : []),
  ]);
  return Object.fromEntries(order.map((name) => [name, merged[name]]));
}
