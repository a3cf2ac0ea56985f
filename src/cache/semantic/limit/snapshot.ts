import type { ChangeSnapshot } from './change-watch.ts';
import type { HistoriesSnapshot } from './histories.ts';
import type { Spending } from './risk-budget.ts';
import type { RiskBin } from './risk-fit.ts';

/** Changes when what was learned before cannot be used any more. */
export const SNAPSHOT_VERSION = 2;

/** What a limit has learned, as JSON. */
export interface LimitSnapshot {
  readonly version: typeof SNAPSHOT_VERSION;
  /** The tolerated rate when it was taken; absent in those of long ago. */
  readonly maxFalseHitRate?: number;
  readonly words: readonly RiskBin[];
  readonly supported: readonly RiskBin[];
  readonly agreement: readonly RiskBin[];
  readonly histories: HistoriesSnapshot;
  readonly spending: Spending;
  /** The last outcomes of sampled hits, oldest first: `1` right, `0` wrong, `-` unsure. */
  readonly live: string;
  readonly change: ChangeSnapshot;
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

/** True for an object with these numbers, none of them negative. */
function hasWeights<K extends string>(
  value: unknown,
  keys: readonly K[],
): value is Readonly<Record<K, number>> {
  return isObject(value) && keys.every((key) => isWeight(value[key]));
}

/** Reads a snapshot; null for anything else: what cannot be trusted is not learned from. */
export function readSnapshot(value: unknown): LimitSnapshot | null {
  if (!isObject(value) || value['version'] !== SNAPSHOT_VERSION) return null;
  const { words, supported, agreement, histories, spending, live, change, isBreached } = value;
  if (!areBins(words) || !areBins(supported) || !areBins(agreement)) return null;
  if (!areHistories(histories) || typeof isBreached !== 'boolean') return null;
  if (!hasWeights(spending, ['wouldBe', 'served', 'expectedFalse'])) return null;
  if (typeof live !== 'string' || !/^[01-]*$/.test(live)) return null;
  if (!hasWeights(change, ['evidence'])) return null;
  const { maxFalseHitRate } = value;
  if (maxFalseHitRate !== undefined && !isWeight(maxFalseHitRate)) return null;
  const isChanged = (change as Fields)['isChanged'] === true;
  return {
    version: SNAPSHOT_VERSION,
    ...(maxFalseHitRate === undefined ? {} : { maxFalseHitRate }),
    words,
    supported,
    agreement,
    histories,
    spending,
    live,
    change: { evidence: change.evidence, isChanged },
    isBreached,
  };
}
