import type { JsonObject, JsonValue } from '../../contract/index.ts';
import { definitionOf } from './inspect.ts';
import { ANNOTATIONS, asObject } from './keywords.ts';
import { mapSchema, visitSchema } from './walk.ts';

/** A definition this short costs less where it is used than the references to it, however many. */
const SHORT = 40;
const CONTAINERS = ['$defs', 'definitions'] as const;

/** Most levels of schemas that stand in each other in a definition that is put in the place of its reference. */
const MOST_LEVELS = 20;

/**
 * Puts definitions in the place of the references to them where each is used once or short, and drops those
 * that nothing leads to. Recursive ones stay (something outside leads into the circle, so that one of it is used
 * twice), and so do deep ones, and those whose references have keywords beside them that some drafts read and
 * others do not. Takes time in proportion to the schema.
 */
export function inlineReferences(root: JsonObject): JsonObject {
  if (!CONTAINERS.some((key) => key in root)) return root;
  const graph = readGraph(root);
  const reachable = reachableFrom('', graph);
  const inlined = inlinedOf(root, { graph, reachable });
  const expand = (schema: JsonObject): JsonObject =>
    mapSchema(schema, (node) => {
      const ref = node['$ref'];
      const body = typeof ref === 'string' && inlined.has(ref) ? definitionOf(root, ref) : undefined;
      return body === undefined ? node : withBody(node, expand(body));
    });
  return dropDefinitions(root, (ref) => reachable.has(ref) && !inlined.has(ref), expand);
}

/** A reference, and how many schemas it stands in, of those that its definition holds. */
interface Link {
  readonly ref: string;
  readonly depth: number;
}

interface Graph {
  /** For each definition, and '' for what is outside of them, the references in it. */
  readonly links: ReadonlyMap<string, readonly Link[]>;
  /** Levels of each definition. */
  readonly levels: ReadonlyMap<string, number>;
  readonly blocked: ReadonlySet<string>;
}

function readGraph(root: JsonObject): Graph {
  const links = new Map<string, readonly Link[]>();
  const levels = new Map<string, number>();
  const blocked = new Set<string>();
  const read = (from: string, schema: JsonObject): void => {
    const own: Link[] = [];
    let deepest = 0;
    visitSchema(schema, (node, { depth }) => {
      deepest = Math.max(deepest, depth);
      const ref = node['$ref'];
      if (typeof ref !== 'string') return;
      own.push({ ref, depth });
      if (Object.keys(node).some((key) => key !== '$ref' && !ANNOTATIONS.has(key))) blocked.add(ref);
    });
    links.set(from, own);
    levels.set(from, deepest + 1);
  };
  const { $defs: _defs, definitions: _definitions, ...outside } = root;
  read('', outside);
  for (const container of CONTAINERS) {
    for (const [name, value] of Object.entries(asObject(root[container]) ?? {})) {
      read(`#/${container}/${name}`, asObject(value) ?? {});
    }
  }
  return { links, levels, blocked };
}

function reachableFrom(from: string, { links }: Graph): Set<string> {
  const seen = new Set<string>();
  const open = [from];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    for (const { ref } of links.get(at) ?? []) {
      // The root leads to all that is outside of the definitions.
      if (seen.has(ref)) continue;
      seen.add(ref);
      open.push(ref === '#' ? '' : ref);
    }
  }
  return seen;
}

function inlinedOf(
  root: JsonObject,
  { graph, reachable }: { readonly graph: Graph; readonly reachable: ReadonlySet<string> },
): Set<string> {
  const uses = new Map<string, number>();
  for (const from of [...reachable, '']) {
    for (const { ref } of graph.links.get(from) ?? []) uses.set(ref, (uses.get(ref) ?? 0) + 1);
  }
  const candidates = new Set<string>();
  for (const ref of reachable) {
    const body = definitionOf(root, ref);
    if (body === undefined || graph.blocked.has(ref)) continue;
    const isLeaf = (graph.links.get(ref) ?? []).length === 0;
    if (uses.get(ref) === 1 || (isLeaf && JSON.stringify(body).length <= SHORT)) candidates.add(ref);
  }
  return shallowOf(candidates, graph);
}

/**
 * Those of the candidates that are not too deep with the ones in them put in their places. No two of them lead to
 * each other, so that each can be judged after what it leads to.
 */
function shallowOf(candidates: ReadonlySet<string>, { links, levels }: Graph): Set<string> {
  const shallow = new Set<string>();
  const whole = new Map<string, number>();
  const open = [...candidates];
  for (let ref = open.at(-1); ref !== undefined; ref = open.at(-1)) {
    const own = whole.has(ref) ? [] : (links.get(ref) ?? []).filter((link) => candidates.has(link.ref));
    const unknown = own.filter((link) => !whole.has(link.ref));
    for (const link of unknown) open.push(link.ref);
    if (unknown.length > 0) continue;
    open.pop();
    if (whole.has(ref)) continue;
    let most = levels.get(ref) ?? 1;
    for (const link of own) {
      if (shallow.has(link.ref)) most = Math.max(most, link.depth + (whole.get(link.ref) ?? 1));
    }
    whole.set(ref, most);
    if (most <= MOST_LEVELS) shallow.add(ref);
  }
  return shallow;
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
