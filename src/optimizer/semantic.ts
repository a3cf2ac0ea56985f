import type { CacheCodecs, ExactCache, KeyOf } from '../cache/exact.ts';
import {
  type CompareAnswers,
  coldLimit,
  createAnswerComparison,
  createLearnedLimit,
  createPairJudge,
  createSemanticCache,
  createSemanticCacheStage,
  createWorkBudget,
  type LearnedLimit,
  type SemanticCache,
} from '../cache/semantic/index.ts';
import {
  type Clock,
  type Embedder,
  type EventSink,
  type ModelRegistry,
  type PairJudge,
  type SemanticLive,
  type Stage,
  type StageMode,
  type StateStore,
  type Upstream,
  type UsageRecord,
} from '../contract/index.ts';
import { cacheEmbeddings, createStaticEmbedder, guardEmbedder } from '../embeddings/index.ts';
import { createVectorIndex } from '../stores/index.ts';
import { createModelComparison } from './answer-judge.ts';
import type { Config } from './config.ts';
import { beginLoading, openEmbedder } from './embedder.ts';
import { keepLimit } from './limit-keeper.ts';
import { openSemanticStore } from './stores.ts';

export { restoreLimit } from './limit-keeper.ts';

/** Texts are embedded one after the other, in some 5 to 20 ms each, and a stage has 250 ms. */
const MOST_ONNX_LOOKUPS = 8;

/** The semantic cache, wired. */
export interface Semantic {
  readonly cache: SemanticCache;
  readonly stage: Stage;
  /** How it fares. */
  live(): SemanticLive;
  close(): Promise<void>;
}

/** What a caller of the library brings of its own. */
export interface SemanticHooks {
  /** In place of the configured embedder; it is held to the contract. */
  readonly embedder?: Embedder;
  /** Says whether two answers serve the same, in place of the built-in rules. */
  readonly compare?: CompareAnswers;
}

/** What it is wired with. */
export interface SemanticParts {
  readonly answers: ExactCache;
  readonly codecs: CacheCodecs;
  readonly keyOf: KeyOf;
  readonly state: StateStore;
  readonly mode: StageMode;
  /** True where the exact cache's stage is off, so that nobody else keeps answers. */
  readonly keepsAnswers: boolean;
  readonly upstream: Upstream;
  readonly registry: ModelRegistry;
  /** Takes the ledger's rows of what the cache asks for itself. */
  readonly record: (record: UsageRecord) => void;
  readonly newId: () => string;
  /** Tokens of a text, for embedders that are paid for. */
  readonly countTokens: (text: string) => number;
  readonly hooks?: SemanticHooks | undefined;
  readonly onUnavailable: 'memory' | 'throw';
  readonly onEvent: EventSink;
  readonly now: Clock;
}

/** Opens the semantic cache. @throws StoreError, EmbeddingError */
export async function openSemantic(config: Config, parts: SemanticParts): Promise<Semantic> {
  const { answers, codecs, onEvent, now, state } = parts;
  const { semantic, cache: exact } = config;
  const builtIn = createStaticEmbedder();
  const embed = wordsOf(builtIn);
  const judge = createPairJudge({ embedWord: embed });
  const { hooks = {} } = parts;
  const embedder =
    hooks.embedder === undefined
      ? withCache(openEmbedder(semantic.embedder, builtIn), builtIn)
      : cacheEmbeddings(guardEmbedder(hooks.embedder));
  const isOnnx = hooks.embedder === undefined && semantic.embedder.kind === 'onnx';
  const limit = createLimit(semantic, embedder, semantic.exploreShare);
  const cache = createSemanticCache({
    store: openSemanticStore(config, parts),
    index: createVectorIndex({ dimensions: embedder.identity.dimensions }),
    embedder,
    judge,
    limit,
    answers,
    compare: hooks.compare ?? comparisonOf(config, parts, { judge, embed }),
    onEvent,
    now,
    verifyShare: semantic.verifyShare,
    limits: { maxEntries: semantic.maxEntries, ttlSeconds: exact.ttlSeconds },
  });
  const live = (): SemanticLive => liveOf(cache, semantic.maxFalseHitRate, parts.mode);
  const kept = await keepLimit(limit, state, { onEvent, embedder, live });
  const stage = createSemanticCacheStage({
    cache,
    answers,
    keyOf: parts.keyOf,
    rules: {
      codecs,
      policy: { normalize: exact.normalize },
      includesAgents: exact.replayAgentTurns,
      includesPersonal: semantic.includePersonal,
    },
    keepsAnswers: parts.keepsAnswers,
    ...(parts.mode === 'shadow' ? { budget: createWorkBudget(semantic.shadowShare) } : {}),
    ...(isOnnx ? { maxLookups: MOST_ONNX_LOOKUPS } : {}),
    ...(semantic.embedder.kind === 'api' ? { overheadOf: parts.countTokens } : {}),
  });
  const stopLoading = isOnnx ? beginLoading(embedder, onEvent) : undefined;
  return {
    cache,
    stage,
    live,
    close: async () => {
      stopLoading?.();
      await kept.close();
      await cache.close();
    },
  };
}

function liveOf(cache: SemanticCache, maxFalseHitRate: number, mode: StageMode): SemanticLive {
  const { entries, falseHits, isBreached, isProven } = cache.status();
  const { rate, samples, unsure, lower, upper } = falseHits;
  return {
    mode: mode === 'on' ? 'on' : 'shadow',
    entries,
    maxFalseHitRate,
    checked: samples,
    unsure,
    falseHitRate: rate,
    ci95: [lower, upper],
    isBreached,
    isProven,
  };
}

function createLimit(
  { maxFalseHitRate }: Config['semantic'],
  embedder: Embedder,
  exploreShare: number,
): LearnedLimit {
  return createLearnedLimit({
    maxFalseHitRate,
    coldLimit: coldLimit(maxFalseHitRate, embedder.identity.model),
    exploreShare,
  });
}

function comparisonOf(
  { semantic, upstreams }: Config,
  { upstream, registry, record, newId, now }: SemanticParts,
  builtIn: Parameters<typeof createAnswerComparison>[0],
): CompareAnswers {
  const { judgeModel: model } = semantic;
  if (model === undefined) return createAnswerComparison(builtIn);
  return createModelComparison({
    model,
    upstream,
    apiKey: upstreams.openai.apiKey,
    registry,
    record,
    newId,
    now,
  });
}

/** The built-in one is faster than any memory of what it made. All three hold to the contract by themselves. */
function withCache(embedder: Embedder, builtIn: Embedder): Embedder {
  return embedder === builtIn ? builtIn : cacheEmbeddings(embedder);
}

function wordsOf(embedder: Embedder): (text: string) => Float32Array {
  return (text) => {
    const vector = embedder.embedNow?.(text);
    if (vector === undefined) throw new TypeError('The built-in embedder answers at once.');
    return vector;
  };
}

/** What of the semantic cache a command works with that serves nobody. */
export interface SemanticTools {
  readonly embedder: Embedder;
  readonly judge: PairJudge;
  readonly limit: LearnedLimit;
  /** The confidence from which on a pair is served before anything was learned. */
  readonly coldLimit: number;
  close(): Promise<void>;
}

/** Opens embedder, judge and limit of a configuration, without what it keeps. @throws EmbeddingError */
export function openSemanticTools({ semantic }: Pick<Config, 'semantic'>): SemanticTools {
  const builtIn = createStaticEmbedder();
  const embedder = withCache(openEmbedder(semantic.embedder, builtIn), builtIn);
  return {
    embedder,
    judge: createPairJudge({ embedWord: wordsOf(builtIn) }),
    limit: createLimit(semantic, embedder, 0),
    coldLimit: coldLimit(semantic.maxFalseHitRate, embedder.identity.model),
    close: async () => embedder.close?.(),
  };
}
