import { type ShapeCounts, ShapeTable } from './shape-table.ts';

/** Lines of parts are counted in tables from the part's number times this. */
export const LINES_PER_PART = 2 ** 32;

/** One table of all, and the ids in it by the ids of each thread. */
export interface MergedShapes {
  readonly table: ShapeTable;
  readonly shapeIds: readonly Uint32Array[];
}

/**
 * Makes one table of those of several threads: the one that a single thread would have made.
 *
 * @param firstLines of each part, in the log
 */
export function mergeShapes(
  threads: readonly ShapeCounts[],
  firstLines: readonly number[],
  mostShapes: number,
): MergedShapes {
  const lineOf = (place: number): number =>
    (firstLines[Math.floor(place / LINES_PER_PART)] as number) + (place % LINES_PER_PART);
  const table = new ShapeTable(mostShapes);
  const shapeIds = threads.map(({ counts }) => new Uint32Array(counts.length));
  // The ids of each thread are in the order of their first lines, so the lists only have to be interleaved.
  const next = threads.map(() => 0);
  for (;;) {
    let thread = -1;
    let earliest = Number.POSITIVE_INFINITY;
    for (const [index, { firsts }] of threads.entries()) {
      const first = firsts[next[index] as number];
      if (first === undefined || lineOf(first) >= earliest) continue;
      thread = index;
      earliest = lineOf(first);
    }
    if (thread < 0) return { table, shapeIds };
    const { hashes, counts, lasts, offsets } = threads[thread] as ShapeCounts;
    const id = next[thread] as number;
    next[thread] = id + 1;
    (shapeIds[thread] as Uint32Array)[id] = table.merge(
      hashes.subarray(id * 4, id * 4 + 4),
      { count: counts[id] as number, firstLine: earliest, lastLine: lineOf(lasts[id] as number) },
      offsets[id] as number,
    );
  }
}
