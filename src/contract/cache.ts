import type { WireFormat } from './chat.ts';
import type { JsonValue, MaybePromise } from './json.ts';
import type { Usage } from './usage.ts';

/** What happened at a cache. `hit` was stored word for word, `semantic` was near enough in meaning. */
export type CacheOutcome = 'hit' | 'semantic' | 'miss' | 'stale' | 'bypassed';

/** What a caller asked of the cache; it can only be stricter than the operator (INV-C12). */
export interface CacheDirective {
  /** `on` also replays agent turns; `off` neither reads nor writes; `refresh` writes only. */
  readonly mode: 'default' | 'on' | 'off' | 'refresh' | 'only-if-cached';
  /** Do not keep the answer. */
  readonly noStore: boolean;
  /** Serve only entries at most this old. */
  readonly maxAgeSeconds?: number;
}

/**
 * Everything that isolates one answer from another, compared hard (INV-C1). Parts are JSON values;
 * `undefined` and absent are the same.
 */
export interface CacheScope {
  readonly tenant: string;
  readonly wire: WireFormat;
  readonly model: string;
  readonly system: JsonValue;
  readonly tools: JsonValue;
  readonly toolChoice: JsonValue;
  readonly responseFormat: JsonValue;
  /** Every other field of the body that can change the answer, unknown ones included. */
  readonly sampling: JsonValue;
  /** Version of the normalization, the upstream's identity and the headers that change answers. */
  readonly policy: JsonValue;
}

/** An answer as stored. */
export interface CacheEntry {
  /** SHA-256 of scope and messages, hex. */
  readonly key: string;
  readonly tenant: string;
  readonly wire: WireFormat;
  readonly model: string;
  /** The JSON body of the answer, UTF-8. */
  readonly body: Uint8Array;
  /** What the provider billed when the answer was made. */
  readonly usage: Usage;
  readonly usageBasis: 'reported' | 'exact' | 'calibrated' | 'estimated';
  /** What that cost; null when unknown. */
  readonly costUsd: number | null;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  readonly expiresAt: number;
}

export interface StoredCacheEntry extends CacheEntry {
  readonly hits: number;
  readonly lastHitAt: number | null;
}

export interface CacheModelStats {
  readonly entries: number;
  readonly hits: number;
  readonly tokensSaved: number;
  readonly costSavedUsd: number;
}

export interface CacheStats {
  readonly totalEntries: number;
  readonly totalHits: number;
  readonly totalBytes: number;
  /** Tokens (input and output) that hits did not send again. */
  readonly tokensSaved: number;
  /** USD that hits did not spend; hits of unknown price add nothing. */
  readonly costSavedUsd: number;
  readonly byModel: Readonly<Record<string, CacheModelStats>>;
}

/** Keeps cache entries. A driver stores and finds; what may be served is the cache's decision. */
export interface CacheStore {
  get(key: string): MaybePromise<StoredCacheEntry | undefined>;
  /** Writes entries in one transaction; an existing key is replaced and its hits start anew. */
  putMany(entries: readonly CacheEntry[]): MaybePromise<void>;
  /** Adds hits: key to number of hits since the last call. */
  addHits(hits: ReadonlyMap<string, number>, at: number): MaybePromise<void>;
  delete(keys: readonly string[]): MaybePromise<number>;
  /**
   * Deletes what expired at or before `now`, and what was created before `createdBefore`; at most
   * `limit` entries, so that nobody waits long behind it.
   */
  deleteOld(options: {
    readonly now: number;
    readonly createdBefore?: number;
    readonly limit?: number;
  }): MaybePromise<number>;
  deleteAll(tenant?: string): MaybePromise<number>;
  /** Deletes the least useful entries (fewest hits, then oldest) until both bounds hold; at most `limit`. */
  evict(bounds: {
    readonly maxEntries: number;
    readonly maxBytes: number;
    readonly limit?: number;
  }): MaybePromise<number>;
  stats(): MaybePromise<CacheStats>;
  /** All entries in key order, in pages, without holding the store. */
  entries(): AsyncIterable<StoredCacheEntry>;
  /**
   * A value that differs from the last one when somebody else added or deleted entries in between; it
   * need not tell of hits. Cheap.
   * Absent when the driver cannot tell.
   */
  changeToken?(): number | string;
  close(): MaybePromise<void>;
}
