import type { HistoriesSnapshot } from './histories.ts';
import type { Spending } from './risk-budget.ts';
import type { RiskBin } from './risk-curve.ts';

/** Changes when what was learned before cannot be used any more. */
export const SNAPSHOT_VERSION = 1;

/** What a limit has learned, as JSON. */
export interface LimitSnapshot {
  readonly version: typeof SNAPSHOT_VERSION;
  readonly words: readonly RiskBin[];
  readonly agreement: readonly RiskBin[];
  readonly histories: HistoriesSnapshot;
  readonly spending: Spending;
  /** The last outcomes of sampled hits, oldest first: `1` right, `0` wrong. */
  readonly live: string;
  readonly isBreached: boolean;
}

type Fields = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null;
}

function isWeight(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}

function areBins(value: unknown): value is readonly RiskBin[] {
  return (
    Array.isArray(value) &&
    value.every((bin) => isObject(bin) && isWeight(bin['same']) && isWeight(bin['different']))
  );
}

function areRows(value: unknown, length: number): boolean {
  return (
    Array.isArray(value) &&
    value.every((row) => Array.isArray(row) && row.length === length && row.every((part) => isWeight(part)))
  );
}

function areHistories(value: unknown): value is HistoriesSnapshot {
  return isObject(value) && areRows(value['wrongAt'], 2) && areRows(value['groups'], 3);
}

/** Reads a snapshot; null for anything else: what cannot be trusted is not learned from. */
export function readSnapshot(value: unknown): LimitSnapshot | null {
  if (!isObject(value) || value['version'] !== SNAPSHOT_VERSION) return null;
  const { words, agreement, histories, spending, live, isBreached } = value;
  if (!areBins(words) || !areBins(agreement) || words.length !== agreement.length) return null;
  if (!areHistories(histories) || typeof isBreached !== 'boolean') return null;
  if (!isObject(spending) || !isWeight(spending['served']) || !isWeight(spending['expectedFalse']))
    return null;
  if (typeof live !== 'string' || !/^[01]*$/.test(live)) return null;
  const { wouldBe, served, expectedFalse } = spending as unknown as Spending;
  return {
    version: SNAPSHOT_VERSION,
    words,
    agreement,
    histories,
    spending: { wouldBe, served, expectedFalse },
    live,
    isBreached,
  };
}
