import type {
  ChatRequest,
  JsonObject,
  JsonValue,
  ToolDefinition,
  ToolDialect,
  WireFormat,
} from '../../contract/index.ts';
import { BoundedMap } from '../../support/index.ts';
import { formOf } from '../compact/form.ts';
import type { CompactionLevel } from '../compact/options.ts';
import { createCompactor } from '../compact/tool-compaction.ts';
import { describeToolIn } from './own-tools.ts';

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

/** What becomes of one tool. */
interface Smaller {
  /** With all that its descriptions say. */
  readonly full: Changes;
  /** With long descriptions cut, at level `lazy`. */
  readonly cut: Changes;
  /** True where the two differ. */
  readonly isCut: boolean;
}

const AS_IT_WAS: Smaller = { full: undefined, cut: undefined, isCut: false };

type Compactor = ReturnType<typeof createCompactor>;

/** A request with smaller tools; each is the same object as before where none gets smaller. */
export interface SmallerRequest {
  /** With all that the descriptions say. */
  readonly full: ChatRequest;
  /** With long descriptions cut, and `describe_tool` as the last tool where one is. */
  readonly cut: ChatRequest;
  /** Names of the tools that are cut there. */
  readonly cutNames: ReadonlySet<string>;
}

/** All tools of a request as the caller sent them. */
export interface WholeSet {
  readonly model: string;
  readonly tools: readonly ToolDefinition[];
  /** Tells sets apart. */
  readonly hash: string;
}

interface KeptSet {
  tools?: readonly Smaller[];
  readonly ready: Promise<readonly Smaller[]>;
}

/**
 * Makes the tools of requests smaller. What becomes of a tool depends on it, the model and the level alone (INV-P5),
 * and of its members only the description and the schema change. Bounded by models, tools and sets (INV-S4).
 */
export class SmallerTools {
  readonly #level: CompactionLevel;
  readonly #countTokens: (text: string, model: string) => number;
  readonly #dialectOf: (wire: WireFormat) => ToolDialect;
  readonly #compactors = new BoundedMap<string, Compactor>(MOST_MODELS);
  readonly #sets = new BoundedMap<string, KeptSet>(MOST_SETS);

  constructor(
    level: CompactionLevel,
    options: {
      readonly countTokens: (text: string, model: string) => number;
      readonly dialectOf: (wire: WireFormat) => ToolDialect;
    },
  ) {
    this.#level = level;
    this.#countTokens = options.countTokens;
    this.#dialectOf = options.dialectOf;
  }

  /** The request with some tools of the caller, each smaller. */
  some(request: ChatRequest): SmallerRequest {
    const compactor = this.#compactorFor(request.model);
    return this.#request(
      request,
      request.tools.map((tool) => smaller(tool, compactor)),
    );
  }

  /** The request with tools out of a set, each smaller; undefined while the set is still being compacted. */
  ofSet(request: ChatRequest, set: WholeSet): SmallerRequest | undefined {
    const { tools } = this.begin(set);
    if (tools === undefined) return undefined;
    if (request.tools === set.tools) return this.#request(request, tools);
    const places = new Map(set.tools.map(({ path }, place) => [JSON.stringify(path), place]));
    return this.#request(
      request,
      request.tools.map(({ path }) => tools[places.get(JSON.stringify(path)) ?? -1] ?? AS_IT_WAS),
    );
  }

  #request(request: ChatRequest, all: readonly Smaller[]): SmallerRequest {
    const full = withChanges(
      request,
      all.map((tool) => tool.full),
    );
    // What is loaded on demand costs nothing until then, and is found by its description.
    const isCut = all.map((tool, i) => tool.isCut && !isDeferred(request.tools[i]));
    const cutNames = new Set(request.tools.filter((_, i) => isCut[i]).map(({ name }) => name));
    if (cutNames.size === 0) return { full, cut: full, cutNames };
    const { tools } = withChanges(
      request,
      all.map((tool, i) => (isCut[i] ? tool.cut : tool.full)),
    );
    const ours = describeToolIn(this.#dialectOf(request.wire));
    return { full, cut: { ...request, tools: [...tools, ours] }, cutNames };
  }

  /** Has a set of tools compacted in the background, in slices. */
  begin({ model, tools, hash }: WholeSet): KeptSet {
    const key = JSON.stringify([model, hash]);
    const known = this.#sets.get(key);
    if (known !== undefined) return known;
    const kept: KeptSet = { ready: compactInSlices(tools, this.#compactorFor(model)) };
    this.#sets.set(key, kept);
    kept.ready.then(
      (compact) => {
        kept.tools = compact;
      },
      // Whoever waits hears of it; the next request tries again.
      () => void this.#sets.delete(key),
    );
    return kept;
  }

  #compactorFor(model: string): Compactor {
    const kept =
      this.#compactors.get(model) ??
      createCompactor({
        level: this.#level,
        countTokens: (text) => this.#countTokens(text, model),
      });
    this.#compactors.set(model, kept);
    return kept;
  }
}

async function compactInSlices(
  tools: readonly ToolDefinition[],
  compactor: Compactor,
): Promise<readonly Smaller[]> {
  const compact: Smaller[] = [];
  let sliceEnd = performance.now() + SLICE_MS;
  for (const tool of tools) {
    if (performance.now() > sliceEnd) {
      await new Promise(setImmediate);
      sliceEnd = performance.now() + SLICE_MS;
    }
    compact.push(smaller(tool, compactor));
  }
  return compact;
}

function smaller({ isHosted, path, value }: ToolDefinition, compactor: Compactor): Smaller {
  // What the provider runs is the provider's to word, and what the caller did not write is as small as we could.
  if (isHosted || path === undefined || !isPlainObject(value) || !isWrittenAlike(value)) return AS_IT_WAS;
  const bare = Object.fromEntries(Object.entries(value).filter(([key]) => !PLACING.includes(key)));
  const { tool, uncut } = compactor(bare);
  const cut = changesOf(bare, tool);
  if (uncut === undefined) return { full: cut, cut, isCut: false };
  return { full: changesOf(bare, uncut), cut, isCut: true };
}

function isDeferred(tool: ToolDefinition | undefined): boolean {
  return (tool?.value as JsonObject | undefined)?.['defer_loading'] === true;
}

function changesOf(bare: JsonObject, compact: JsonValue): Changes {
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
