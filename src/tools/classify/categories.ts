import type { Embedder, JsonValue } from '../../contract/index.ts';
import { checkTools } from '../errors.ts';
import { embedAll, textsOf } from '../meaning.ts';
import { type ReadTool, readTool } from '../read-tool.ts';
import { spaceWords, wordsOf } from '../words.ts';
import { clusterVectors } from './cluster.ts';
import type { IntentExample, ToolCategory } from './options.ts';

/** Options of `categoriesOf`. */
export interface CategoriesOptions {
  /** Groups what names do not group, by meaning. @default none: such tools are in no category */
  readonly embedder?: Embedder;
  /** Tools whose names share their beginning are a category from so many on, at least 2. @default 3 */
  readonly minTools?: number;
  /** Ends the call with `AbortedError`. */
  readonly signal?: AbortSignal;
}

/** Sets a server's or a family's name apart: `mcp__github__create_issue`, `github.create_issue`, `github/...`. */
const SERVER = /^(?:mcp__)?([\p{L}\p{N}-]+(?:_[\p{L}\p{N}-]+)*?)(?:__|[./:])(?=[\p{L}\p{N}])/u;
const LEAST = 3;

/**
 * Groups a set of tools by what their names begin with (a server, or a word that several share), and the rest
 * by meaning. Tools that nothing groups are in no category. The result is in the order of first tools.
 *
 * @throws InputError `invalid_tools`; AbortedError; what the embedder throws
 * @example
 * const categories = await categoriesOf(tools, { embedder: createStaticEmbedder() });
 */
export async function categoriesOf(
  tools: readonly JsonValue[],
  options: CategoriesOptions = {},
): Promise<readonly ToolCategory[]> {
  checkTools(tools);
  const { minTools = LEAST } = options;
  const read = readableOf(tools);
  const groups = groupBy(read, ({ name }) => SERVER.exec(name)?.[1]?.toLowerCase());
  const unnamed = read.filter(({ name }) => !SERVER.test(name));
  for (const [word, own] of groupBy(unnamed, ({ name }) => firstWord(name))) groups.set(word, own);
  const found = [...groups].filter(([, own]) => own.length >= minTools);
  const grouped = new Set(found.flatMap(([, own]) => own));
  const rest = read.filter((tool) => !grouped.has(tool));
  const byName = found.map(([name, own]) => ({ name, own }));
  const byMeaning = await clusters(rest, options);
  const place = new Map(read.map((tool, i) => [tool, i]));
  const first = ({ own }: { readonly own: readonly ReadTool[] }) => place.get(own[0] as ReadTool) as number;
  return unique([...byName, ...byMeaning].toSorted((a, b) => first(a) - first(b))).map(({ name, own }) => ({
    name,
    tools: own.map((tool) => tool.name),
  }));
}

/** The examples that categories are learned from: the texts of their own tools. */
export function categoryExamples(
  tools: readonly JsonValue[],
  categories: readonly ToolCategory[],
): IntentExample[] {
  checkTools(tools);
  const byName = new Map(readableOf(tools).map((tool) => [tool.name, tool]));
  return categories.flatMap(({ name, tools: names }) =>
    names.flatMap((tool) => {
      const read = byName.get(tool);
      return read === undefined ? [] : examplesOf(read).map((text) => ({ text, label: name }));
    }),
  );
}

/** What people may say when they need the tool, as far as its own texts tell. */
function examplesOf(tool: ReadTool): string[] {
  const texts = new Set(textsOf(tool));
  texts.add(spaceWords(tool.name));
  for (const sentence of tool.description
    .slice(0, 1_000)
    .split(/(?<=[.!?。])\s+|\n+/u)
    .slice(0, 4))
    if (wordsOf(sentence).length > 2) texts.add(sentence.trim());
  return [...texts].filter((text) => wordsOf(text).length > 0);
}

function readableOf(tools: readonly JsonValue[]): ReadTool[] {
  const seen = new Set<string>();
  return tools.map(readTool).filter(({ name, isReadable }) => {
    if (!isReadable || seen.has(name)) return false;
    seen.add(name);
    return true;
  });
}

/** Verbs begin the names of unlike tools: what they share says nothing. */
const VERBS = new Set(
  (
    'get set list create make add new update edit delete remove read write find search query fetch send post put run execute call ' +
    'check show view open close start stop load save copy move rename upload download generate convert calculate compute is has can do'
  ).split(' '),
);

function firstWord(name: string): string | undefined {
  const words = wordsOf(name);
  const [first, ...others] = words[0] === 'mcp' ? words.slice(1) : words;
  return first === undefined || others.length === 0 || VERBS.has(first) ? undefined : first;
}

function groupBy(
  tools: readonly ReadTool[],
  keyOf: (tool: ReadTool) => string | undefined,
): Map<string, ReadTool[]> {
  const groups = new Map<string, ReadTool[]>();
  for (const tool of tools) {
    const key = keyOf(tool);
    if (key === undefined) continue;
    const own = groups.get(key);
    if (own === undefined) groups.set(key, [tool]);
    else own.push(tool);
  }
  return groups;
}

async function clusters(
  tools: readonly ReadTool[],
  { embedder, minTools = LEAST, signal }: CategoriesOptions,
): Promise<{ readonly name: string; readonly own: readonly ReadTool[] }[]> {
  if (embedder === undefined || tools.length < minTools) return [];
  const texts = tools.map((tool) => textsOf(tool)[0] ?? tool.name);
  const vectors = await embedAll(embedder, texts, signal);
  return clusterVectors(vectors)
    .filter(({ places }) => places.length >= minTools)
    .map(({ center, places }) => ({
      name: (tools[center] as ReadTool).name,
      own: places.map((at) => tools[at] as ReadTool),
    }));
}

/** A later category of a name that is taken gets a number. */
function unique<T extends { readonly name: string }>(categories: readonly T[]): T[] {
  const taken = new Set<string>();
  return categories.map((category) => {
    let { name } = category;
    for (let i = 2; taken.has(name); i += 1) name = `${category.name} ${i}`;
    taken.add(name);
    return { ...category, name };
  });
}
