import type { ModelInfo, PriceSet, Prices, PriceTier } from '../../contract/index.ts';
import {
  completeByRatio,
  implausible,
  isRounding,
  orderedPrices,
  PRICE_FIELDS,
  type PriceDraft,
  type PriceField,
  samePrice,
} from './price-rules.ts';

/** A price that grows or shrinks by more than this is taken for a wrong unit, not for news. */
const MAX_JUMP = 10;

/** One value that an update replaced; `undefined` is unknown. */
export interface PriceChange {
  readonly id: string;
  readonly field: PriceField | 'tiers' | 'contextWindow' | 'maxOutputTokens';
  readonly before: number | string | undefined;
  readonly after: number | string | undefined;
}

/** One value that an update offered and that was not taken. */
export interface MergeConflict {
  readonly id: string;
  readonly field: PriceField;
  readonly kept: number | undefined;
  readonly offered: number;
  readonly reason: string;
}

/** What an update does to the registry. */
export interface MergedPriceList {
  /**
   * The rows that are new or changed, whole, after the earlier overrides that stay: to be stored, and
   * given to the registry as `overrides`.
   */
  readonly rows: readonly ModelInfo[];
  readonly added: readonly ModelInfo[];
  readonly changed: readonly PriceChange[];
  readonly conflicts: readonly MergeConflict[];
}

/**
 * Returns what a price list changes in the registry.
 *
 * The list wins where it states a plausible price. It does not win with a price that breaks the
 * provider's published ratio, with a read dearer than fresh input, or with one more than ten times
 * larger or smaller than the known one: these are reported as conflicts. What the list is silent on
 * stays, unless the input or output price moved: then cache, batch and tier prices that the list does
 * not state are derived where the provider publishes a ratio, and unknown otherwise.
 *
 * A known model is changed only by a list that is newer than its row.
 *
 * @param registryRows the rows in use, earlier overrides included
 * @param updates the models of a parsed price list
 * @param overrides the earlier overrides, to be kept in `rows` where the list does not replace them.
 *   @default none
 */
export function mergePriceList(
  registryRows: readonly ModelInfo[],
  updates: readonly ModelInfo[],
  overrides: readonly ModelInfo[] = [],
): MergedPriceList {
  const index = indexRows(registryRows);
  const rows = new Map<string, ModelInfo>();
  const added: ModelInfo[] = [];
  const changed: PriceChange[] = [];
  const conflicts: MergeConflict[] = [];
  for (const update of updates) {
    const scoped = `${update.provider}/${update.id}`.toLowerCase();
    const target = index.byProvider.get(scoped);
    if (target === undefined) {
      const isTaken = index.names.has(update.id.toLowerCase());
      const row = newRow(update, isTaken ? `${update.provider}/${update.id}` : update.id, conflicts);
      if (row === undefined || rows.has(row.id)) continue;
      rows.set(row.id, row);
      added.push(row);
      continue;
    }
    // The packaged decision saw this list, or a newer one.
    if (update.sourceDate <= target.sourceDate) continue;
    const outcome = updateRow(target, update);
    conflicts.push(...outcome.conflicts);
    if (outcome.changes.length === 0) continue;
    const isOwnName = target.provider === update.provider && isNameOf(target, update.id);
    if (isOwnName) {
      rows.set(target.id, outcome.row);
      changed.push(...outcome.changes);
    } else {
      // An alias that now costs something else becomes a model of its own.
      const isBare = !isNameOf(target, update.id) && index.names.get(update.id.toLowerCase()) === target;
      const id = isBare ? update.id : `${update.provider}/${update.id}`;
      const row = { ...outcome.row, id, provider: update.provider, aliases: [] };
      rows.set(id, row);
      added.push(row);
    }
  }
  const kept = overrides.filter(({ id }) => !rows.has(id));
  return { rows: [...kept, ...rows.values()], added, changed, conflicts };
}

function isNameOf({ id, provider }: ModelInfo, name: string): boolean {
  const lower = name.toLowerCase();
  return id.toLowerCase() === lower || id.toLowerCase() === `${provider}/${lower}`;
}

interface RowIndex {
  /** `provider/name` of ids and aliases. */
  readonly byProvider: ReadonlyMap<string, ModelInfo>;
  readonly names: ReadonlyMap<string, ModelInfo>;
}

function indexRows(rows: readonly ModelInfo[]): RowIndex {
  const byProvider = new Map<string, ModelInfo>();
  const names = new Map<string, ModelInfo>();
  const add = (map: Map<string, ModelInfo>, name: string, row: ModelInfo): void => {
    const key = name.toLowerCase();
    if (!map.has(key)) map.set(key, row);
  };
  // Ids come before aliases, and a row's own provider before an alias that names another.
  for (const row of rows) {
    add(names, row.id, row);
    add(byProvider, row.id.startsWith(`${row.provider}/`) ? row.id : `${row.provider}/${row.id}`, row);
  }
  for (const row of rows) {
    for (const alias of row.aliases) {
      add(names, alias, row);
      add(byProvider, `${row.provider}/${alias}`, row);
      add(byProvider, alias, row);
      // OpenRouter's names hold the maker's: `anthropic/claude-opus-4.5`.
      if (alias.includes('/')) add(byProvider, `openrouter/${alias}`, row);
    }
  }
  return { byProvider, names };
}

function newRow(update: ModelInfo, id: string, conflicts: MergeConflict[]): ModelInfo | undefined {
  if (update.prices.input === undefined && update.prices.output === undefined) return undefined;
  const { kept, refused } = plausiblePrices(update, update.prices, {});
  conflicts.push(...refused.map((conflict) => ({ ...conflict, id })));
  const tiers = update.prices.tiers?.map((tier) => plausibleTier(update, tier));
  const prices = { ...completeByRatio(update, kept).prices, ...(tiers === undefined ? {} : { tiers }) };
  return { ...update, id, prices: orderedPrices(prices) };
}

interface RowOutcome {
  readonly row: ModelInfo;
  readonly changes: readonly PriceChange[];
  readonly conflicts: readonly MergeConflict[];
}

function updateRow(row: ModelInfo, update: ModelInfo): RowOutcome {
  const { kept, refused } = plausiblePrices(row, update.prices, row.prices);
  const conflicts = refused.map((conflict) => ({ ...conflict, id: row.id }));
  const hasMoved = (['input', 'output'] as const).some(
    (field) =>
      kept[field] !== undefined &&
      row.prices[field] !== undefined &&
      !samePrice(kept[field], row.prices[field]),
  );
  const { tiers: oldTiers, ...oldSet } = row.prices;
  const hasCaching = (oldSet.cacheRead ?? oldSet.cacheWrite ?? kept.cacheRead) !== undefined;
  const merged: PriceSet = hasMoved
    ? completeByRatio(row, { ...pick(oldSet, ['input', 'output']), ...kept }, hasCaching).prices
    : { ...oldSet, ...kept };
  const newTiers = update.prices.tiers?.map((tier) => plausibleTier(row, tier));
  // A tier that the list is silent on is still there after a price moved; what it costs is not known.
  const tiers =
    newTiers ?? (hasMoved ? oldTiers?.map(({ aboveInputTokens }) => ({ aboveInputTokens })) : oldTiers);
  const prices = orderedPrices({ ...merged, ...(tiers === undefined ? {} : { tiers }) });
  const limits = {
    ...(update.contextWindow === undefined ? {} : { contextWindow: update.contextWindow }),
    ...(update.maxOutputTokens === undefined ? {} : { maxOutputTokens: update.maxOutputTokens }),
  };
  const next = { ...row, ...limits, prices, source: update.source, sourceDate: update.sourceDate };
  return { row: next, changes: changesOf(row, next), conflicts };
}

/** A tier without what cannot be right in it, with what the known tier of the same price has beyond it. */
function plausibleTier(info: ModelInfo, tier: PriceTier): PriceTier {
  const known = info.prices.tiers?.find(({ aboveInputTokens }) => aboveInputTokens === tier.aboveInputTokens);
  const isSame = samePrice(known?.input, tier.input) && samePrice(known?.output, tier.output);
  const offered = PRICE_FIELDS.filter((field) => implausible(info, tier, field) === undefined);
  return { ...(isSame ? known : {}), ...pick(tier, offered), aboveInputTokens: tier.aboveInputTokens };
}

function pick(set: PriceSet, fields: readonly PriceField[]): PriceDraft {
  const draft: PriceDraft = {};
  for (const field of fields) if (set[field] !== undefined) draft[field] = set[field];
  return draft;
}

function changesOf(before: ModelInfo, after: ModelInfo): readonly PriceChange[] {
  const changes: PriceChange[] = [];
  for (const field of PRICE_FIELDS) {
    if (samePrice(before.prices[field], after.prices[field])) continue;
    changes.push({ id: before.id, field, before: before.prices[field], after: after.prices[field] });
  }
  const tiersBefore = tiersText(before.prices);
  const tiersAfter = tiersText(after.prices);
  if (tiersBefore !== tiersAfter) {
    changes.push({ id: before.id, field: 'tiers', before: tiersBefore, after: tiersAfter });
  }
  for (const field of ['contextWindow', 'maxOutputTokens'] as const) {
    if (before[field] === after[field]) continue;
    changes.push({ id: before.id, field, before: before[field], after: after[field] });
  }
  return changes;
}

function tiersText(prices: Prices): string | undefined {
  return prices.tiers === undefined
    ? undefined
    : JSON.stringify(orderedPrices({ tiers: prices.tiers }).tiers);
}

/** The prices of a list that can be right beside the known ones, and those that cannot. */
function plausiblePrices(
  info: ModelInfo,
  offered: PriceSet,
  known: PriceSet,
): { readonly kept: PriceDraft; readonly refused: readonly Omit<MergeConflict, 'id'>[] } {
  const kept: PriceDraft = {};
  const refused: Omit<MergeConflict, 'id'>[] = [];
  for (const field of PRICE_FIELDS) {
    const value = offered[field];
    if (value === undefined || isKnown(known[field], value)) continue;
    const reason = implausible(info, { ...known, ...offered }, field) ?? jump(known[field], value);
    if (reason === undefined) kept[field] = value;
    else refused.push({ field, kept: known[field], offered: value, reason });
  }
  return { kept, refused };
}

function isKnown(known: number | undefined, offered: number): boolean {
  return samePrice(known, offered) || (known !== undefined && isRounding(known, offered));
}

function jump(known: number | undefined, offered: number): string | undefined {
  if (known === undefined || known === 0) return undefined;
  const factor = offered / known;
  return factor > MAX_JUMP || factor < 1 / MAX_JUMP
    ? `more than ${MAX_JUMP} x the known price, or less than a tenth`
    : undefined;
}
