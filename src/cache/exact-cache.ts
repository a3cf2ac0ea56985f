import { setImmediate } from 'node:timers/promises';
import {
  type CacheEntry,
  type CacheStats,
  type ChatRequest,
  type ChatResponse,
  InputError,
  type MaybePromise,
  NO_USAGE,
  type StoredCacheEntry,
} from '../contract/index.ts';
import {
  type SimpleAnswer,
  type SimpleRequest,
  type SimpleScope,
  toChatRequest,
  toChatResponse,
} from './by-hand.ts';
import { isStorableAnswer } from './eligibility.ts';
import { cacheKey } from './key.ts';
import type { ExactCacheOptions } from './options.ts';
import { buildScope, type ScopePolicy, type ScopeSurroundings } from './scope.ts';
import { Front, type FrontItem, StoredResponse } from './stored-response.ts';
import { checkHeader, exportLines, type ImportReport, ImportTally, parseLine } from './transfer.ts';
import type {
  AnswerFilter,
  CacheHit,
  CacheLookup,
  ExactCache,
  InvalidateOptions,
  LookupOptions,
  NewAnswer,
} from './types.ts';
import { WriteQueue } from './write-queue.ts';

const DAY_SECONDS = 86_400;
const MIB = 1_048_576;
/** How long memory may miss what another process changed in the store. */
const COHERENCE_MS = 50;
/** Entries deleted at a time, so that requests are served in between. */
const PAGE = 100;
/** Nothing is gained by copying out of smaller ones. */
const LARGE_BUFFER = 16_384;
const REPORT_EVERY_MS = 10_000;

/**
 * Returns a cache of whole answers by exact request, over `options.store`.
 *
 * @example
 * const cache = createExactCache({ store, codecs, onEvent });
 * const hit = await cache.get({ model: 'gpt-4o', prompt: 'Hello' });
 */
export function createExactCache(options: ExactCacheOptions): ExactCache {
  return new DefaultExactCache(options);
}

class DefaultExactCache implements ExactCache {
  readonly maxEntryBytes: number;
  readonly replayAgentTurns: boolean;
  readonly #options: ExactCacheOptions;
  readonly #now: () => number;
  readonly #ttlMs: number;
  readonly #policy: ScopePolicy;
  readonly #front: Front;
  readonly #queue: WriteQueue;
  #token: number | string | undefined;
  #tokenReadAt = Number.NEGATIVE_INFINITY;
  #reportedAt = Number.NEGATIVE_INFINITY;

  constructor(options: ExactCacheOptions) {
    const { limits = {}, store, onEvent, now = Date.now } = options;
    this.#options = options;
    this.#now = now;
    this.#ttlMs = (options.ttlSeconds ?? DAY_SECONDS) * 1000;
    this.#policy = { normalize: options.normalize ?? 'safe', version: options.policyVersion ?? '' };
    this.maxEntryBytes = limits.maxEntryBytes ?? 1_000_000;
    this.replayAgentTurns = options.replayAgentTurns ?? false;
    // Memory is kept only over stores that tell of changes by others: a deleted answer must be gone.
    const canTell = store.changeToken !== undefined;
    this.#front = new Front(canTell ? (limits.maxFrontBytes ?? 8 * MIB) : 0);
    this.#queue = new WriteQueue({
      store,
      onEvent,
      now,
      flushMs: options.flushMs ?? 500,
      maxQueuedBytes: limits.maxQueuedBytes ?? 32 * MIB,
      maxEntries: limits.maxEntries ?? 100_000,
      maxBytes: limits.maxBytes ?? 1024 * MIB,
    });
  }

  keyOf(request: ChatRequest, scope: ScopeSurroundings): string {
    const parts = this.#options.codecs[request.wire].scopeParts(request);
    return cacheKey({
      scope: buildScope(request, parts, { scope, policy: this.#policy }),
      messages: parts.messages,
      normalize: this.#policy.normalize,
      bytes: request.source.bytes,
    });
  }

  lookup(key: string, options: LookupOptions = {}): MaybePromise<CacheLookup> {
    try {
      const now = this.#now();
      this.#forgetIfChanged(now);
      const item = this.#front.get(key) ?? this.#waiting(key);
      if (item !== undefined) return this.#decide(item, now, options);
      const stored = this.#options.store.get(key);
      if (!(stored instanceof Promise)) return this.#found(stored, now, options);
      return stored.then(
        (entry) => this.#found(entry, now, options),
        (error: unknown) => this.#failed(error),
      );
    } catch (error) {
      return this.#failed(error);
    }
  }

  put(key: string, answer: NewAnswer, options: { readonly ttlSeconds?: number } = {}): void {
    const createdAt = this.#now();
    const ttlMs = Math.min(this.#ttlMs, (options.ttlSeconds ?? Number.POSITIVE_INFINITY) * 1000);
    this.#keep({ ...answer, body: compact(answer.body), key, createdAt, expiresAt: createdAt + ttlMs });
  }

  async get(request: SimpleRequest, scope: SimpleScope = {}): Promise<CacheHit | undefined> {
    const chat = toChatRequest(request, scope.wire ?? 'openai-chat', this.#options.codecs);
    const found = await this.lookup(this.keyOf(chat, surroundings(scope)));
    return found.outcome === 'hit' ? found : undefined;
  }

  async set(request: SimpleRequest, answer: SimpleAnswer, scope: SimpleScope = {}): Promise<string> {
    const chat = toChatRequest(request, scope.wire ?? 'openai-chat', this.#options.codecs);
    const response = toChatResponse(answer, chat, this.#options);
    if (!this.#isStorable(response)) {
      throw new InputError(
        'cache_bad_answer',
        `Only whole answers of at most ${this.maxEntryBytes} bytes are kept; this one ends as "${response.finish}" and has ${response.bytes.byteLength} bytes.`,
      );
    }
    const around = surroundings(scope);
    const key = this.keyOf(chat, around);
    const usage = answer.usage ?? response.usage;
    const { wire, model } = chat;
    const entry: NewAnswer = {
      tenant: around.tenant,
      wire,
      model,
      body: response.bytes,
      usage: usage ?? NO_USAGE,
      usageBasis: usage === undefined ? 'estimated' : 'reported',
      costUsd: answer.costUsd ?? null,
    };
    this.put(key, entry, answer.ttlSeconds === undefined ? {} : { ttlSeconds: answer.ttlSeconds });
    await this.flush();
    return key;
  }

  clearOld(options: { readonly maxAgeSeconds?: number } = {}): Promise<number> {
    const now = this.#now();
    const { maxAgeSeconds } = options;
    // What outlived a lowered life is as dead as what expired.
    const age = Math.min(
      maxAgeSeconds === undefined ? Number.POSITIVE_INFINITY : maxAgeSeconds * 1000,
      this.#ttlMs,
    );
    return this.#deleting(async () => {
      let total = 0;
      let deleted: number;
      do {
        deleted = await this.#options.store.deleteOld({ now, createdBefore: now - age, limit: PAGE });
        total += deleted;
        await setImmediate();
      } while (deleted === PAGE);
      return total;
    });
  }

  hit(key: string): void {
    this.#queue.hit(key);
  }

  delete(keys: readonly string[]): Promise<number> {
    return this.#deleting(async () => this.#options.store.delete(keys));
  }

  async invalidate(filter: AnswerFilter, options: InvalidateOptions = {}): Promise<number> {
    await this.flush();
    const keys: string[] = [];
    for await (const entry of this.#options.store.entries())
      if (isMeant(entry, filter) && options.except?.has(entry.key) !== true) keys.push(entry.key);
    return options.isDryRun === true ? keys.length : this.delete(keys);
  }

  clear(tenant?: string): Promise<number> {
    return this.#deleting(() => this.#options.store.deleteAll(tenant));
  }

  async stats(): Promise<CacheStats> {
    await this.flush();
    return this.#options.store.stats();
  }

  async *export(): AsyncGenerator<string> {
    await this.flush();
    yield* exportLines(this.#options.store.entries(), this.#now());
  }

  async import(lines: Iterable<string> | AsyncIterable<string>): Promise<ImportReport> {
    const tally = new ImportTally();
    const wires: ReadonlySet<string> = new Set(Object.keys(this.#options.codecs));
    let number = 0;
    for await (const line of lines) {
      number++;
      if (number === 1) checkHeader(line);
      else if (line.trim() !== '') await this.#importLine(tally, number, parseLine(line, wires));
    }
    if (number === 0) checkHeader('');
    await this.flush();
    return tally.report();
  }

  flush(): Promise<void> {
    return this.#queue.flush();
  }

  async close(): Promise<void> {
    await this.#queue.close();
    this.#front.clear();
    await this.#options.store.close();
  }

  async #importLine(tally: ImportTally, number: number, entry: CacheEntry | string): Promise<void> {
    if (typeof entry === 'string') return tally.reject(number, entry);
    const now = this.#now();
    if (entry.createdAt > now) return tally.reject(number, 'created_at lies in the future');
    const response = this.#options.codecs[entry.wire].parseResponse(entry.body);
    if (response === undefined || !this.#isStorable(response)) {
      return tally.reject(number, 'body is not a whole answer of its wire within the size limit');
    }
    const there = this.#queue.find(entry.key) ?? (await this.#options.store.get(entry.key));
    if (this.#expiry(entry) <= now || (there !== undefined && there.createdAt >= entry.createdAt)) {
      tally.skipped++;
      return;
    }
    this.#keep(entry);
    tally.imported++;
    // A long import must not outrun the queue, which drops what it cannot hold.
    if (tally.imported % 500 === 0) await this.flush();
  }

  #isStorable(response: ChatResponse): boolean {
    return isStorableAnswer(response, { isAgentWanted: true, maxEntryBytes: this.maxEntryBytes });
  }

  #keep(entry: CacheEntry): void {
    this.#queue.put(entry);
    // Memory is for answers that were asked for again; most never are.
    this.#front.delete(entry.key);
  }

  async #deleting(operation: () => MaybePromise<number>): Promise<number> {
    try {
      return await this.#queue.exclusively(async () => operation());
    } finally {
      this.#front.clear();
    }
  }

  #waiting(key: string): FrontItem | undefined {
    const entry = this.#queue.find(key);
    return entry === undefined ? undefined : this.#item({ ...entry, hits: 0, lastHitAt: null });
  }

  #found(entry: StoredCacheEntry | undefined, now: number, options: LookupOptions): CacheLookup {
    if (entry === undefined) return { outcome: 'miss' };
    // A store that answers later may have been overtaken.
    const newer = this.#waiting(entry.key);
    const item = newer ?? this.#item(entry);
    if (newer === undefined) this.#front.set(entry.key, item);
    return this.#decide(item, now, options);
  }

  #decide(item: FrontItem, now: number, { maxAgeSeconds, isCounted = true }: LookupOptions): CacheLookup {
    const { entry, response } = item;
    const ageMs = Math.max(0, now - entry.createdAt);
    const isTooOld = maxAgeSeconds !== undefined && ageMs > maxAgeSeconds * 1000;
    if (isTooOld || now >= this.#expiry(entry)) return { outcome: 'stale' };
    if (isCounted) this.#queue.hit(entry.key);
    return { outcome: 'hit', entry, response, ageSeconds: Math.floor(ageMs / 1000) };
  }

  /** A lowered life holds for entries stored before, too. */
  #expiry(entry: CacheEntry): number {
    return Math.min(entry.expiresAt, entry.createdAt + this.#ttlMs);
  }

  #item(entry: StoredCacheEntry): FrontItem {
    return { entry, response: new StoredResponse(entry, this.#options.codecs) };
  }

  #forgetIfChanged(now: number): void {
    const { store } = this.#options;
    if (store.changeToken === undefined || Math.abs(now - this.#tokenReadAt) < COHERENCE_MS) return;
    this.#tokenReadAt = now;
    const token = store.changeToken();
    if (token === this.#token) return;
    this.#token = token;
    this.#front.clear();
  }

  #failed(error: unknown): CacheLookup {
    const now = this.#now();
    if (now - this.#reportedAt >= REPORT_EVERY_MS) {
      this.#reportedAt = now;
      const reason = error instanceof Error ? error.message : String(error);
      const message = `Reading the cache failed (${reason}); requests go to the provider meanwhile.`;
      this.#options.onEvent({ level: 'warn', code: 'cache_read_failed', message });
    }
    return { outcome: 'error' };
  }
}

/** A small view keeps the large buffer below it alive, as long as it waits to be written. */
function compact(bytes: Uint8Array): Uint8Array {
  const { byteLength } = bytes.buffer;
  return byteLength > LARGE_BUFFER && byteLength > bytes.byteLength * 2 ? Buffer.from(bytes) : bytes;
}

function isMeant(entry: CacheEntry, filter: AnswerFilter): boolean {
  const { tenant = entry.tenant, model = entry.model } = filter;
  const { createdFrom = entry.createdAt, createdBefore = Number.POSITIVE_INFINITY } = filter;
  if (entry.tenant !== tenant || entry.model !== model) return false;
  return entry.createdAt >= createdFrom && entry.createdAt < createdBefore;
}

function surroundings(scope: SimpleScope): ScopeSurroundings {
  return {
    tenant: scope.tenant ?? 'local',
    upstream: scope.upstream ?? '',
    answerHeaders: scope.answerHeaders ?? {},
    stages: {},
  };
}
