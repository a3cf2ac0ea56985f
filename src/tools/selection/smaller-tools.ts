import type { ChatRequest, JsonObject, JsonValue, ToolDefinition } from '../../contract/index.ts';
import { BoundedMap } from '../../support/index.ts';
import { formOf } from '../compact/form.ts';
import type { ToolCompaction } from '../compact/options.ts';
import { createToolCompaction } from '../compact/tool-compaction.ts';

/** How far the stage compacts: what needs a tool of ours besides is not for it. */
export type StageCompactionLevel = 'schema' | 'text';

/** Models whose compactions are kept: tokens differ from model to model. */
const MOST_MODELS = 8;
/** Sets of tools that are kept whole, by model. */
const MOST_SETS = 32;
/** Milliseconds of work between two looks at the event loop. */
const SLICE_MS = 8;
/** Members that say where a tool stands in a request, not what it is. */
const PLACING = ['cache_control', 'defer_loading'];

/** The members of a tool that compaction makes smaller; undefined where it makes none. */
type Changes = JsonObject | undefined;

/** All tools of a request as the caller sent them. */
export interface WholeSet {
  readonly model: string;
  readonly tools: readonly ToolDefinition[];
  /** Tells sets apart. */
  readonly hash: string;
}

interface KeptSet {
  changes?: readonly Changes[];
  readonly ready: Promise<readonly Changes[]>;
}

/**
 * Makes the tools of requests smaller. What becomes of a tool depends on it, the model and the level alone (INV-P5),
 * and of its members only the description and the schema change. Bounded by models, tools and sets (INV-S4).
 */
export class SmallerTools {
  readonly #level: StageCompactionLevel;
  readonly #countTokens: (text: string, model: string) => number;
  readonly #compactions = new BoundedMap<string, ToolCompaction>(MOST_MODELS);
  readonly #sets = new BoundedMap<string, KeptSet>(MOST_SETS);

  constructor(level: StageCompactionLevel, countTokens: (text: string, model: string) => number) {
    this.#level = level;
    this.#countTokens = countTokens;
  }

  /** The request with some tools of the caller, each smaller; the same object where none gets smaller. */
  some(request: ChatRequest): ChatRequest {
    const compaction = this.#compactionFor(request.model);
    return withChanges(
      request,
      request.tools.map((tool) => changesOf(tool, compaction)),
    );
  }

  /**
   * The request with tools out of a set, each smaller; the same object where none gets smaller, undefined while the set
   * is still being compacted.
   */
  ofSet(request: ChatRequest, set: WholeSet): ChatRequest | undefined {
    const { changes } = this.begin(set);
    if (changes === undefined) return undefined;
    if (request.tools === set.tools) return withChanges(request, changes);
    const places = new Map(set.tools.map(({ path }, place) => [JSON.stringify(path), place]));
    return withChanges(
      request,
      request.tools.map(({ path }) => changes[places.get(JSON.stringify(path)) ?? -1]),
    );
  }

  /** Has a set of tools compacted in the background, in slices. */
  begin({ model, tools, hash }: WholeSet): KeptSet {
    const key = JSON.stringify([model, hash]);
    const known = this.#sets.get(key);
    if (known !== undefined) return known;
    const kept: KeptSet = { ready: compactInSlices(tools, this.#compactionFor(model)) };
    this.#sets.set(key, kept);
    kept.ready.then(
      (changes) => {
        kept.changes = changes;
      },
      // Whoever waits hears of it; the next request tries again.
      () => void this.#sets.delete(key),
    );
    return kept;
  }

  #compactionFor(model: string): ToolCompaction {
    const kept =
      this.#compactions.get(model) ??
      createToolCompaction({
        level: this.#level,
        countTokens: (text) => this.#countTokens(text, model),
      });
    this.#compactions.set(model, kept);
    return kept;
  }
}

async function compactInSlices(
  tools: readonly ToolDefinition[],
  compaction: ToolCompaction,
): Promise<readonly Changes[]> {
  const changes: Changes[] = [];
  let sliceEnd = performance.now() + SLICE_MS;
  for (const tool of tools) {
    if (performance.now() > sliceEnd) {
      await new Promise(setImmediate);
      sliceEnd = performance.now() + SLICE_MS;
    }
    changes.push(changesOf(tool, compaction));
  }
  return changes;
}

function changesOf({ isHosted, path, value }: ToolDefinition, compaction: ToolCompaction): Changes {
  // What the provider runs is the provider's to word, and what the caller did not write is as small as we could.
  if (isHosted || path === undefined || !isPlainObject(value) || !isWrittenAlike(value)) return undefined;
  const bare = Object.fromEntries(Object.entries(value).filter(([key]) => !PLACING.includes(key)));
  const compact = compaction.compactTool(bare);
  if (compact === bare || !isPlainObject(compact)) return undefined;
  const changed = Object.entries(compact).filter(([key, member]) => member !== bare[key]);
  return changed.length === 0 ? undefined : Object.fromEntries(changed);
}

function withChanges(request: ChatRequest, changes: readonly Changes[]): ChatRequest {
  if (changes.every((change) => change === undefined)) return request;
  return { ...request, tools: request.tools.map((tool, place) => changed(tool, changes[place])) };
}

function changed(tool: ToolDefinition, changes: Changes): ToolDefinition {
  if (changes === undefined) return tool;
  const value: JsonObject = { ...(tool.value as JsonObject), ...changes };
  const form = formOf(value);
  const description = form?.inner['description'];
  const schema = form?.schemaKey === undefined ? undefined : form.inner[form.schemaKey];
  return {
    ...tool,
    ...(typeof description === 'string' ? { description } : {}),
    ...(schema === undefined ? {} : { schema }),
    value,
  };
}

function isPlainObject(value: JsonValue): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * True when writing a value gives the numbers that were read: an integer beyond 2^53 was rounded when it was parsed,
 * so a limit that is written anew would be another one (INV-T3).
 */
function isWrittenAlike(value: JsonValue | undefined): boolean {
  if (typeof value === 'number')
    return Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value));
  if (typeof value !== 'object' || value === null) return true;
  return Object.values(value).every((part) => isWrittenAlike(part));
}
