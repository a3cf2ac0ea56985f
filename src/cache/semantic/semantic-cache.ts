import {
  AbortedError,
  type EventSink,
  isPareError,
  type MaybePromise,
  type SemanticEntry,
  type SemanticFilter,
} from '../../contract/index.ts';
import { judgeNear, reasonOf, type SemanticCandidate, type SemanticDecision } from './decision.ts';
import { Entries, type NearEntry } from './entries.ts';
import { type Invalidation, invalidate } from './invalidate.ts';
import type { LiveRate } from './limit/index.ts';
import type { SemanticCacheOptions } from './options.ts';
import type { SemanticQuery } from './query.ts';

/** Entries that are looked at for one query. */
const NEIGHBOURS = 16;
/** Answers that a fresh one is compared with, the candidate's first. */
const MOST_COMPARED = 3;
/** The first 52 bits of a key. */
const ID_DIGITS = 13;
const DAY_SECONDS = 86_400;
const REPORT_EVERY_MS = 10_000;
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
  learn(query: SemanticQuery, decision: SemanticDecision, fresh: string): Promise<Learned>;
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

/** What a comparison of answers gave. */
export interface Learned {
  readonly isSame: boolean | null;
  /** The group of answers that the fresh one belongs to; null for one of its own. */
  readonly answerGroup: number | null;
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
  readonly #report: (code: string, why: unknown) => void;
  #wasBreached = false;

  constructor(options: SemanticCacheOptions) {
    const { store, index, embedder, onEvent, limits = {}, now = Date.now, random = Math.random } = options;
    const { maxEntries = 100_000, ttlSeconds = DAY_SECONDS, flushMs = 500 } = limits;
    this.#options = options;
    this.#now = now;
    this.#random = random;
    this.#ttlMs = ttlSeconds * 1000;
    this.#entries = new Entries({ store, index, embedder, onEvent, now, maxEntries, flushMs });
    this.#report = reporter(onEvent, now);
    this.#wasBreached = options.limit.isBreached;
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

  async learn(query: SemanticQuery, decision: SemanticDecision, fresh: string): Promise<Learned> {
    try {
      const compared = await this.#compare(query, decision, fresh);
      const { limit } = this.#options;
      if (compared.isSame !== null && decision.limit !== null) {
        limit.observe(decision.limit, compared.isSame);
        this.#tellBreach();
        // While the world changes, what turns out wrong goes even where it would not have been served.
        if (!compared.isSame && (decision.kind !== 'miss' || limit.isBreached)) this.#withdraw(decision);
      }
      return compared;
    } catch (error) {
      this.#report('semantic_compare_failed', error);
      return { isSame: null, answerGroup: null };
    }
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
    return { entries: this.#entries.size, falseHits: limit.estimate(), isBreached: limit.isBreached };
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

  /** Compares the fresh answer with the candidate's, then with those of other groups nearby. */
  async #compare(query: SemanticQuery, decision: SemanticDecision, fresh: string): Promise<Learned> {
    const { candidate, candidates } = decision;
    let isSame: boolean | null = null;
    const groups = new Set<number>();
    const inTurn = candidate === null ? candidates : [candidate, ...candidates];
    for (const { entry } of inTurn) {
      if (groups.has(entry.answerGroup) || groups.size >= MOST_COMPARED) continue;
      const stored = await this.#options.answers.lookup(entry.key, { isCounted: false });
      if (stored.outcome !== 'hit') continue;
      groups.add(entry.answerGroup);
      const isEqual = await this.#options.compare({
        question: query.text,
        stored: stored.response.text,
        fresh,
      });
      if (entry.id === candidate?.entry.id) isSame ??= isEqual;
      if (isEqual) return { isSame, answerGroup: entry.answerGroup };
    }
    return { isSame, answerGroup: null };
  }

  /** What was served, or would have been, is no longer true; nor is the same answer of others that it came near. */
  #withdraw({ candidate, candidates }: SemanticDecision): void {
    for (const { entry, gate } of candidates) {
      const isSameAnswer = entry.answerGroup === candidate?.entry.answerGroup && gate === null;
      if (isSameAnswer || entry.id === candidate?.entry.id) this.#entries.forget(entry.id);
    }
  }

  #tellBreach(): void {
    const { isBreached } = this.#options.limit;
    if (isBreached === this.#wasBreached) return;
    this.#wasBreached = isBreached;
    const { rate, lower, upper, samples } = this.#options.limit.estimate();
    this.#options.onEvent({
      level: isBreached ? 'error' : 'info',
      code: isBreached ? 'semantic_cache_breached' : 'semantic_cache_recovered',
      message: isBreached
        ? `The semantic cache has put itself in shadow: of ${samples} hits that were checked, ${percent(rate ?? 0)} were wrong (95% interval ${percent(lower)} to ${percent(upper)}).`
        : 'The semantic cache serves again: the hits that were checked since keep to the limit.',
      details: { samples, rate: rate ?? 0, lower, upper },
    });
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

/** Reports a kind of failure at most once in a while: every request may meet it. */
function reporter(onEvent: EventSink, now: () => number): (code: string, why: unknown) => void {
  const reportedAt = new Map<string, number>();
  return (code, why) => {
    if (now() - (reportedAt.get(code) ?? Number.NEGATIVE_INFINITY) < REPORT_EVERY_MS) return;
    reportedAt.set(code, now());
    const message = `The semantic cache left a request alone: ${why instanceof Error ? why.message : String(why)}`;
    onEvent({ level: 'warn', code, message });
  };
}

function percent(rate: number): string {
  return `${(rate * 100).toFixed(1)}%`;
}
