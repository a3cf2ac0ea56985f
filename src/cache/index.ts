export type { SimpleAnswer, SimpleRequest, SimpleScope } from './by-hand.ts';
export {
  type CacheHit,
  type CacheLookup,
  createExactCache,
  type ExactCache,
  type NewAnswer,
} from './exact-cache.ts';
export { type Normalization, normalizeProse } from './normalize.ts';
export type { CacheCodecs, CacheLimits, ExactCacheOptions } from './options.ts';
export type { ScopeSurroundings } from './scope.ts';
export { coldLimit, createPairJudge, type PairJudgeOptions } from './semantic/judge/index.ts';
export { createExactCacheStage } from './stage.ts';
export type { ImportReport } from './transfer.ts';
