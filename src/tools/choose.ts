import { coverParts, type ScoredPart } from './cover.ts';
import type { ToolNames } from './names.ts';
import type {
  RankedTool,
  ToolNote,
  ToolRanking,
  ToolRankOptions,
  ToolReason,
  ToolTransitions,
} from './options.ts';
import type { ReadQuery } from './query.ts';
import { fuse, type Match, withWhole } from './rank.ts';
import type { ReadTool } from './read-tool.ts';

/** What is added for a name that is also a plain word, for the last selection, for what usually follows. */
const POSSIBLE = 0.1;
const PREVIOUS = 0.03;
const FOLLOWS = 0.2;
/** What implied steps and the turns before count less than what was asked, and how many tools they may place. */
const IMPLIED = { handicap: 0.2, most: 2 };
const CONTEXT = { handicap: 0.2, most: 4 };

/** All that a choice depends on. */
export interface Choice {
  readonly tools: readonly ReadTool[];
  readonly names: ToolNames;
  readonly notes: readonly ToolNote[];
  readonly query: ReadQuery;
  /** For the whole request, its steps, what it implies and the turns between, in the order of `partsOf`. */
  readonly matches: readonly Match[];
  readonly options: ToolRankOptions & { readonly max: number };
  readonly transitions: ToolTransitions | undefined;
  readonly siblingKey: (tool: number) => string;
  /** Absent where tokens cannot be counted. */
  readonly tokensOf?: (index: number) => number;
}

/** The texts of a request that tools are matched with. */
export function partsOf({ text, steps, implied, context }: ReadQuery): string[] {
  return [text, ...(steps.length > 1 ? steps : []), ...implied, ...context];
}

/** Chooses tools: those that must stay first, then the best for every part of the request in turn. */
export function choose(choice: Choice): ToolRanking {
  const { query, options, tokensOf } = choice;
  const notes = [...choice.notes];
  if (query.text.trim() === '' && query.context.length === 0) notes.push({ code: 'query_empty', name: '' });
  if (query.isCut) notes.push({ code: 'query_cut', name: '' });
  for (const name of [...(options.pinned ?? []), ...(options.excluded ?? [])]) {
    if (choice.names.of(name).length === 0) notes.push({ code: 'unknown_name', name });
  }
  const picked = new Picked(choice, notes);
  for (const { index, reason } of mustStay(choice)) picked.take(index, reason);
  const room = options.max - picked.tools.length;
  if (room > 0) {
    // A bound in tokens may pass over large tools, so that smaller ones further down have their turn.
    const count = options.maxTokens === undefined ? room : Math.min(choice.tools.length, room * 5);
    const order = coverParts(scoreParts(choice), {
      count,
      taken: picked.seen,
      siblingKey: choice.siblingKey,
    });
    for (const index of order) if (picked.tools.length < options.max) picked.take(index, 'ranked');
  }
  return {
    tools: picked.tools,
    steps: query.steps,
    ...(tokensOf === undefined ? {} : sums(choice.tools.length, picked.tools, tokensOf)),
    notes,
  };
}

/** The tools taken so far, within the bound of tokens. */
class Picked {
  readonly tools: RankedTool[] = [];
  readonly seen: Set<number>;
  readonly #choice: Choice;
  readonly #notes: ToolNote[];
  #tokens = 0;

  constructor(choice: Choice, notes: ToolNote[]) {
    this.#choice = choice;
    this.#notes = notes;
    this.seen = new Set((choice.options.excluded ?? []).flatMap((name) => choice.names.of(name)));
  }

  take(index: number, reason: ToolReason): void {
    if (this.seen.has(index)) return;
    this.seen.add(index);
    const { tools, options, tokensOf, matches, query } = this.#choice;
    const name = tools[index]?.name ?? '';
    if (options.maxTokens !== undefined) {
      const own = tokensOf?.(index) ?? 0;
      if (this.#tokens + own > options.maxTokens) {
        if (reason !== 'ranked') this.#notes.push({ code: 'over_max_tokens', name });
        return;
      }
      this.#tokens += own;
    }
    const asked = matches.slice(0, query.steps.length > 1 ? 1 + query.steps.length : 1);
    const similarity = Math.max(...asked.map(({ meaning }) => meaning?.[index] ?? 0));
    this.tools.push({ name, index, rank: this.tools.length + 1, similarity, reason });
  }
}

function sums(
  size: number,
  ranked: readonly RankedTool[],
  tokensOf: (index: number) => number,
): Pick<ToolRanking, 'tokensBefore' | 'tokensAfter'> {
  let tokensBefore = 0;
  for (let index = 0; index < size; index += 1) tokensBefore += tokensOf(index);
  return { tokensBefore, tokensAfter: ranked.reduce((sum, { index }) => sum + tokensOf(index), 0) };
}

function mustStay({ tools, names, query, options }: Choice): { index: number; reason: ToolReason }[] {
  const must: { index: number; reason: ToolReason }[] = [];
  const add = (indices: Iterable<number>, reason: ToolReason): void => {
    for (const index of indices) must.push({ index, reason });
  };
  for (const name of options.pinned ?? []) add(names.of(name), 'pinned');
  for (const text of query.mentions) add(names.find(text).certain, 'named');
  // The latest first: should a bound in tokens cut, the oldest go.
  for (const name of [...(options.used ?? []), ...query.calls].toReversed()) add(names.of(name), 'used');
  for (const [index, tool] of tools.entries()) {
    if (tool.isHosted) add([index], 'hosted');
    else if (!tool.isReadable) add([index], 'unreadable');
  }
  return must;
}

function scoreParts(choice: Choice): ScoredPart[] {
  const { matches, query, options } = choice;
  const bonus = bonuses(choice);
  const fused = matches.map((match) => fuse(match, bonus));
  const whole = fused[0] ?? new Float32Array(choice.tools.length);
  const isStepped = query.steps.length > 1;
  const firstImplied = isStepped ? 1 + query.steps.length : 1;
  const firstContext = firstImplied + query.implied.length;
  return fused.map((values, part): ScoredPart => {
    if (part === 0) return { values, handicap: 0, most: options.max };
    if (part < firstImplied) return { values: withWhole(values, whole), handicap: 0, most: options.max };
    return { values, ...(part < firstContext ? IMPLIED : CONTEXT) };
  });
}

function bonuses({ tools, names, query, options, transitions }: Choice): Float32Array {
  const bonus = new Float32Array(tools.length);
  const raise = (indices: Iterable<number>, by: number): void => {
    for (const index of indices) bonus[index] = Math.max(bonus[index] ?? 0, by);
  };
  for (const text of query.mentions) raise(names.find(text).possible, POSSIBLE);
  for (const name of options.previous ?? []) raise(names.of(name), PREVIOUS);
  const last = query.calls.at(-1) ?? options.used?.at(-1) ?? '';
  for (const [name, share] of transitions?.get(last) ?? []) raise(names.of(name), FOLLOWS * share);
  return bonus;
}
