import type { ModelInfo, PriceSet, Prices } from '../../contract/index.ts';

/** The fields of a price set, in the order they are written. */
export const PRICE_FIELDS = [
  'input',
  'output',
  'outputWithReasoning',
  'cacheRead',
  'cacheWrite',
  'cacheWrite1h',
  'batchInput',
  'batchOutput',
  'batchCacheRead',
  'batchCacheWrite',
  'batchCacheWrite1h',
] as const satisfies readonly (keyof PriceSet)[];

/** The name of one price. */
export type PriceField = (typeof PRICE_FIELDS)[number];

/** Prices while they are put together. */
export type PriceDraft = { -readonly [K in PriceField]?: number };

/** Ratios that a provider publishes: of cache prices to `input`, of batch prices to the plain ones. */
interface PublishedRatios {
  readonly cacheRead?: number;
  readonly cacheWrite?: number;
  readonly cacheWrite1h?: number;
  readonly batch?: number;
  /** True when the batch discount also applies to cache reads and writes. */
  readonly isBatchOnCache?: boolean;
}

const CLAUDE_CACHE = { cacheRead: 0.1, cacheWrite: 1.25, cacheWrite1h: 2 } as const;
const CLAUDE_HOSTS: ReadonlySet<string> = new Set(['bedrock', 'vertex', 'azure', 'openrouter']);

/**
 * What providers publish as a fixed ratio. Anthropic: reads 0.1, 5-minute writes 1.25, 1-hour writes 2
 * times the input, on every host; batch half of everything. OpenAI, Google, Mistral: batch half.
 */
export function publishedRatios(info: Pick<ModelInfo, 'provider' | 'family'>): PublishedRatios {
  if (info.family === 'claude') {
    if (info.provider === 'anthropic') return { ...CLAUDE_CACHE, batch: 0.5, isBatchOnCache: true };
    if (CLAUDE_HOSTS.has(info.provider)) return CLAUDE_CACHE;
  }
  if (['openai', 'google', 'mistral'].includes(info.provider)) return { batch: 0.5 };
  return {};
}

/** True when two prices are the same but for rounding in floating point. */
export function samePrice(a: number | undefined, b: number | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return Math.abs(a - b) <= 1e-9 * Math.max(a, b);
}

/** True when `rounded` is `precise` with fewer decimals. */
export function isRounding(precise: number, rounded: number): boolean {
  const decimals = (String(rounded).split('.')[1] ?? '').length;
  const isShorter = (String(precise).split('.')[1] ?? '').length > decimals;
  return isShorter && decimals >= 2 && Math.abs(precise - rounded) <= 0.5 * 10 ** -decimals + 1e-12;
}

/**
 * Why a price cannot be right whatever the provider: a cached read never costs more than fresh input, nor
 * a five-hundredth of it, and a write never less. `undefined` when nothing speaks against it.
 */
export function impossible(prices: PriceSet, field: PriceField): string | undefined {
  const value = prices[field];
  const { input } = prices;
  if (value === undefined || input === undefined || input === 0) return undefined;
  if (field === 'cacheRead' && value > input * SLACK) return 'a read costs more than fresh input';
  if (field === 'cacheRead' && value * MAX_READ_DISCOUNT < input) return 'a read costs next to nothing';
  const isWrite = field === 'cacheWrite' || field === 'cacheWrite1h';
  if (isWrite && value * SLACK < input) return 'a write costs less than fresh input';
  return undefined;
}

/** The deepest discount on reads that a provider gives is about 120 (DeepSeek). */
const MAX_READ_DISCOUNT = 500;
/** Room for floating point. */
const SLACK = 1.000001;
/** Published ratios hold this well: list prices are rounded, Claude 3 Haiku's by a fifth. */
const RATIO_TOLERANCE = 0.25;

/** Why a price cannot be right: it is impossible, or breaks the provider's published ratio. */
export function implausible(
  info: Pick<ModelInfo, 'provider' | 'family'>,
  prices: PriceSet,
  field: PriceField,
): string | undefined {
  const problem = impossible(prices, field);
  if (problem !== undefined) return problem;
  if (info.family === 'gemini' && field === 'cacheWrite' && (prices.cacheWrite ?? 0) > 0) {
    return 'Google bills caches by the hour of storage, not by tokens written';
  }
  const value = prices[field];
  if (value === undefined || prices.input === undefined) return undefined;
  if (field !== 'cacheRead' && field !== 'cacheWrite' && field !== 'cacheWrite1h') return undefined;
  const ratio = publishedRatios(info)[field];
  if (ratio === undefined) return undefined;
  const expected = prices.input * ratio;
  if (Math.abs(value - expected) <= expected * RATIO_TOLERANCE) return undefined;
  return `breaks the published ratio of ${ratio} x input`;
}

/**
 * Fills the prices that a published ratio gives and the list lacks; returns what was filled. Cache
 * prices are filled only for a model that caches: one with any cache price, or as `hasCaching` says.
 */
export function completeByRatio(
  info: Pick<ModelInfo, 'provider' | 'family'>,
  prices: PriceSet,
  hasCaching = (prices.cacheRead ?? prices.cacheWrite ?? prices.cacheWrite1h) !== undefined,
): { readonly prices: PriceSet; readonly derived: readonly PriceField[] } {
  const ratios = publishedRatios(info);
  const draft: PriceDraft = {};
  for (const field of PRICE_FIELDS) if (prices[field] !== undefined) draft[field] = prices[field];
  const derived: PriceField[] = [];
  const fill = (field: PriceField, from: number | undefined, ratio: number | undefined): void => {
    if (draft[field] !== undefined || from === undefined || ratio === undefined) return;
    draft[field] = tidy(from * ratio);
    derived.push(field);
  };
  if (hasCaching && prices.input !== undefined && prices.input > 0) {
    for (const field of ['cacheRead', 'cacheWrite', 'cacheWrite1h'] as const) {
      fill(field, prices.input, ratios[field]);
    }
  }
  fill('batchInput', draft.input, ratios.batch);
  fill('batchOutput', draft.output, draft.outputWithReasoning === undefined ? ratios.batch : undefined);
  if (ratios.isBatchOnCache === true) {
    fill('batchCacheRead', draft.cacheRead, ratios.batch);
    fill('batchCacheWrite', draft.cacheWrite, ratios.batch);
    fill('batchCacheWrite1h', draft.cacheWrite1h, ratios.batch);
  }
  return { prices: draft, derived };
}

/** A price without the noise of floating point: at most 7 significant digits. */
export function tidy(price: number): number {
  return Number(price.toPrecision(7));
}

/** Prices with the fields, and the tiers, in their fixed order; absent ones left out. */
export function orderedPrices(prices: Prices): Prices {
  const tiers = [...(prices.tiers ?? [])]
    .toSorted((a, b) => a.aboveInputTokens - b.aboveInputTokens)
    .map((tier) => ({ aboveInputTokens: tier.aboveInputTokens, ...orderedSet(tier) }));
  return { ...orderedSet(prices), ...(tiers.length === 0 ? {} : { tiers }) };
}

function orderedSet(prices: PriceSet): PriceDraft {
  const draft: PriceDraft = {};
  for (const field of PRICE_FIELDS) {
    const value = prices[field];
    if (value !== undefined) draft[field] = value;
  }
  return draft;
}
