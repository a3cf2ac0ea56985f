export {
  type BatchCount,
  type BatchCounter,
  type BatchOptions,
  countBatch,
  createBatchCounter,
} from './batch.ts';
export type { BatchInput } from './batch-plan.ts';
export type { CalibrationState } from './calibration.ts';
export { type CountTokensOptions, countTokens } from './count-tokens.ts';
export { ENCODINGS, type EncodingCounter, loadEncoding } from './encoding.ts';
export { type FitOptions, type FitResult, fit } from './fit.ts';
export { createModelRegistry, familyOf, type ModelRegistryOptions } from './models/index.ts';
export type { ModelFamily, TokenCounterOptions } from './options.ts';
export { type CalibratedTokenCounter, createTokenCounter } from './token-counter.ts';
