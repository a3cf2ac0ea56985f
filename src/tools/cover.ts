import { highest } from './rank.ts';

/** What a list's next tool loses for each tool that the list has placed: with it, every step has its turn. */
const TURN = 0.3;
/** What a tool loses for each chosen tool whose name has the same words. */
const SIBLING = 0.15;
/** A tool this far below the best of its list is left out, once the least are chosen: the ranking is sure. */
const LEAST_SHARE = 0.4;
const LEAST_TOOLS = 5;

/** A part of the request with the figures of all tools. */
export interface ScoredPart {
  readonly values: Float32Array;
  /** How much less its tools count: 0 for what was asked, more for what is only implied. */
  readonly handicap: number;
  /** Most tools it may place. */
  readonly most: number;
}

/** Orders tools so that every part of a request has its turn, the surest first. */
export function coverParts(
  parts: readonly ScoredPart[],
  {
    count,
    taken,
    siblingKey,
  }: {
    readonly count: number;
    /** Tools that are chosen or excluded already. */
    readonly taken: ReadonlySet<number>;
    readonly siblingKey: (tool: number) => string;
  },
): number[] {
  const seen = new Set(taken);
  const siblings = new Map<string, number>();
  const lists = parts.map(({ values, handicap, most }) => ({
    values,
    order: highest(values, count + taken.size),
    handicap,
    most,
    placed: 0,
  }));
  const value = (list: (typeof lists)[number], tool: number): number =>
    (list.values[tool] as number) -
    list.handicap -
    TURN * list.placed -
    SIBLING * (siblings.get(siblingKey(tool)) ?? 0);
  const chosen: number[] = [];
  while (chosen.length < count) {
    let best: { list: (typeof lists)[number]; tool: number; value: number } | undefined;
    for (const list of lists) {
      if (list.placed >= list.most) continue;
      const first = list.values[list.order[0] ?? -1] ?? 0;
      for (const tool of list.order) {
        if (seen.has(tool)) continue;
        const isFar = (list.values[tool] as number) < LEAST_SHARE * first;
        if (isFar && chosen.length >= LEAST_TOOLS) break;
        const own = value(list, tool);
        if (best === undefined || own > best.value) best = { list, tool, value: own };
        if (!siblings.has(siblingKey(tool))) break;
      }
    }
    if (best === undefined) break;
    seen.add(best.tool);
    chosen.push(best.tool);
    best.list.placed += 1;
    const key = siblingKey(best.tool);
    siblings.set(key, (siblings.get(key) ?? 0) + 1);
  }
  return chosen;
}
