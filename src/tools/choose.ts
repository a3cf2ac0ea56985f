import { cover } from './cover.ts';
import type { NamedTools, ToolNames } from './names.ts';
import type { RankedTool, ToolNote, ToolRanking, ToolRankOptions, ToolReason } from './options.ts';
import type { ReadQuery } from './query.ts';
import type { Match } from './rank.ts';
import type { ReadTool } from './read-tool.ts';

/** All that a choice depends on. */
export interface Choice {
  readonly tools: readonly ReadTool[];
  readonly names: ToolNames;
  readonly named: NamedTools;
  readonly notes: readonly ToolNote[];
  readonly query: ReadQuery;
  /** For each part of the query. */
  readonly matches: readonly Match[];
  /** Each tool's share of the request. */
  readonly shares: Float32Array;
  readonly isNoneNeeded: boolean;
  readonly options: ToolRankOptions & { readonly max: number };
  readonly siblingKey: (tool: number) => string;
  /** Absent where tokens cannot be counted. */
  readonly tokensOf?: (index: number) => number;
}

/** A choice holds this much of all shares before it stops short of `max`, and at least so many tools. */
const COVERED = 0.995;
const LEAST_TOOLS = 5;

/** Chooses tools: those that must stay first, then those with the largest shares of the request. */
export function choose(choice: Choice): ToolRanking {
  const { query, options, tokensOf, shares } = choice;
  const notes = notesOf(choice);
  const picked = new Picked(choice, notes);
  for (const { index, reason } of mustStay(choice)) picked.take(index, reason);
  const room = options.max - picked.tools.length;
  if (room > 0) {
    // A bound in tokens may pass over large tools, so that smaller ones further down have their turn.
    const count = options.maxTokens === undefined ? room : Math.min(choice.tools.length, room * 5);
    const order = cover(shares, { count, taken: picked.seen, siblingKey: choice.siblingKey });
    const total = shares.reduce((sum, share) => sum + share, 0);
    let covered = picked.tools.reduce((sum, { index }) => sum + (shares[index] as number), 0);
    for (const index of order) {
      if (picked.tools.length >= options.max) break;
      if (covered >= COVERED * total && picked.tools.length >= LEAST_TOOLS) break;
      if (picked.take(index, 'ranked')) covered += shares[index] as number;
    }
  }
  return {
    tools: picked.tools,
    steps: query.steps,
    isNoneNeeded: choice.isNoneNeeded,
    ...(tokensOf === undefined ? {} : sums(choice.tools.length, picked.tools, tokensOf)),
    notes,
  };
}

function notesOf({ notes, query, options, names, isNoneNeeded }: Choice): ToolNote[] {
  const all = [...notes];
  const isEmpty = query.parts.every(({ text }) => text.trim() === '');
  if (isEmpty) all.push({ code: 'query_empty', name: '' });
  else if (isNoneNeeded) all.push({ code: 'none_needed', name: '' });
  if (query.isCut) all.push({ code: 'query_cut', name: '' });
  for (const name of [...(options.pinned ?? []), ...(options.excluded ?? [])]) {
    if (names.of(name).length === 0) all.push({ code: 'unknown_name', name });
  }
  return all;
}

/** The tools taken so far. */
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

  /** False when it was taken or excluded before, or is beyond the bound of tokens and need not stay. */
  take(index: number, reason: ToolReason): boolean {
    if (this.seen.has(index)) return false;
    this.seen.add(index);
    const { tools, options, tokensOf, matches, query } = this.#choice;
    const name = tools[index]?.name ?? '';
    if (options.maxTokens !== undefined) {
      const own = tokensOf?.(index) ?? 0;
      const isOver = this.#tokens + own > options.maxTokens;
      if (isOver && reason === 'ranked') return false;
      if (isOver) this.#notes.push({ code: 'over_max_tokens', name });
      this.#tokens += own;
    }
    let similarity = -1;
    for (const [part, { kind }] of query.parts.entries()) {
      if (kind !== 'whole' && kind !== 'step') continue;
      similarity = Math.max(similarity, matches[part]?.meaning?.[index] ?? 0);
    }
    this.tools.push({ name, index, rank: this.tools.length + 1, similarity, reason });
    return true;
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

function mustStay({ tools, names, named, query, options }: Choice): { index: number; reason: ToolReason }[] {
  const must: { index: number; reason: ToolReason }[] = [];
  const add = (indices: Iterable<number>, reason: ToolReason): void => {
    for (const index of indices) must.push({ index, reason });
  };
  for (const name of options.pinned ?? []) add(names.of(name), 'pinned');
  add(named.certain, 'named');
  for (const name of [...(options.used ?? []), ...query.calls].toReversed()) add(names.of(name), 'used');
  for (let index = 0; index < tools.length; index += 1) {
    if (tools[index]?.isHosted === true) add([index], 'hosted');
    else if (tools[index]?.isReadable === false) add([index], 'unreadable');
  }
  return must;
}
