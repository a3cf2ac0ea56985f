import { addKin, addNearCalled, type Kin } from './kin.ts';
import type { NamedTools, ToolNames } from './names.ts';
import type { ToolRankOptions, ToolTransitions } from './options.ts';
import type { ReadQuery } from './query.ts';
import { addShares, fuse, type Match, withWhole } from './rank.ts';

/** What is added to a tool's figure for the last selection. */
const PREVIOUS = 0.03;
/** What a tool that always follows the last call gains; others in proportion. */
const FOLLOWS = 0.5;
/** What is added to the share of a tool whose name is a plain word of the request: more than a part can give. */
const POSSIBLE = 20;
/** A best figure below this says that no tool fits. */
const NONE_BELOW = 0.5;

/** What is asked, and what is known. */
export interface Asked extends Kin {
  readonly names: ToolNames;
  readonly query: ReadQuery;
  readonly named: NamedTools;
  readonly matches: readonly Match[];
  readonly options: ToolRankOptions & { readonly max: number };
  readonly transitions?: ToolTransitions | undefined;
  /** What is in favour of tools of the request's categories, by name. */
  readonly boosts: ReadonlyMap<string, number>;
}

/** How the request is shared out among the tools. */
export interface Likely {
  readonly shares: Float32Array;
  readonly isNoneNeeded: boolean;
}

/**
 * Shares the request out among the tools: each part gives its weight to the tools that it may mean, by how likely
 * each is (a softmax of their figures), and the likeliest raise their kin.
 */
export function likelyTools(asked: Asked): Likely {
  const { query, matches, tools } = asked;
  const bonus = bonuses(asked);
  const shares = new Float32Array(tools.length);
  const figures: Float32Array[] = [];
  for (const [part, { kind, weight }] of query.parts.entries()) {
    const own = fuse(matches[part] as Match, bonus);
    const whole = figures[0];
    if (kind === 'whole' || kind === 'step') figures.push(own);
    addShares(kind === 'step' && whole !== undefined ? withWhole(own, whole) : own, weight, shares);
  }
  addFollowers(asked, shares);
  const best = bestOf(figures);
  addKin(shares, figures, asked);
  addNearCalled(shares, lastCalled(asked), asked);
  raisePossible(asked, shares);
  return { shares, isNoneNeeded: best < NONE_BELOW };
}

function bestOf(figures: readonly Float32Array[]): number {
  let best = Number.NEGATIVE_INFINITY;
  for (const values of figures) {
    for (let tool = 0; tool < values.length; tool += 1) best = Math.max(best, values[tool] as number);
  }
  return best;
}

/** Tools whose names are plain words of the request come first, unless they would take more than half the places. */
function raisePossible({ named, options }: Asked, shares: Float32Array): void {
  const most = Math.max(1, Math.floor(options.max / 2));
  const possible = [...named.possible].toSorted((a, b) => (shares[b] as number) - (shares[a] as number));
  for (const tool of possible.slice(0, most)) shares[tool] = (shares[tool] as number) + POSSIBLE;
}

/** The tools that were called since the last request, the latest first. */
function lastCalled({ names, query }: Asked): number[] {
  return [...new Set(query.callsSince.toReversed())].flatMap((name) => names.of(name));
}

function addFollowers({ names, query, options, transitions }: Asked, shares: Float32Array): void {
  const last = query.calls.at(-1) ?? options.used?.at(-1) ?? '';
  for (const [name, share] of transitions?.get(last) ?? []) {
    for (const tool of names.of(name)) shares[tool] = (shares[tool] as number) + FOLLOWS * share;
  }
}

function bonuses({ tools, names, options, boosts }: Asked): Float32Array {
  const bonus = new Float32Array(tools.length);
  const raise = (name: string, by: number): void => {
    for (const index of names.of(name)) bonus[index] = Math.max(bonus[index] ?? 0, by);
  };
  for (const name of options.previous ?? []) raise(name, PREVIOUS);
  for (const [name, boost] of boosts) raise(name, boost);
  return bonus;
}
