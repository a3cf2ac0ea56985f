import type { ToolNames } from './names.ts';
import type { NearTool } from './near.ts';
import { highest } from './rank.ts';
import type { ReadTool } from './read-tool.ts';

/** Tools whose kin are looked at, and the least share that they must have. */
const MOST_HEADS = 12;
const LEAST_SHARE = 0.03;
/** What the tools of one server gain from each other, and what a tool gains that another's description names. */
const GROUP = 0.25;
const MENTIONED = 0.15;
/** What the tools nearest to one that was just called gain, as many, and for how many calls back. Replayed runs. */
const NEAR_CALLED = 0.3;
export const MOST_NEAR = 8;
const MOST_CALLED = 5;
/** Characters of a description in which names are looked for. */
const MOST_CHARS = 2_000;

/** What is known of the tools beside the request. */
export interface Kin {
  readonly tools: readonly ReadTool[];
  /** The tools that a tool's description names; see `toolsNamedBy`. */
  readonly namedBy: (tool: number) => readonly number[];
  /** The members of the tool's group, itself among them. */
  readonly groupOf: (tool: number) => readonly number[];
  /** The tools of its group that are nearest to a tool, nearest first; at most `MOST_NEAR`. */
  readonly nearestOf: (tool: number) => readonly NearTool[];
}

/**
 * Raises what is likely to be needed beside the likeliest tools: tools of the same server, by how well they match
 * the request themselves, and tools that the likeliest name in their descriptions ("take the code from …").
 */
export function addKin(shares: Float32Array, figures: readonly Float32Array[], kin: Kin): void {
  const heads = highest(shares, MOST_HEADS)
    .map((tool) => ({ tool, share: Math.min(1, shares[tool] as number) }))
    .filter(({ share }) => share > LEAST_SHARE);
  for (const { tool, share } of heads) {
    const group = kin.groupOf(tool);
    for (const other of group) {
      if (other === tool) continue;
      const figure = figures.reduce((most, values) => Math.max(most, values[other] as number), 0);
      shares[other] = (shares[other] as number) + (GROUP * share * figure) / group.length;
    }
    const named = kin.namedBy(tool);
    for (const other of named) {
      shares[other] = (shares[other] as number) + (MENTIONED * share) / Math.sqrt(named.length);
    }
  }
}

/**
 * Raises what is nearest to the tools that were called last: whoever searched reads next, and what failed is tried in
 * another way, which the request names neither.
 *
 * @param called tools that were called for the request, the latest first
 */
export function addNearCalled(shares: Float32Array, called: readonly number[], kin: Kin): void {
  for (const [age, tool] of called.slice(0, MOST_CALLED).entries()) {
    for (const { tool: near, likeness } of kin.nearestOf(tool))
      shares[near] = (shares[near] as number) + (NEAR_CALLED * likeness) / (1 + age);
  }
}

/** The tools that a tool names in its description and those of its parameters, itself and its namesakes aside. */
export function toolsNamedBy(
  { name, description, parameterTexts }: ReadTool,
  { tools, names }: { readonly tools: readonly ReadTool[]; readonly names: ToolNames },
): number[] {
  const found = names.written(`${description.slice(0, MOST_CHARS)}\n${parameterTexts.slice(0, MOST_CHARS)}`);
  return [...found].filter((other) => tools[other]?.name !== name);
}
