export { type AnswerPair, type CompareAnswers, createAnswerComparison } from './compare-answers.ts';
export type { SemanticCandidate, SemanticDecision } from './decision.ts';
export { evaluatePairs, type JudgedPair, type LabelledPair, type PairEvaluation } from './evaluate.ts';
export { type Explanation, explainText } from './explain.ts';
export { type Invalidation, invalidate } from './invalidate.ts';
export { coldLimit, createPairJudge } from './judge/index.ts';
export { createLearnedLimit, type LearnedLimit, type LiveRate } from './limit/index.ts';
export type { SemanticCacheLimits, SemanticCacheOptions } from './options.ts';
export { MAX_TEXT_CHARS, type QueryRules, readQuery, type SemanticQuery } from './query.ts';
export {
  createSemanticCache,
  type SemanticCache,
  type SemanticStatus,
} from './semantic-cache.ts';
export { createSemanticCacheStage } from './stage.ts';
export { createWorkBudget } from './work-budget.ts';
