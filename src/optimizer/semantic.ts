import type { CacheCodecs, ExactCache, KeyOf } from '../cache/index.ts';
import {
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
  type Stage,
  type StageMode,
  type StateStore,
  type Upstream,
} from '../contract/index.ts';
import { cacheEmbeddings, createStaticEmbedder, guardEmbedder } from '../embeddings/index.ts';
import { createVectorIndex } from '../stores/index.ts';
import { createModelComparison } from './answer-judge.ts';
import type { Config } from './config.ts';
import { openEmbedder } from './embedder.ts';
import { keepLimit } from './limit-keeper.ts';
import { openSemanticStore } from './stores.ts';

/** The semantic cache, wired. */
export interface Semantic {
  readonly cache: SemanticCache;
  readonly stage: Stage;
  close(): Promise<void>;
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
  /** Tokens of a text, for embedders that are paid for. */
  readonly countTokens: (text: string) => number;
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
  const embedder = cacheEmbeddings(guardEmbedder(openEmbedder(semantic.embedder, builtIn)));
  const limit = createLimit(config, embedder);
  const kept = await keepLimit(limit, state, { onEvent, key: `${embedder.identity.model}` });
  const cache = createSemanticCache({
    store: openSemanticStore(config, parts),
    index: createVectorIndex({ dimensions: embedder.identity.dimensions }),
    embedder,
    judge,
    limit,
    answers,
    compare:
      semantic.judgeModel === undefined
        ? createAnswerComparison({ judge, embed })
        : createModelComparison({
            model: semantic.judgeModel,
            upstream: parts.upstream,
            apiKey: config.upstreams.openai.apiKey,
          }),
    onEvent,
    now,
    verifyShare: semantic.verifyShare,
    limits: { maxEntries: semantic.maxEntries, ttlSeconds: exact.ttlSeconds },
  });
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
    ...(semantic.embedder.kind === 'api' ? { overheadOf: parts.countTokens } : {}),
  });
  return {
    cache,
    stage,
    close: async () => {
      await kept.close();
      await cache.close();
    },
  };
}

function createLimit({ semantic }: Config, embedder: Embedder): LearnedLimit {
  const { maxFalseHitRate, exploreShare } = semantic;
  return createLearnedLimit({
    maxFalseHitRate,
    coldLimit: coldLimit(maxFalseHitRate, embedder.identity.model),
    exploreShare,
  });
}

function wordsOf({ embedNow }: Embedder): (text: string) => Float32Array {
  if (embedNow === undefined) throw new TypeError('The built-in embedder answers at once.');
  return embedNow;
}
