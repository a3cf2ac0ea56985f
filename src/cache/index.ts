export type { SimpleAnswer, SimpleRequest, SimpleScope } from './by-hand.ts';
export { createExactCache } from './exact-cache.ts';
export { type Normalization, normalizeProse } from './normalize.ts';
export type { CacheCodecs, CacheLimits, ExactCacheOptions } from './options.ts';
export type { ScopeSurroundings } from './scope.ts';
export { createPairJudge, type PairJudgeOptions } from './semantic/judge/index.ts';
export { createExactCacheStage } from './stage.ts';
export type { ImportReport } from './transfer.ts';
export type { CacheHit, CacheLookup, ExactCache, LookupOptions, NewAnswer } from './types.ts';
