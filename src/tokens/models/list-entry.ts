import type { JsonObject, JsonValue, ModelInfo, Prices, PriceTier } from '../../contract/index.ts';
import { encodingFromName, familyFromName } from './families.ts';
import { orderedPrices, PRICE_FIELDS, type PriceDraft, type PriceField, tidy } from './price-rules.ts';

/** Beyond this a price is per call or in another unit: USD per million tokens. */
const MAX_PLAUSIBLE_PRICE = 2000;
const MAX_PLAUSIBLE_TOKENS = 1_000_000_000;

/** One model of a list, as its format states it. */
export interface ListEntry {
  readonly provider: string;
  readonly name: string;
  readonly prices: PriceDraft;
  readonly tiers?: readonly TierDraft[];
  readonly contextWindow?: number;
  readonly maxOutputTokens?: number;
}

/** A tier while it is read. */
export type TierDraft = PriceDraft & { readonly aboveInputTokens: number };

/** A model of a list that was left out, and why. */
export interface RejectedEntry {
  readonly model: string;
  readonly reason: string;
}

/** Names of models that are billed by pictures, sound, seconds or calls too: tokens alone do not price them. */
const NOT_BY_TOKENS =
  /(^|[-/.~_])(image|imagen|imagine|dall|sora|veo|lyria|tts|whisper|transcribe|audio|realtime|speech|voice|moderation|rerank|ocr|stable|sd3|sdxl|asr|livetranslate|omni|live|orpheus|voxtral|search-preview|search-api|captioner|sonar|titan-embed-image)/;

/** True when a model of this name is billed by text tokens. */
export function isBilledByTokens(name: string): boolean {
  return !NOT_BY_TOKENS.test(name.toLowerCase());
}

/**
 * The registry row of a list's entry, with `id` as the list names it. A price of 0 is one that the list
 * does not know, unless the name declares the model free (`:free`).
 *
 * @returns the row, or the reason why a number in it cannot be right
 */
export function entryToModel(
  entry: ListEntry,
  origin: { readonly source: string; readonly sourceDate: string },
): ModelInfo | string {
  const isFree = entry.name.endsWith(':free');
  const base = checkedPrices(entry.prices, isFree);
  if (typeof base === 'string') return base;
  const tiers: PriceTier[] = [];
  for (const draft of entry.tiers ?? []) {
    const tier = checkedPrices(draft, isFree);
    if (typeof tier === 'string') return tier;
    if (!isTokenLimit(draft.aboveInputTokens)) return 'the limit of a tier is no number of tokens';
    if (Object.keys(tier).length > 0) tiers.push({ aboveInputTokens: draft.aboveInputTokens, ...tier });
  }
  const prices: Prices = isFree ? FREE : orderedPrices({ ...base, ...(tiers.length === 0 ? {} : { tiers }) });
  const encoding = encodingFromName(entry.name);
  const isEmbedding = /embed/.test(entry.name);
  return {
    id: entry.name,
    provider: entry.provider,
    family: familyFromName(entry.name),
    ...(encoding === undefined ? {} : { encoding }),
    ...(isTokenLimit(entry.contextWindow) ? { contextWindow: entry.contextWindow } : {}),
    // Lists put the dimensions of an embedding there.
    ...(isTokenLimit(entry.maxOutputTokens) && !isEmbedding
      ? { maxOutputTokens: entry.maxOutputTokens }
      : {}),
    prices,
    ...origin,
    aliases: [],
  };
}

const FREE: Prices = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, cacheWrite1h: 0 };

function checkedPrices(draft: PriceDraft, isFree: boolean): PriceDraft | string {
  const kept: PriceDraft = {};
  for (const field of PRICE_FIELDS) {
    const value = draft[field];
    if (value === undefined || (value === 0 && !isFree)) continue;
    const problem = problemOf(field, value);
    if (problem !== undefined) return problem;
    kept[field] = tidy(value);
  }
  return kept;
}

function problemOf(field: PriceField, value: number): string | undefined {
  if (Number.isFinite(value) && value >= 0 && value <= MAX_PLAUSIBLE_PRICE) return undefined;
  return `${field} is ${value}, expected 0 to ${MAX_PLAUSIBLE_PRICE} USD per million tokens`;
}

function isTokenLimit(value: number | undefined): value is number {
  return value !== undefined && Number.isInteger(value) && value > 0 && value <= MAX_PLAUSIBLE_TOKENS;
}

/** The value as an object, or `undefined`. */
export function asObject(value: JsonValue | undefined): JsonObject | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as JsonObject)
    : undefined;
}

/**
 * The value as a number: absent for null and undefined, NaN for anything else that is not a number, so
 * that the checks refuse it.
 */
export function asNumber(value: JsonValue | undefined): number | undefined {
  if (value === undefined || value === null) return undefined;
  return typeof value === 'number' ? value : Number.NaN;
}

/** The number times a factor; absent stays absent. */
export function scaled(value: JsonValue | undefined, factor: number): number | undefined {
  const number = asNumber(value);
  return number === undefined ? undefined : number * factor;
}

/** The fields that have a value. */
export function withoutAbsent<T extends string>(
  fields: Readonly<Record<T, number | undefined>>,
): { [K in T]?: number } {
  const kept: { [K in T]?: number } = {};
  for (const key of Object.keys(fields) as T[]) if (fields[key] !== undefined) kept[key] = fields[key];
  return kept;
}
