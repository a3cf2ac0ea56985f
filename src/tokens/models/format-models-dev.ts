import type { JsonObject, JsonValue } from '../../contract/index.ts';
import {
  asNumber,
  asObject,
  isBilledByTokens,
  type ListEntry,
  type TierDraft,
  withoutAbsent,
} from './list-entry.ts';
import type { PriceDraft } from './price-rules.ts';
import { canonicalProvider } from './providers.ts';

/** Reads the models of models.dev: USD per million tokens, `cost.cache_write` is the 5-minute write. */
export function* readModelsDev(providers: JsonObject): Generator<ListEntry> {
  for (const [listed, value] of Object.entries(providers)) {
    const provider = canonicalProvider(listed) ?? listed.toLowerCase();
    const entry = asObject(value);
    for (const [name, row] of Object.entries(asObject(entry?.models) ?? entry ?? {})) {
      const model = asObject(row);
      if (model === undefined || !isBilledByTokens(name) || !writesText(model)) continue;
      const limit = asObject(model.limit);
      const cost = asObject(model.cost);
      yield {
        provider,
        name,
        prices: costOf(cost, true),
        tiers: tiersOf(cost),
        ...withoutAbsent({
          contextWindow: asNumber(limit?.context),
          maxOutputTokens: asNumber(limit?.output),
        }),
      };
    }
  }
}

/** True unless the list says that the model makes pictures or sound, whose tokens cost otherwise. */
function writesText(model: JsonObject): boolean {
  const output = asObject(model.modalities)?.output;
  if (!Array.isArray(output)) return true;
  return output.includes('text') && !output.includes('image') && !output.includes('video');
}

function costOf(cost: JsonObject | undefined, isBase: boolean): PriceDraft {
  const output = asNumber(cost?.output);
  const reasoning = asNumber(cost?.reasoning);
  return withoutAbsent({
    input: asNumber(cost?.input),
    output,
    outputWithReasoning: isBase && reasoning !== output ? reasoning : undefined,
    cacheRead: asNumber(cost?.cache_read ?? cost?.cached_input),
    cacheWrite: asNumber(cost?.cache_write),
  });
}

function tiersOf(cost: JsonObject | undefined): readonly TierDraft[] {
  const tiers: TierDraft[] = [];
  for (const value of listOf(cost?.tiers)) {
    const row = asObject(value);
    const size = asNumber(asObject(row?.tier)?.size);
    if (size !== undefined) tiers.push({ aboveInputTokens: size, ...costOf(row, false) });
  }
  const over200k = asObject(cost?.context_over_200k);
  if (tiers.length === 0 && over200k !== undefined) {
    tiers.push({ aboveInputTokens: 200_000, ...costOf(over200k, false) });
  }
  return tiers;
}

function listOf(value: JsonValue | undefined): readonly JsonValue[] {
  return Array.isArray(value) ? (value as readonly JsonValue[]) : [];
}
