import { type ModelRegistry, NO_USAGE } from '../contract/index.ts';

/** USD of so many input tokens at full price; negative for a loss, null when the price is unknown. */
export function priceOfTokens(registry: ModelRegistry, model: string, tokens: number): number | null {
  const { costUsd } = registry.price(model, { ...NO_USAGE, inputTokens: Math.abs(tokens) });
  return costUsd === null ? null : Math.sign(tokens) * costUsd;
}
