import type {
  CacheEntry,
  CacheStats,
  ChatRequest,
  ChatResponse,
  MaybePromise,
  SemanticFilter,
  StoredCacheEntry,
} from '../contract/index.ts';
import type { SimpleAnswer, SimpleRequest, SimpleScope } from './by-hand.ts';
import type { ScopeSurroundings } from './scope.ts';
import type { ImportReport } from './transfer.ts';

/** What was found for a key. A `stale` entry is there and too old to serve. */
export type CacheLookup =
  | { readonly outcome: 'miss' | 'stale' | 'error' }
  | {
      readonly outcome: 'hit';
      readonly entry: StoredCacheEntry;
      readonly response: ChatResponse;
      /** Whole seconds since the answer was made. */
      readonly ageSeconds: number;
    };

/** Options of one look-up. */
export interface LookupOptions {
  /** Older answers are `stale`. */
  readonly maxAgeSeconds?: number;
  /** Whether an answer that is found counts as served. @default true */
  readonly isCounted?: boolean;
}

/** Which answers are meant; all conditions hold together. */
export type AnswerFilter = Pick<SemanticFilter, 'tenant' | 'model' | 'createdFrom' | 'createdBefore'>;

/** Options of `invalidate`. */
export interface InvalidateOptions {
  /** Only count. @default false */
  readonly isDryRun?: boolean;
  readonly except?: ReadonlySet<string>;
}

/** A found answer. */
export type CacheHit = Extract<CacheLookup, { readonly outcome: 'hit' }>;

/** What `put` stores; times and key are the cache's. */
export type NewAnswer = Pick<
  CacheEntry,
  'tenant' | 'wire' | 'model' | 'body' | 'usage' | 'usageBasis' | 'costUsd'
>;

/** The exact response cache. */
export interface ExactCache {
  /** Bytes of the longest answer that is kept. */
  readonly maxEntryBytes: number;
  readonly replayAgentTurns: boolean;
  /** The key of a request: SHA-256 in hex of its scope and all its messages. */
  keyOf(request: ChatRequest, scope: ScopeSurroundings): string;
  /**
   * Finds a fresh answer and counts the hit; at once when the store answers at once. Never throws: a
   * failing store is reported and gives `error`.
   */
  lookup(key: string, options?: LookupOptions): MaybePromise<CacheLookup>;
  /** Counts a hit of an answer that was found without counting it. */
  hit(key: string): void;
  /** Keeps an answer from now on; it is written a little later. Never throws. */
  put(key: string, answer: NewAnswer, options?: { readonly ttlSeconds?: number }): void;
  /** Finds the answer to a request given by hand. @throws InputError when it is no request */
  get(request: SimpleRequest, scope?: SimpleScope): Promise<CacheHit | undefined>;
  /** Writes an answer by hand; returns its key. @throws InputError, StoreError */
  set(request: SimpleRequest, answer: SimpleAnswer, scope?: SimpleScope): Promise<string>;
  /** Deletes what expired and, with an age, what is older than it; returns how many. */
  clearOld(options?: { readonly maxAgeSeconds?: number }): Promise<number>;
  /** Deletes the answers under these keys; returns how many there were. */
  delete(keys: readonly string[]): Promise<number>;
  /** Deletes the answers that a filter finds, except those under some keys; returns how many, or how many it would. */
  invalidate(filter: AnswerFilter, options?: InvalidateOptions): Promise<number>;
  /** Deletes all entries, or those of one tenant; returns how many. */
  clear(tenant?: string): Promise<number>;
  /** Counts, hits and savings, what still waits to be written included. */
  stats(): Promise<CacheStats>;
  /** All entries as JSON lines after a header. */
  export(): AsyncIterable<string>;
  /** Reads what `export` wrote, line by line; a bad line is rejected, the others are kept. @throws InputError */
  import(lines: Iterable<string> | AsyncIterable<string>): Promise<ImportReport>;
  /** Writes what waits. @throws StoreError */
  flush(): Promise<void>;
  /** Flushes and closes the store. */
  close(): Promise<void>;
}
