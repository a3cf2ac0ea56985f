import type {
  Clock,
  Embedder,
  EventSink,
  PairJudge,
  SemanticStore,
  VectorIndex,
} from '../../contract/index.ts';
import type { ExactCache } from '../types.ts';
import type { CompareAnswers } from './compare-answers.ts';
import type { LearnedLimit } from './limit/index.ts';

/** Options of `createSemanticCache`. */
export interface SemanticCacheOptions {
  readonly store: SemanticStore;
  /** Empty, and of the embedder's dimensions. */
  readonly index: VectorIndex;
  readonly embedder: Embedder;
  readonly judge: PairJudge;
  /** What is served and what is asked anew. */
  readonly limit: LearnedLimit;
  /** Where the answers are kept; entries of this cache refer to them by key. */
  readonly answers: Pick<ExactCache, 'lookup' | 'delete' | 'invalidate'>;
  readonly compare: CompareAnswers;
  readonly onEvent: EventSink;
  /** Epoch milliseconds. @default Date.now */
  readonly now?: Clock;
  /** Share of the served hits that are asked anew in the background, 0 to 1. @default 0.02 */
  readonly verifyShare?: number;
  /** From 0 to below 1. @default Math.random */
  readonly random?: () => number;
  readonly limits?: SemanticCacheLimits;
}

/** Bounds of the semantic cache. */
export interface SemanticCacheLimits {
  /** Entries kept; the oldest go first. @default 100000 */
  readonly maxEntries?: number;
  /** Longest life of an entry, in seconds. @default 86400 */
  readonly ttlSeconds?: number;
  /** Longest time that an entry waits to be written, in milliseconds. @default 500 */
  readonly flushMs?: number;
}
