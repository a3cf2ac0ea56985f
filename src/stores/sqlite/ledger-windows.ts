import type { LedgerQuery } from '../../contract/index.ts';
import { LEVELS } from './ledger-schema.ts';
import type { Floors } from './ledger-sums.ts';

/** Buckets `from` (inclusive) to `to` (exclusive) of one level. */
export interface LevelRange {
  readonly level: number;
  readonly from: number;
  readonly to: number;
}

const END_OF_TIME = 8_640_000_000_000_000;

/** A period rounded outwards to whole minutes, within the times that exist. */
export function wholeMinutes({ from, to }: LedgerQuery): { readonly from: number; readonly to: number } {
  return { from: down(clamp(from), LEVELS[0]), to: up(clamp(to), LEVELS[0]) };
}

/**
 * Splits a period into the fewest buckets: whole days in the middle, then hours, minutes at the edges.
 * An edge before a level's floor is rounded outwards to the next level, whose rows are still there.
 */
export function rangesOf(query: LedgerQuery, floors: Floors): LevelRange[] {
  let { from, to } = wholeMinutes(query);
  for (let level = 0; level + 1 < LEVELS.length; level++) {
    const kept = (floors[level] ?? 0) * (LEVELS[level] as number);
    const next = LEVELS[level + 1] as number;
    if (from < kept) from = down(from, next);
    if (to < kept) to = up(to, next);
  }
  return from < to ? split(from, to, LEVELS.length - 1) : [];
}

function split(from: number, to: number, level: number): LevelRange[] {
  const size = LEVELS[level] as number;
  if (level === 0) return [{ level, from: from / size, to: to / size }];
  const [first, last] = [up(from, size), down(to, size)];
  if (first >= last) return split(from, to, level - 1);
  return [
    ...(from < first ? split(from, first, level - 1) : []),
    { level, from: first / size, to: last / size },
    ...(last < to ? split(last, to, level - 1) : []),
  ];
}

function clamp(time: number): number {
  return Number.isNaN(time) ? 0 : Math.min(Math.max(time, 0), END_OF_TIME);
}

function down(time: number, size: number): number {
  return Math.floor(time / size) * size;
}

function up(time: number, size: number): number {
  return Math.ceil(time / size) * size;
}
