import type { JsonObject, JsonValue } from '../../contract/index.ts';
import { definitionOf } from './inspect.ts';
import { ANNOTATIONS, asObject } from './keywords.ts';
import { mapSchema, visitSchema } from './walk.ts';

/** A definition this short costs less where it is used than the references to it, however many. */
const SHORT = 40;
const CONTAINERS = ['$defs', 'definitions'] as const;

/**
 * Puts definitions in the place of the references to them where each is used once or short, and drops those
 * that nothing leads to. Recursive ones stay (something outside leads into the circle, so that one of it is used
 * twice), and those whose references have keywords beside them that some
 * drafts read and others do not.
 */
export function inlineReferences(root: JsonObject): JsonObject {
  if (!CONTAINERS.some((key) => key in root)) return root;
  const graph = readGraph(root);
  const reachable = reachableFrom('', graph);
  const inlined = new Set<string>();
  for (const ref of reachable) {
    const body = definitionOf(root, ref);
    if (body === undefined || graph.blocked.has(ref)) continue;
    const links = graph.links.get(ref) ?? [];
    const uses = [...reachable, ''].flatMap((from) => graph.links.get(from) ?? []);
    const isUsedOnce = uses.filter((use) => use === ref).length === 1;
    if (isUsedOnce || (links.length === 0 && JSON.stringify(body).length <= SHORT)) inlined.add(ref);
  }
  const expand = (schema: JsonObject): JsonObject =>
    mapSchema(schema, (node) => {
      const ref = node['$ref'];
      const body = typeof ref === 'string' && inlined.has(ref) ? definitionOf(root, ref) : undefined;
      return body === undefined ? node : withBody(node, expand(body));
    });
  return dropDefinitions(root, (ref) => reachable.has(ref) && !inlined.has(ref), expand);
}

interface Graph {
  /** For each definition, and '' for what is outside of them, the references in it. */
  readonly links: ReadonlyMap<string, readonly string[]>;
  readonly blocked: ReadonlySet<string>;
}

function readGraph(root: JsonObject): Graph {
  const links = new Map<string, readonly string[]>();
  const blocked = new Set<string>();
  const read = (schema: JsonObject): string[] => {
    const refs: string[] = [];
    visitSchema(schema, (node) => {
      const ref = node['$ref'];
      if (typeof ref !== 'string') return;
      refs.push(ref);
      if (Object.keys(node).some((key) => key !== '$ref' && !ANNOTATIONS.has(key))) blocked.add(ref);
    });
    return refs;
  };
  const { $defs: _defs, definitions: _definitions, ...outside } = root;
  links.set('', read(outside));
  for (const container of CONTAINERS) {
    for (const [name, value] of Object.entries(asObject(root[container]) ?? {})) {
      links.set(`#/${container}/${name}`, read(asObject(value) ?? {}));
    }
  }
  return { links, blocked };
}

function reachableFrom(from: string, { links }: Graph): Set<string> {
  const seen = new Set<string>();
  const open = [from];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    for (const ref of links.get(at) ?? []) {
      // The root leads to all that is outside of the definitions.
      if (seen.has(ref)) continue;
      seen.add(ref);
      open.push(ref === '#' ? '' : ref);
    }
  }
  return seen;
}

/** The definition in the place of its reference; what the reference says of itself goes first. */
function withBody(node: JsonObject, body: JsonObject): JsonObject {
  const { $ref: _ref, ...own } = node;
  const texts = [own['description'], body['description']].filter(
    (text): text is string => typeof text === 'string' && text.trim() !== '',
  );
  const [first, second] = texts;
  const description =
    first === undefined || second === undefined || first.includes(second)
      ? first
      : `${first.trim()} ${second}`;
  return { ...body, ...own, ...(description === undefined ? {} : { description }) };
}

function dropDefinitions(
  root: JsonObject,
  stays: (ref: string) => boolean,
  expand: (schema: JsonObject) => JsonObject,
): JsonObject {
  const { $defs: _defs, definitions: _definitions, ...outside } = root;
  const expanded = expand(outside);
  const kept: Record<string, JsonValue> = {};
  for (const container of CONTAINERS) {
    const entries = Object.entries(asObject(root[container]) ?? {});
    const staying = entries
      .filter(([name]) => stays(`#/${container}/${name}`))
      .map(([name, value]) => [name, expand(asObject(value) ?? {})] as const);
    if (staying.length > 0) kept[container] = Object.fromEntries(staying);
  }
  // The order of the caller's keys: what stays of the definitions keeps its place.
  const keys = Object.keys(root).filter((key) => Object.hasOwn(expanded, key) || Object.hasOwn(kept, key));
  const added = Object.keys(expanded).filter((key) => !Object.hasOwn(root, key));
  return Object.fromEntries([...keys, ...added].map((key) => [key, kept[key] ?? expanded[key]]));
}
