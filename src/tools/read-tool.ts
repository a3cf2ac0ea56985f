import type { JsonObject, JsonValue } from '../contract/index.ts';
import type { ToolNote } from './options.ts';

/** What a tool says of itself, whichever form it came in. */
export interface ReadTool {
  readonly name: string;
  readonly description: string;
  /** Names, descriptions and listed values of the parameters, each joined. */
  readonly parameterNames: string;
  readonly parameterTexts: string;
  readonly values: string;
  /** Which server it came from: a field `server`, or the name's `mcp__server__`; empty where nothing says so. */
  readonly server: string;
  /** True when the provider runs it: there is nothing to rank. */
  readonly isHosted: boolean;
  /** False for what has no name: it is kept as it is. */
  readonly isReadable: boolean;
  /**
   * The tool as compact JSON: what is sent, and what its content hash is made of. Cut at 1,000 levels where it is
   * nested too deep to be written (note `schema_deep`).
   */
  readonly json: string;
  readonly notes: readonly ToolNote['code'][];
}

const MOST_NODES = 4_000;
const MOST_CHARS = 20_000;
const MOST_DEPTH = 24;
const MOST_WRITTEN_DEPTH = 1_000;
const SCHEMA_KEYS = ['parameters', 'input_schema', 'inputSchema'] as const;

/** Reads a tool in the form of OpenAI (chat, responses), Anthropic or MCP; never throws. */
export function readTool(value: JsonValue): ReadTool {
  const { json, isWhole } = write(value);
  const outer = asObject(value);
  const inner = asObject(outer?.['function']) ?? outer;
  const type = text(outer?.['type']);
  const name = text(inner?.['name']);
  const schemaKey = SCHEMA_KEYS.find((key) => inner !== undefined && key in inner);
  const isHosted =
    inner === outer && type !== '' && !['function', 'custom'].includes(type) && schemaKey === undefined;
  if (inner === undefined || (name === '' && !isHosted)) {
    return { ...EMPTY, name: type, json, isHosted: false, isReadable: false, notes: ['unreadable_tool'] };
  }
  const schema = schemaKey === undefined ? undefined : inner[schemaKey];
  const notes: ToolNote['code'][] = isWhole ? [] : ['schema_deep'];
  if (schema !== undefined && schema !== null && asObject(schema) === undefined) notes.push('invalid_schema');
  const found = collect(asObject(schema));
  if (found.isCut) notes.push('schema_cut');
  return {
    name: name === '' ? type : name,
    server: text(inner['server']) || (/^mcp__(.+?)__/u.exec(name)?.[1] ?? ''),
    description: text(inner['description']),
    parameterNames: found.names.join(' '),
    parameterTexts: found.texts.join('\n'),
    values: found.values.join(' '),
    isHosted,
    isReadable: true,
    json,
    notes,
  };
}

/** The engine writes only so deep as its stack allows, some 5,000 levels. */
function write(value: JsonValue): { readonly json: string; readonly isWhole: boolean } {
  try {
    return { json: JSON.stringify(value) ?? 'null', isWhole: true };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { json: JSON.stringify(cutBelow(value, MOST_WRITTEN_DEPTH)) ?? 'null', isWhole: false };
  }
}

function cutBelow(value: JsonValue | undefined, levels: number): JsonValue {
  if (typeof value !== 'object' || value === null) return value ?? null;
  if (levels === 0) return null;
  if (Array.isArray(value)) return (value as readonly JsonValue[]).map((item) => cutBelow(item, levels - 1));
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, cutBelow(part, levels - 1)]));
}

const EMPTY = { server: '', description: '', parameterNames: '', parameterTexts: '', values: '' } as const;

interface Found {
  readonly names: string[];
  readonly texts: string[];
  readonly values: string[];
  isCut: boolean;
}

/** Walks a schema breadth first, so that what is cut off is the deepest. */
function collect(schema: JsonObject | undefined): Found {
  const found: Found = { names: [], texts: [], values: [], isCut: false };
  let level: readonly JsonValue[] = schema === undefined ? [] : [schema];
  let nodes = 0;
  let chars = 0;
  for (let depth = 0; level.length > 0 && depth < MOST_DEPTH; depth += 1) {
    const next: JsonValue[] = [];
    for (const node of level) {
      nodes += 1;
      if (nodes > MOST_NODES || chars > MOST_CHARS) return { ...found, isCut: true };
      const before = found.texts.length + found.values.length;
      if (Array.isArray(node)) next.push(...node.slice(0, MOST_NODES));
      else if (asObject(node) !== undefined)
        readNode(node as JsonObject, { found, next, isRoot: depth === 0 });
      if (found.texts.length + found.values.length > before) chars += (found.texts.at(-1) ?? '').length;
    }
    level = next;
  }
  return { ...found, isCut: level.length > 0 };
}

function readNode(
  node: JsonObject,
  { found, next, isRoot }: { readonly found: Found; readonly next: JsonValue[]; readonly isRoot: boolean },
): void {
  const description = text(node['description']);
  if (description !== '' && !isRoot) found.texts.push(description.slice(0, MOST_CHARS));
  const values = node['enum'];
  if (Array.isArray(values)) {
    for (const value of values.slice(0, 200))
      if (typeof value === 'string') found.values.push(value.slice(0, 80));
  }
  const properties = asObject(node['properties']);
  if (properties !== undefined) {
    for (const [name, property] of Object.entries(properties)) {
      found.names.push(name.slice(0, 120));
      next.push(property as JsonValue);
    }
  }
  for (const key of ['items', 'anyOf', 'oneOf', 'allOf', '$defs', 'definitions', 'additionalProperties']) {
    const child = node[key];
    if (key === '$defs' || key === 'definitions')
      next.push(...(Object.values(asObject(child) ?? {}) as JsonValue[]));
    else if (typeof child === 'object' && child !== null) next.push(child);
  }
}

function asObject(value: JsonValue | undefined): JsonObject | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as JsonObject)
    : undefined;
}

function text(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : '';
}
