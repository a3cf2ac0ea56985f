import type { JsonObject, JsonValue } from '../../contract/index.ts';
import { ANNOTATIONS, asObject, NESTED, TYPES } from './keywords.ts';
import { visitSchema } from './walk.ts';

/** Levels of nesting beyond which a schema is left alone: recursion has an end. */
const MOST_DEPTH = 200;

/** How far a schema may be changed. */
export interface Inspection {
  /** `malformed`: not at all. `unusual`: only what no validator reads. `regular`: whatever is equivalent. */
  readonly kind: 'malformed' | 'too deep' | 'unusual' | 'regular';
  /** True when a type is named that JSON Schema does not have, or a limit is written as draft 04 had it. */
  readonly isDoubtful: boolean;
  /** True when the keywords mean the same in every draft since 07, so that the draft need not be named. */
  readonly isDraftNeutral: boolean;
}

/** Keywords by which parts of a schema are addressed from elsewhere, or see what their siblings have seen. */
const DYNAMIC = ['$anchor', '$dynamicAnchor', '$dynamicRef', '$recursiveRef', '$recursiveAnchor'].concat([
  'unevaluatedProperties',
  'unevaluatedItems',
]);
/** Keywords that came, went or changed between draft 07 and 2020-12. */
const DRAFT_BOUND = ['additionalItems', 'prefixItems', 'dependencies', 'dependentRequired'].concat([
  'dependentSchemas',
  'minContains',
  'maxContains',
]);
/** Limits that were true or false before draft 06, and are numbers since. */
const OLD = ['exclusiveMinimum', 'exclusiveMaximum'];
const DRAFTS = /^https?:\/\/json-schema\.org\/(?:draft-07|draft\/2019-09|draft\/2020-12)\/schema#?$/;
const DEFINITION = /^#\/(?:\$defs|definitions)\/[^/%~]+$/;

/** Reads how far a schema may be changed without a change of what it accepts. */
export function inspectSchema(schema: JsonObject): Inspection {
  if (isDeeper(schema, MOST_DEPTH)) return { kind: 'too deep', isDoubtful: false, isDraftNeutral: false };
  let isWellFormed = true;
  let isRegular = true;
  let isDraftNeutral = true;
  let isDoubtful = false;
  let refs = 0;
  visitSchema(schema, (node, { parent }) => {
    isWellFormed &&= isWellFormedNode(node);
    isDoubtful ||=
      typesOf(node).some((type) => !TYPES.has(type)) ||
      OLD.some((key) => node[key] === true || node[key] === false);
    if (DYNAMIC.some((key) => key in node)) isRegular = false;
    if (parent !== undefined && ('$id' in node || '$defs' in node || 'definitions' in node))
      isRegular = false;
    if (DRAFT_BOUND.some((key) => key in node) || Array.isArray(node['items'])) isDraftNeutral = false;
    const ref = node['$ref'];
    if (ref === undefined) return;
    refs += 1;
    if (typeof ref !== 'string' || !(ref === '#' || DEFINITION.test(ref))) isRegular = false;
    else if (ref !== '#' && definitionOf(schema, ref) === undefined) {
      if (!leadsSomewhere(schema, ref)) isWellFormed = false;
      isRegular = false;
    }
    // Draft 07 reads nothing beside a reference, later ones read all.
    if (Object.keys(node).some((key) => key !== '$ref' && !ANNOTATIONS.has(key))) isDraftNeutral = false;
  });
  const draft = schema['$schema'];
  const isKnownDraft = draft === undefined || (typeof draft === 'string' && DRAFTS.test(draft));
  // A reference in a place that was not visited would lose its target.
  if (isWellFormed && countRefs(schema) !== refs) isRegular = false;
  return {
    kind: !isWellFormed ? 'malformed' : isRegular && isKnownDraft && !isDoubtful ? 'regular' : 'unusual',
    isDoubtful,
    isDraftNeutral: isDraftNeutral && isKnownDraft && isRegular && !isDoubtful,
  };
}

/** The schema that a plain reference leads to; undefined where that is no object. */
export function definitionOf(root: JsonObject, ref: string): JsonObject | undefined {
  return leadsSomewhere(root, ref) ? asObject(targetOf(root, ref)) : undefined;
}

function leadsSomewhere(root: JsonObject, ref: string): boolean {
  return targetOf(root, ref) !== undefined;
}

function targetOf(root: JsonObject, ref: string): JsonValue | undefined {
  const [, container = '', name = ''] = ref.split('/');
  const names = asObject(root[container]);
  return names !== undefined && Object.hasOwn(names, name) ? names[name] : undefined;
}

/** The types that a schema names. */
export function typesOf(schema: JsonObject): readonly string[] {
  const type = schema['type'];
  if (typeof type === 'string') return [type];
  return Array.isArray(type) ? (type as readonly string[]) : [];
}

const TEXTS = ['$id', '$ref', '$schema', 'pattern', 'format', 'title', 'description', '$comment'];
const COUNTS = ['minLength', 'maxLength', 'minItems', 'maxItems', 'minProperties', 'maxProperties'];
const NUMBERS = ['minimum', 'maximum', 'multipleOf', ...COUNTS];

function isWellFormedNode(node: JsonObject): boolean {
  const isTextList = (value: JsonValue | undefined): boolean =>
    Array.isArray(value) && value.every((item) => typeof item === 'string');
  const is = (keys: readonly string[], type: string): boolean =>
    keys.every((key) => node[key] === undefined || typeof node[key] === type);
  if (!is(TEXTS, 'string') || !is(NUMBERS, 'number') || !is(['uniqueItems'], 'boolean')) return false;
  if (!OLD.every((key) => ['undefined', 'number', 'boolean'].includes(typeof node[key]))) return false;
  if (node['required'] !== undefined && !isTextList(node['required'])) return false;
  if (node['enum'] !== undefined && !Array.isArray(node['enum'])) return false;
  const type = node['type'];
  if (type !== undefined && typeof type !== 'string' && !(isTextList(type) && typesOf(node).length > 0)) {
    return false;
  }
  for (const [key, nesting] of NESTED) {
    const value = node[key];
    if (value === undefined) continue;
    const isOne = isSchema(value);
    const isList = Array.isArray(value) && value.every(isSchema) && (key === 'items' || value.length > 0);
    const names = asObject(value);
    const isNames = names !== undefined && Object.values(names).every(isSchema);
    const isRight =
      nesting === 'schema'
        ? isOne
        : nesting === 'list'
          ? isList
          : nesting === 'names'
            ? isNames
            : isOne || isList;
    if (!isRight) return false;
  }
  return true;
}

function isSchema(value: JsonValue | undefined): boolean {
  return typeof value === 'boolean' || asObject(value) !== undefined;
}

/** True when a value is nested deeper than so many levels. */
export function isDeeper(value: JsonValue | undefined, most: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return most === 0 || Object.values(value).some((part) => isDeeper(part, most - 1));
}

function countRefs(value: JsonValue | undefined): number {
  if (typeof value !== 'object' || value === null) return 0;
  let refs = 0;
  for (const [key, part] of Object.entries(value)) {
    refs += key === '$ref' && typeof part === 'string' ? 1 : countRefs(part);
  }
  return refs;
}
