import type { JsonValue } from '../contract/index.ts';
import { sha256Hex, throwIfAborted } from '../support/index.ts';
import { choose } from './choose.ts';
import { categoryBoosts } from './classify/boosts.ts';
import { checkMax, checkMaxTokens, checkTools } from './errors.ts';
import { groupsOf } from './groups.ts';
import { MOST_NEAR, toolsNamedBy } from './kin.ts';
import { Lexicon, TermReader, type ToolTerms } from './lexicon.ts';
import { type Asked, likelyTools } from './likely.ts';
import { embedAll, Meanings, textsOf } from './meaning.ts';
import { namedTools, ToolNames } from './names.ts';
import { type NearTool, nearestTools } from './near.ts';
import type { ToolIndex, ToolIndexOptions, ToolNote } from './options.ts';
import { readQuery } from './query.ts';
import { highest, type Match } from './rank.ts';
import { type ReadTool, readTool } from './read-tool.ts';
import { wordsOf } from './words.ts';

/** What is added to a tool's figure where its category is certain. */
const CATEGORY = 0.1;

/** What is kept of a tool, by the hash of its content. */
interface Entry {
  readonly hash: string;
  readonly tool: ReadTool;
  readonly terms: ToolTerms;
  /** Equal for tools whose names have the same words. */
  readonly siblingKey: string;
  vectors?: readonly Float32Array[];
  tokens?: number;
}

/**
 * Returns an index that ranks a set of tools for a request, by words (BM25 over weighted fields) and by
 * meaning (the best cosine of a tool's texts), step by step.
 *
 * Words are indexed here; vectors are made with the first selection (5,000 tools: some 0.3 s in all).
 *
 * @throws InputError `invalid_tools`
 * @example
 * const index = createToolIndex({ tools, embedder: createStaticEmbedder() });
 * const { tools: chosen } = await index.rank('what will the weather be in Rome?', { max: 5 });
 */
export function createToolIndex(options: ToolIndexOptions): ToolIndex {
  checkTools(options.tools);
  return new HybridToolIndex(options, { reader: new TermReader(), known: new Map() });
}

interface Kept {
  readonly reader: TermReader;
  readonly known: ReadonlyMap<string, Entry>;
}

class HybridToolIndex implements ToolIndex {
  readonly #options: ToolIndexOptions;
  readonly #reader: TermReader;
  readonly #entries: readonly Entry[];
  readonly #tools: readonly ReadTool[];
  readonly #lexicon: Lexicon;
  readonly #names: ToolNames;
  readonly #notes: readonly ToolNote[];
  #meanings: Promise<Meanings> | undefined;
  #groups: readonly (readonly number[])[] | undefined;
  /** What each tool's description names, once it was asked for: most never are. */
  readonly #mentions = new Map<number, readonly number[]>();
  /** The tools nearest to each, once it was called. */
  readonly #nearest = new Map<number, readonly NearTool[]>();

  constructor(options: ToolIndexOptions, { reader, known }: Kept) {
    this.#options = options;
    this.#reader = reader;
    this.#entries = options.tools.map((value) => {
      const tool = readTool(value);
      const hash = sha256Hex(tool.json);
      return (
        known.get(hash) ?? {
          hash,
          tool,
          terms: reader.readTool(tool),
          siblingKey: wordsOf(tool.name).toSorted().join(' '),
        }
      );
    });
    this.#lexicon = new Lexicon(this.#entries.map(({ terms }) => terms));
    this.#tools = this.#entries.map(({ tool }) => tool);
    this.#names = new ToolNames(this.#tools.map(({ name }) => name));
    this.#notes = notesOf(this.#tools);
  }

  get size(): number {
    return this.#entries.length;
  }

  update(tools: readonly JsonValue[]): ToolIndex {
    checkTools(tools);
    const known = new Map(this.#entries.map((entry) => [entry.hash, entry]));
    return new HybridToolIndex({ ...this.#options, tools }, { reader: this.#reader, known });
  }

  async rank(...[query, options = {}]: Parameters<ToolIndex['rank']>): ReturnType<ToolIndex['rank']> {
    const { max = 10, maxTokens, signal } = options;
    const { countTokens } = this.#options;
    checkMax(max);
    checkMaxTokens(maxTokens, countTokens !== undefined);
    throwIfAborted(signal);
    const read = readQuery(query);
    const asked: Asked = {
      tools: this.#tools,
      names: this.#names,
      named: namedTools(this.#names, read.mentions),
      query: read,
      matches: await this.#match(
        read.parts.map(({ text }) => text),
        signal,
      ),
      options: { ...options, max },
      transitions: options.transitions ?? this.#options.transitions,
      boosts: await this.#boosts(read.text, signal),
      groupOf: (index) => this.#groupOf(index),
      namedBy: (index) => this.#namedBy(index),
      nearestOf: (index) => this.#nearestOf(index),
    };
    const { shares, isNoneNeeded } = likelyTools(asked);
    const isReranked = await this.#rerank(read.text, shares, signal);
    return choose({
      ...asked,
      shares,
      isNoneNeeded,
      notes: isReranked ? this.#notes : [...this.#notes, { code: 'reranker_failed', name: '' }],
      siblingKey: (index) => this.#entries[index]?.siblingKey ?? '',
      ...(countTokens === undefined ? {} : { tokensOf: (index) => this.#tokens(index, countTokens) }),
    });
  }

  /** What speaks for tools of the categories that the request seems to belong to, by name. */
  async #boosts(text: string, signal: AbortSignal | undefined): Promise<ReadonlyMap<string, number>> {
    const { categories = [], categoryOf } = this.#options;
    if (categories.length === 0 || categoryOf === undefined) return new Map();
    const guesses = await categoryOf(text, signal === undefined ? {} : { signal });
    return categoryBoosts(guesses, categories, CATEGORY);
  }

  /** Words and meaning of each text, for each tool. */
  async #match(texts: readonly string[], signal: AbortSignal | undefined): Promise<Match[]> {
    const { embedder } = this.#options;
    const meanings = embedder === undefined ? undefined : await this.#makeMeanings(signal);
    const vectors = embedder === undefined ? [] : await embedAll(embedder, texts, signal);
    return texts.map((text, part) => {
      const words = new Float32Array(this.size);
      this.#lexicon.match(this.#reader.readQuery(text), words);
      const vector = vectors[part];
      if (meanings === undefined || vector === undefined) return { words, meaning: undefined };
      const meaning = new Float32Array(this.size);
      meanings.compare(vector, meaning);
      return { words, meaning };
    });
  }

  /** Gives the likeliest tools' shares to them anew, in the reranker's order; false when it failed. */
  async #rerank(query: string, shares: Float32Array, signal: AbortSignal | undefined): Promise<boolean> {
    const { reranker, rerankCount = 30 } = this.#options;
    if (reranker === undefined || this.size === 0) return true;
    const places = highest(shares, rerankCount);
    const tools = places.map((index) => {
      const { name, description } = (this.#entries[index] as Entry).tool;
      return { name, description, index };
    });
    try {
      const fits = await reranker(query, tools, signal === undefined ? {} : { signal });
      if (fits.length !== places.length || !fits.every((fit) => Number.isFinite(fit))) return false;
      const before = places.map((index) => shares[index] as number);
      const order = places.map((_, i) => i).toSorted((a, b) => (fits[b] as number) - (fits[a] as number));
      for (const [rank, i] of order.entries()) shares[places[i] as number] = before[rank] as number;
      return true;
    } catch {
      throwIfAborted(signal);
      return false;
    }
  }

  #groupOf(index: number): readonly number[] {
    this.#groups ??= groupsOf(this.#entries.map(({ tool, vectors }) => ({ ...tool, vector: vectors?.[0] })));
    return this.#groups[index] ?? [];
  }

  #namedBy(index: number): readonly number[] {
    let named = this.#mentions.get(index);
    if (named === undefined) {
      named = toolsNamedBy(this.#tools[index] as ReadTool, { tools: this.#tools, names: this.#names });
      this.#mentions.set(index, named);
    }
    return named;
  }

  #nearestOf(index: number): readonly NearTool[] {
    let nearest = this.#nearest.get(index);
    if (nearest === undefined) {
      const vectorOf = (tool: number): Float32Array | undefined => this.#entries[tool]?.vectors?.[0];
      nearest = nearestTools(index, this.#groupOf(index), { most: MOST_NEAR, vectorOf });
      this.#nearest.set(index, nearest);
    }
    return nearest;
  }

  #makeMeanings(signal: AbortSignal | undefined): Promise<Meanings> {
    this.#meanings ??= this.#embedTools(signal).catch((error: unknown) => {
      // An embedder that is down now may be up for the next selection.
      this.#meanings = undefined;
      throw error;
    });
    return this.#meanings;
  }

  async #embedTools(signal: AbortSignal | undefined): Promise<Meanings> {
    const { embedder } = this.#options;
    if (embedder === undefined) return new Meanings([], 0);
    const missing = this.#entries.filter(({ vectors }) => vectors === undefined);
    const texts = missing.map(({ tool }) => textsOf(tool));
    const vectors = await embedder.embed(texts.flat(), signal === undefined ? {} : { signal });
    let at = 0;
    for (const [i, entry] of missing.entries()) {
      const count = texts[i]?.length ?? 0;
      entry.vectors = vectors.slice(at, at + count);
      at += count;
    }
    return new Meanings(
      this.#entries.map((entry) => entry.vectors ?? []),
      embedder.identity.dimensions,
    );
  }

  #tokens(index: number, countTokens: (text: string) => number): number {
    const entry = this.#entries[index] as Entry;
    entry.tokens ??= countTokens(entry.tool.json);
    return entry.tokens;
  }
}

function notesOf(tools: readonly ReadTool[]): ToolNote[] {
  const seen = new Set<string>();
  const notes: ToolNote[] = [];
  for (const { name, isReadable, notes: own } of tools) {
    if (isReadable && seen.has(name)) notes.push({ code: 'duplicate_name', name });
    seen.add(name);
    for (const code of own) notes.push({ code, name });
  }
  return notes;
}
