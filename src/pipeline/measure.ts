import {
  type Basis,
  type Measurement,
  type ModelRegistry,
  NO_USAGE,
  type StageName,
  type Usage,
} from '../contract/index.ts';
import type { KnownUsage } from './usage-of-answer.ts';

/** USD of so many input tokens at full price; negative for a loss, null when the price is unknown. */
export function priceOfTokens(registry: ModelRegistry, model: string, tokens: number): number | null {
  const { costUsd } = registry.price(model, { ...NO_USAGE, inputTokens: Math.abs(tokens) });
  return costUsd === null ? null : Math.sign(tokens) * costUsd;
}

/** The sum; unknown when one of them is (INV-U2). */
export function sumOfCosts(one: number | null, other: number | null): number | null {
  return one === null || other === null ? null : one + other;
}

/** What a stage spent elsewhere without a change to the request. */
export interface Spending {
  readonly stage: StageName;
  readonly mode: Measurement['mode'];
  readonly tokens: number;
  readonly basis: Basis;
  /** USD; null when unknown. */
  readonly costUsd: number | null;
}

/** The measurement of tokens that were spent and spared nothing. */
export function measureOverhead({ stage, mode, tokens, basis, costUsd }: Spending): Measurement {
  return {
    stage,
    mode,
    tokensBefore: 0,
    tokensAfter: 0,
    overhead: tokens,
    basis,
    netCostUsd: costUsd === null ? null : 0 - costUsd,
  };
}

/** The measurement of a caller who shared somebody else's upstream call: all of it was spared. */
export function measureShared(used: KnownUsage, costUsd: number | null): Measurement {
  return {
    stage: 'exact-cache',
    mode: 'on',
    tokensBefore: totalOf(used.usage),
    tokensAfter: 0,
    overhead: 0,
    basis: used.basis,
    netCostUsd: costUsd,
  };
}

/**
 * What is left of the measurements of a request that the provider did not process: nothing was spared, but
 * what stages spent elsewhere is spent all the same (INV-U4).
 */
export function spendingIn(measurements: readonly Measurement[]): readonly Measurement[] {
  return measurements.filter(
    ({ tokensBefore, tokensAfter, overhead }) => overhead > 0 && tokensBefore === tokensAfter,
  );
}

/** Input and output tokens together. */
export function totalOf(usage: Usage): number {
  return usage.inputTokens + usage.outputTokens;
}
