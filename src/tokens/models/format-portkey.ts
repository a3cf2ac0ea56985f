import type { JsonObject } from '../../contract/index.ts';
import { asObject, isBilledByTokens, type ListEntry, scaled, withoutAbsent } from './list-entry.ts';
import type { PriceDraft } from './price-rules.ts';
import { canonicalProvider } from './providers.ts';

/** US cents per token to USD per million tokens. */
const CENTS_PER_TOKEN = 10_000;
/** A Google model is two rows, for requests up to and beyond a length. */
const LENGTH_SUFFIX = /-(lte|gt)-(\d+)k$/;

/** Reads the models of Portkey: US cents per token under `pay_as_you_go` and `batch_config`. */
export function* readPortkey(providers: JsonObject): Generator<ListEntry> {
  for (const [listed, value] of Object.entries(providers)) {
    const provider = canonicalProvider(listed) ?? listed.toLowerCase();
    const rows = asObject(value) ?? {};
    for (const [name, row] of Object.entries(rows)) {
      const prices = pricesOf(asObject(row));
      if (prices === undefined || !isBilledByTokens(name) || isNoName(name)) continue;
      const suffix = LENGTH_SUFFIX.exec(name);
      if (suffix === null) {
        yield { provider, name, prices };
      } else if (suffix[1] === 'lte') {
        const base = name.slice(0, suffix.index);
        const long = pricesOf(asObject(rows[`${base}-gt-${suffix[2] ?? ''}k`]));
        const tiers =
          long === undefined || isSame(prices, long)
            ? []
            : [{ aboveInputTokens: limitOf(base, suffix[2] ?? ''), ...long }];
        yield { provider, name: base, prices, tiers };
      }
    }
  }
}

/** `default` holds fallbacks, `x.ft` fine-tunes, `~x` a router's moving names. */
function isNoName(name: string): boolean {
  return name === 'default' || name.endsWith('.ft') || name.startsWith('ft:') || name.startsWith('~');
}

/**
 * The list's suffix is a label of its router and says 128k throughout; Google publishes 128,000 tokens
 * as the limit up to Gemini 1.5, and 200,000 from 2.5 on.
 */
function limitOf(base: string, thousands: string): number {
  const listed = Number(thousands) * 1000;
  return /^gemini-(?:1|2\.0)|^gemini-pro-vision/.test(base) ? listed : Math.max(listed, 200_000);
}

function isSame(a: PriceDraft, b: PriceDraft): boolean {
  return a.input === b.input && a.output === b.output && a.cacheRead === b.cacheRead;
}

function pricesOf(row: JsonObject | undefined): PriceDraft | undefined {
  const config = asObject(row?.pricing_config) ?? row;
  const use = asObject(config?.pay_as_you_go);
  if (use === undefined) return undefined;
  const batch = asObject(config?.batch_config);
  const output = priceAt(use, 'response_token') ?? priceAt(use, 'response_text_token');
  const reasoning = priceAt(use, 'reasoning_token');
  return withoutAbsent({
    input: priceAt(use, 'request_token') ?? priceAt(use, 'request_text_token'),
    output,
    outputWithReasoning: reasoning !== output ? reasoning : undefined,
    cacheRead: priceAt(use, 'cache_read_input_token'),
    cacheWrite: priceAt(use, 'cache_write_input_token'),
    cacheWrite1h: priceAt(asObject(use.additional_units), 'cache_write_1h'),
    batchInput: priceAt(batch, 'request_token'),
    batchOutput: priceAt(batch, 'response_token'),
    batchCacheRead: priceAt(batch, 'cache_read_input_token'),
    batchCacheWrite: priceAt(batch, 'cache_write_input_token'),
  });
}

function priceAt(units: JsonObject | undefined, unit: string): number | undefined {
  return scaled(asObject(units?.[unit])?.price, CENTS_PER_TOKEN);
}
