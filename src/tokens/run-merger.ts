const NONE = 0x7fffffff;

/** Tokens of one length that follow each other. */
interface Stretch {
  length: number;
  count: number;
}

/** What to join next: tokens of one stretch, or the last of it and the first of the next. */
interface Join {
  rank: number;
  stretch: number;
  isWithin: boolean;
}

function lowestJoin(stretches: readonly Stretch[], rankOf: (length: number) => number): Join {
  const best: Join = { rank: NONE, stretch: -1, isWithin: false };
  for (let i = 0; i < stretches.length; i++) {
    const { length, count } = stretches[i] as Stretch;
    const within = count > 1 ? rankOf(2 * length) : NONE;
    const next = stretches[i + 1];
    const across = next === undefined ? NONE : rankOf(length + next.length);
    if (within < best.rank) Object.assign(best, { rank: within, stretch: i, isWithin: true });
    if (across < best.rank) Object.assign(best, { rank: across, stretch: i, isWithin: false });
  }
  return best;
}

function tidied(stretches: readonly Stretch[]): Stretch[] {
  const result: Stretch[] = [];
  for (const stretch of stretches) {
    const last = result.at(-1);
    if (stretch.count === 0) continue;
    if (last?.length === stretch.length) last.count += stretch.count;
    else result.push({ ...stretch });
  }
  return result;
}

/**
 * Returns how many tokens byte pair encoding makes of one byte repeated `length` times. All tokens of
 * such a run are told by their lengths, so the run is a few stretches of equal tokens, and a join
 * halves a stretch at once: the work grows with the logarithm of the length.
 *
 * @param rankOf the rank of the token of so many bytes, or a number above all ranks
 */
export function countRun(length: number, rankOf: (length: number) => number): number {
  let stretches: Stretch[] = [{ length: 1, count: length }];
  for (;;) {
    const { rank, stretch, isWithin } = lowestJoin(stretches, rankOf);
    if (stretch < 0) return stretches.reduce((sum, { count }) => sum + count, 0);
    const { length: unit, count } = stretches[stretch] as Stretch;
    const before = stretches.slice(0, stretch);
    const after = stretches.slice(stretch + 1);
    const next = after[0];
    if (isWithin) {
      // Pairs of equal rank are joined from left to right unless a join makes a pair that comes first.
      const made = [before.at(-1)?.length, 2 * unit, unit, next?.length];
      const inOrder = made.every((other) => other === undefined || rankOf(2 * unit + other) > rank);
      const joined = inOrder ? count >> 1 : 1;
      const rest = { length: unit, count: count - 2 * joined };
      stretches = tidied([...before, { length: 2 * unit, count: joined }, rest, ...after]);
    } else if (next !== undefined) {
      const joined = { length: unit + next.length, count: 1 };
      const rest = [{ length: unit, count: count - 1 }, joined, { ...next, count: next.count - 1 }];
      stretches = tidied([...before, ...rest, ...after.slice(1)]);
    }
  }
}
