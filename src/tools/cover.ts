import { highest } from './rank.ts';

/** What is left of a tool's share for each chosen tool whose name has the same words. */
const SIBLING = 0.5;

/** How tools are put in order. */
export interface CoverOptions {
  /** Most tools. */
  readonly count: number;
  /** Tools that are chosen or excluded already. */
  readonly taken: ReadonlySet<number>;
  /** Equal for tools whose names have the same words. */
  readonly siblingKey: (tool: number) => string;
}

/**
 * Orders tools by their share of the request, so that what is chosen is likely to hold a tool for every part.
 * Tools without a share are left out.
 */
export function cover(shares: Float32Array, { count, taken, siblingKey }: CoverOptions): number[] {
  const siblings = new Map<string, number>();
  // Siblings fall behind, so that more than `count` may have their turn.
  const candidates = highest(shares, 2 * count + taken.size + 20).filter(
    (tool) => !taken.has(tool) && (shares[tool] as number) > 0,
  );
  const chosen: number[] = [];
  while (chosen.length < count && candidates.length > 0) {
    let best = 0;
    let bestShare = -1;
    for (const [at, tool] of candidates.entries()) {
      const share = (shares[tool] as number) * SIBLING ** (siblings.get(siblingKey(tool)) ?? 0);
      if (share > bestShare) {
        best = at;
        bestShare = share;
      }
      // What follows is no higher, with or without siblings.
      if (bestShare >= (shares[candidates[at + 1] ?? tool] as number)) break;
    }
    const [tool] = candidates.splice(best, 1);
    if (tool === undefined) break;
    chosen.push(tool);
    const key = siblingKey(tool);
    siblings.set(key, (siblings.get(key) ?? 0) + 1);
  }
  return chosen;
}
