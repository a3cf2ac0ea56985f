import type { JsonObject } from '../../contract/index.ts';
import {
  asNumber,
  asObject,
  isBilledByTokens,
  type ListEntry,
  scaled,
  type TierDraft,
  withoutAbsent,
} from './list-entry.ts';
import type { PriceDraft } from './price-rules.ts';
import { canonicalProvider } from './providers.ts';

/** USD per token to USD per million tokens. */
const PER_TOKEN = 1_000_000;
const TEXT_MODES: ReadonlySet<string> = new Set(['chat', 'completion', 'responses', 'embedding']);
const LONG_FIELD = /^(.+)_above_(\d+)k_tokens$/;

/** Reads LiteLLM's `model_prices_and_context_window.json`: USD per token, one flat map. */
export function* readLiteLlm(list: JsonObject): Generator<ListEntry> {
  for (const [key, value] of Object.entries(list)) {
    const row = asObject(value);
    if (row === undefined || key === 'sample_spec' || typeof row.litellm_provider !== 'string') continue;
    if (typeof row.mode === 'string' && !TEXT_MODES.has(row.mode)) continue;
    const provider = providerOf(row.litellm_provider);
    const name = withoutProvider(key, provider);
    if (!isBilledByTokens(name) || name.startsWith('ft:')) continue;
    yield {
      provider,
      name,
      prices: pricesOf(row),
      tiers: tiersOf(row),
      ...withoutAbsent({
        contextWindow: asLimit(row.max_input_tokens) ?? asLimit(row.max_tokens),
        maxOutputTokens: asLimit(row.max_output_tokens),
      }),
    };
  }
}

/** `vertex_ai-anthropic_models` is Vertex. */
function providerOf(listed: string): string {
  const first = /^[^-]+/.exec(listed)?.[0] ?? listed;
  return canonicalProvider(listed) ?? canonicalProvider(first) ?? listed.toLowerCase();
}

function withoutProvider(key: string, provider: string): string {
  const slash = key.indexOf('/');
  if (slash < 0) return key;
  const prefix = key.slice(0, slash);
  return (canonicalProvider(prefix) ?? prefix.toLowerCase()) === provider ? key.slice(slash + 1) : key;
}

/** Limits are numbers; a few rows of the list hold text, which says nothing. */
function asLimit(value: JsonObject[string]): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

function pricesOf(row: JsonObject): PriceDraft {
  return withoutAbsent({
    input: scaled(row.input_cost_per_token, PER_TOKEN),
    output: scaled(row.output_cost_per_token, PER_TOKEN),
    cacheRead: scaled(row.cache_read_input_token_cost, PER_TOKEN),
    cacheWrite: scaled(row.cache_creation_input_token_cost, PER_TOKEN),
    cacheWrite1h: scaled(row.cache_creation_input_token_cost_above_1hr, PER_TOKEN),
    batchInput: scaled(row.input_cost_per_token_batches, PER_TOKEN),
    batchOutput: scaled(row.output_cost_per_token_batches, PER_TOKEN),
  });
}

const LONG_FIELDS: Readonly<Record<string, keyof PriceDraft>> = {
  input_cost_per_token: 'input',
  output_cost_per_token: 'output',
  cache_read_input_token_cost: 'cacheRead',
  cache_creation_input_token_cost: 'cacheWrite',
  cache_creation_input_token_cost_above_1hr: 'cacheWrite1h',
};

function tiersOf(row: JsonObject): readonly TierDraft[] {
  const tiers = new Map<number, PriceDraft>();
  for (const [key, value] of Object.entries(row)) {
    const long = LONG_FIELD.exec(key);
    const base = long?.[1];
    if (base === undefined || !Object.hasOwn(LONG_FIELDS, base)) continue;
    const field = LONG_FIELDS[base];
    const price = scaled(asNumber(value) ?? null, PER_TOKEN);
    if (field === undefined || price === undefined) continue;
    const limit = Number(long?.[2]) * 1000;
    tiers.set(limit, { ...tiers.get(limit), [field]: price });
  }
  return [...tiers].map(([aboveInputTokens, prices]) => ({ aboveInputTokens, ...prices }));
}
