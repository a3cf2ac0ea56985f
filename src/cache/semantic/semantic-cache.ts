import {
  AbortedError,
  isPareError,
  type MaybePromise,
  type SemanticEntry,
  type SemanticFilter,
} from '../../contract/index.ts';
import { judgeNear, reasonOf, type SemanticCandidate, type SemanticDecision } from './decision.ts';
import { Entries, type NearEntry } from './entries.ts';
import { type Invalidation, invalidate } from './invalidate.ts';
import { type Learned, Learner, type Said } from './learner.ts';
import type { LiveRate } from './limit/index.ts';
import type { SemanticCacheOptions } from './options.ts';
import type { SemanticQuery } from './query.ts';
import { createReporter, type Reporter } from './reporter.ts';

/** Entries that are looked at for one query. */
const NEIGHBOURS = 16;
/** The first 52 bits of a key. */
const ID_DIGITS = 13;
const DAY_SECONDS = 86_400;
const NOTHING_FOUND = { candidate: null, answer: null, candidates: [], limit: null } as const;

/** What a new entry needs besides the query. */
export type NewEntry = Pick<SemanticEntry, 'key' | 'tenant' | 'model' | 'tags'> & {
  readonly ttlSeconds?: number;
  /** The group of answers that its answer belongs to. @default one of its own */
  readonly answerGroup?: number | null;
};

/** How the cache fares. */
export interface SemanticStatus {
  readonly entries: number;
  /** Wrong answers among the hits that were checked. */
  readonly falseHits: LiveRate;
  /** True while the cache serves nothing since too much of it was wrong. */
  readonly isBreached: boolean;
  /** True while the hits that were compared prove that the tolerated rate is kept. */
  readonly isProven: boolean;
}

/** Answers by meaning: what is asked in other words, never what only sounds alike. */
export interface SemanticCache {
  /**
   * Decides on a query; at once where embedder and store answer at once. Never throws but `AbortedError`: whatever
   * fails is a miss with a reason.
   */
  decide(query: SemanticQuery, options?: DecideOptions): MaybePromise<SemanticDecision>;
  /**
   * Learns from the provider's answer to a query that was not served, or was served and checked; true when the
   * stored answer says the same, null when there was none to compare. Never throws.
   */
  learn(query: SemanticQuery, decision: SemanticDecision, fresh: Said): Promise<Learned>;
  /** Keeps a query, whose answer is kept under `entry.key`. */
  put(query: SemanticQuery, decision: SemanticDecision, entry: NewEntry): void;
  /** True when this hit is one to be checked. */
  isToBeVerified(): boolean;
  /** Deletes the entries that a filter finds, and their answers; with `isDryRun` it only says which. */
  invalidate(filter: SemanticFilter, options?: { readonly isDryRun?: boolean }): Promise<Invalidation>;
  status(): SemanticStatus;
  /** Settled when what was stored before can be found. */
  readonly ready: Promise<void>;
  flush(): Promise<void>;
  /** Writes what waits and closes store and embedder. */
  close(): Promise<void>;
}

/** Options of one decision. */
export interface DecideOptions {
  readonly maxAgeSeconds?: number;
  readonly signal?: AbortSignal;
}

/**
 * Returns a cache that finds answers by meaning. Of the entries of exactly the same scope (INV-C1) it takes those
 * nearest in meaning, lets gates stop what differs in what matters (INV-C7), and serves what the learned limit lets
 * pass. Answers are where `options.answers` keeps them.
 *
 * @example
 * const cache = createSemanticCache({ store, index, embedder, judge, limit, answers, compare, onEvent });
 * const decision = await cache.decide(query);
 */
export function createSemanticCache(options: SemanticCacheOptions): SemanticCache {
  return new DefaultSemanticCache(options);
}

class DefaultSemanticCache implements SemanticCache {
  readonly #options: SemanticCacheOptions;
  readonly #now: () => number;
  readonly #random: () => number;
  readonly #ttlMs: number;
  readonly #entries: Entries;
  readonly #report: Reporter;
  readonly #learner: Learner;

  constructor(options: SemanticCacheOptions) {
    const { store, index, embedder, onEvent, limits = {}, now = Date.now, random = Math.random } = options;
    const { maxEntries = 100_000, ttlSeconds = DAY_SECONDS, flushMs = 500 } = limits;
    this.#options = options;
    this.#now = now;
    this.#random = random;
    this.#ttlMs = ttlSeconds * 1000;
    this.#entries = new Entries({ store, index, embedder, onEvent, now, maxEntries, flushMs });
    this.#report = createReporter(onEvent, now);
    this.#learner = new Learner(options, { entries: this.#entries, report: this.#report });
  }

  get ready(): Promise<void> {
    return this.#entries.ready;
  }

  decide(query: SemanticQuery, options: DecideOptions = {}): MaybePromise<SemanticDecision> {
    try {
      const { embedder } = this.#options;
      if (embedder.embedNow !== undefined)
        return this.#lookAround(query, embedder.embedNow(query.text), options);
      const { signal } = options;
      return embedder
        .embed([query.text], signal === undefined ? {} : { signal })
        .then(([vector]) => this.#lookAround(query, vector as Float32Array, options))
        .catch((error: unknown) => this.#failed(error));
    } catch (error) {
      return this.#failed(error);
    }
  }

  learn(query: SemanticQuery, decision: SemanticDecision, fresh: Said): Promise<Learned> {
    return this.#learner.learn(query, decision, fresh);
  }

  put(query: SemanticQuery, decision: SemanticDecision, entry: NewEntry): void {
    const { vector } = decision;
    if (vector === null) return;
    const { ttlSeconds = Number.POSITIVE_INFINITY, answerGroup = null, ...facts } = entry;
    const id = Number.parseInt(entry.key.slice(0, ID_DIGITS), 16);
    const createdAt = this.#now();
    try {
      this.#entries.add({
        ...facts,
        id,
        scopeKey: query.scopeKey,
        text: query.text,
        vector,
        embedder: this.#entries.embedder,
        answerGroup: answerGroup ?? id,
        createdAt,
        expiresAt: createdAt + Math.min(this.#ttlMs, ttlSeconds * 1000),
      });
    } catch (error) {
      this.#report('semantic_put_failed', error);
    }
  }

  isToBeVerified(): boolean {
    return this.#random() < (this.#options.verifyShare ?? 0.02);
  }

  async invalidate(
    filter: SemanticFilter,
    options: { readonly isDryRun?: boolean } = {},
  ): Promise<Invalidation> {
    await this.#entries.flush();
    const { store, answers } = this.#options;
    return invalidate({ store, answers, remove: (ids) => this.#entries.remove(ids) }, filter, options);
  }

  status(): SemanticStatus {
    const { limit } = this.#options;
    const { isBreached, isProven } = limit;
    return { entries: this.#entries.size, falseHits: limit.estimate(), isBreached, isProven };
  }

  flush(): Promise<void> {
    return this.#entries.flush();
  }

  async close(): Promise<void> {
    await this.#entries.close();
    await this.#options.embedder.close?.();
  }

  #lookAround(
    query: SemanticQuery,
    vector: Float32Array,
    options: DecideOptions,
  ): MaybePromise<SemanticDecision> {
    // Who wants no stored answer is not decided on: a decision spends of what the limit allows.
    if (!query.mayRead) return { ...NOTHING_FOUND, kind: 'miss', reason: 'no_candidate', vector };
    const near = this.#entries.nearest(query.scopeKey, vector, NEIGHBOURS);
    if (near instanceof Promise)
      return near.then((found) => this.#judge(query, { vector, near: found }, options));
    return this.#judge(query, { vector, near }, options);
  }

  #judge(
    query: SemanticQuery,
    { vector, near }: { readonly vector: Float32Array; readonly near: readonly NearEntry[] },
    options: DecideOptions,
  ): MaybePromise<SemanticDecision> {
    if (near.length === 0) return { ...NOTHING_FOUND, kind: 'miss', reason: 'no_candidate', vector };
    const candidates = judgeNear(this.#options.judge, near, query.text);
    const limit = this.#options.limit.decide({ neighbours: candidates });
    const candidate = candidates.find(({ entry }) => entry.id === limit.candidate) ?? null;
    const decision: SemanticDecision = {
      kind: limit.kind === 'serve' ? 'hit' : limit.kind,
      reason: reasonOf(limit, candidates),
      candidate,
      answer: null,
      candidates,
      limit,
      vector,
    };
    if (decision.kind === 'miss' || candidate === null) return { ...decision, kind: 'miss' };
    return this.#withAnswer(decision, candidate, options);
  }

  #withAnswer(
    decision: SemanticDecision,
    { entry }: SemanticCandidate,
    { maxAgeSeconds }: DecideOptions,
  ): MaybePromise<SemanticDecision> {
    const found = this.#options.answers.lookup(entry.key, {
      isCounted: false,
      ...(maxAgeSeconds === undefined ? {} : { maxAgeSeconds }),
    });
    const decide = (lookup: Awaited<typeof found>): SemanticDecision => {
      if (lookup.outcome === 'hit') return { ...decision, answer: lookup };
      // Old is as good as gone, unless only this caller finds it too old.
      if (lookup.outcome === 'miss') this.#entries.forget(entry.id);
      const reason = lookup.outcome === 'stale' ? 'stale' : 'answer_gone';
      return { ...decision, kind: 'miss', reason };
    };
    return found instanceof Promise ? found.then(decide) : decide(found);
  }

  #failed(error: unknown): SemanticDecision {
    if (error instanceof AbortedError) throw error;
    this.#report('semantic_lookup_failed', error);
    return {
      ...NOTHING_FOUND,
      kind: 'miss',
      reason: isOfVector(error) ? 'embedding_failed' : 'error',
      vector: null,
    };
  }
}

/** True where the embedder failed, or gave what is no vector. */
function isOfVector(error: unknown): boolean {
  return isPareError(error) && (error.code.startsWith('embedding_') || error.code === 'vector_invalid');
}
