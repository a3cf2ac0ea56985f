import type { Embedder, EventSink, JsonValue, ToolDefinition } from '../../contract/index.ts';
import { BoundedMap, sha256Hex } from '../../support/index.ts';
import type { ToolIndex, ToolIndexOptions } from '../options.ts';
import { createToolIndex } from '../tool-index.ts';

/** Sets whose index is kept; the least used are read anew. */
const MOST_SETS = 32;
/** Tools that are indexed between two looks at the event loop. */
const TOOLS_A_TURN = 500;

/** A set is read from one that has at least this share of its names. */
const ALIKE = 0.8;

/** The index of a set of tools, or the promise of one. */
interface Kept {
  index?: ToolIndex;
  readonly names: ReadonlySet<string>;
  readonly model: string;
  readonly ready: Promise<ToolIndex>;
}

/** Keeps the indexes of the latest sets, by their content. */
export class ToolIndexes {
  readonly #kept = new BoundedMap<string, Kept>(MOST_SETS);
  readonly #embedder: Embedder | undefined;
  readonly #countTokens: ((text: string, model: string) => number) | undefined;
  readonly #onEvent: EventSink;

  constructor(options: {
    readonly embedder: Embedder | undefined;
    /** Given where a bound in tokens is to be kept. */
    readonly countTokens: ((text: string, model: string) => number) | undefined;
    readonly onEvent: EventSink;
  }) {
    this.#embedder = options.embedder;
    this.#countTokens = options.countTokens;
    this.#onEvent = options.onEvent;
  }

  /** The index of these tools; made in the background, in turns, the first time they come. */
  of(set: {
    readonly hash: string;
    readonly tools: readonly ToolDefinition[];
    readonly model: string;
  }): Kept {
    // Tokens differ from model to model, words do not.
    const key = this.#countTokens === undefined ? set.hash : `${set.hash}\n${set.model}`;
    const known = this.#kept.get(key);
    if (known !== undefined) return known;
    const names = new Set(set.tools.map(({ name }) => name));
    const kept: Kept = { names, model: set.model, ready: this.#build(set.tools, set.model) };
    this.#kept.set(key, kept);
    kept.ready.then(
      (index) => {
        kept.index = index;
      },
      // Whoever waits hears of it; the next request tries again.
      () => void this.#kept.delete(key),
    );
    return kept;
  }

  async #build(tools: readonly ToolDefinition[], model: string): Promise<ToolIndex> {
    const values = tools.map(({ value }) => value);
    const countTokens = this.#countTokens;
    const options = {
      ...(this.#embedder === undefined ? {} : { embedder: this.#embedder }),
      ...(countTokens === undefined ? {} : { countTokens: (text: string) => countTokens(text, model) }),
    };
    const alike = this.#alike(tools, model);
    // Made in a turn of its own: whoever asks is answered before.
    if (alike !== undefined) await new Promise(setImmediate);
    const index = alike?.update(values) ?? (await buildInTurns(values, options));
    const { notes } = await index.rank('', { max: 1 });
    this.#report(notes.filter(({ code }) => code !== 'query_empty').map(({ code }) => code));
    return index;
  }

  /** The index of a set that has nearly all of these tools, of which only the others need be read. */
  #alike(tools: readonly ToolDefinition[], model: string): ToolIndex | undefined {
    const isAlike = ({ names, model: counted }: Kept): boolean =>
      (this.#countTokens === undefined || counted === model) &&
      tools.filter(({ name }) => names.has(name)).length >= ALIKE * tools.length;
    return this.#kept.values().find((kept) => kept.index !== undefined && isAlike(kept))?.index;
  }

  #report(codes: readonly string[]): void {
    if (codes.length === 0) return;
    const counts: Record<string, number> = {};
    for (const code of codes) counts[code] = (counts[code] ?? 0) + 1;
    this.#onEvent({
      level: 'info',
      code: 'tool_set_notes',
      message: `A set of tools is odd and was taken as it is: ${Object.entries(counts)
        .map(([code, count]) => `${code} ${count}`)
        .join(', ')}.`,
      details: counts,
    });
  }
}

/** Reads a set step by step, and lets others have their turn in between. */
async function buildInTurns(
  values: readonly JsonValue[],
  options: Omit<ToolIndexOptions, 'tools'>,
): Promise<ToolIndex> {
  let index: ToolIndex | undefined;
  // Each step reads only what is new, but lists all: doubling keeps the sum of the steps near the last one.
  for (let size = Math.min(TOOLS_A_TURN, values.length); ; size = Math.min(2 * size, values.length)) {
    const part: readonly JsonValue[] = size === values.length ? values : values.slice(0, size);
    index = index?.update(part) ?? createToolIndex({ ...options, tools: part });
    if (size === values.length) return index;
    await new Promise(setImmediate);
  }
}

/** What tells sets of tools apart: their content and order. */
export function hashOfTools(tools: readonly ToolDefinition[]): string {
  return sha256Hex(JSON.stringify(tools.map(({ value }) => value)));
}
