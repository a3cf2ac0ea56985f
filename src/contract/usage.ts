/**
 * Where a number comes from. It travels with the number into every report.
 *
 * - `reported`: the provider's own `usage`, the truth.
 * - `exact`: counted with the model's own published encoding.
 * - `calibrated`: estimated, corrected by what the provider reported for this model before.
 * - `estimated`: from published ratios alone.
 */
export type Basis = 'reported' | 'exact' | 'calibrated' | 'estimated';

/**
 * Tokens of one exchange in one meaning for all wires.
 *
 * `inputTokens` is everything sent, cached or not; cache reads and writes are parts of it and are
 * never added again. `reasoningTokens` is a part of `outputTokens`.
 */
export interface Usage {
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Part of `inputTokens` read from the provider's prompt cache. */
  readonly cacheReadTokens: number;
  /** Part of `inputTokens` written to the provider's prompt cache, 5-minute life. */
  readonly cacheWriteTokens: number;
  /** Part of `inputTokens` written to the provider's prompt cache, 1-hour life. */
  readonly cacheWrite1hTokens: number;
  /** Part of `outputTokens` spent on reasoning. */
  readonly reasoningTokens: number;
}

/** A usage of nothing. */
export const NO_USAGE: Usage = Object.freeze({
  inputTokens: 0,
  outputTokens: 0,
  cacheReadTokens: 0,
  cacheWriteTokens: 0,
  cacheWrite1hTokens: 0,
  reasoningTokens: 0,
});
