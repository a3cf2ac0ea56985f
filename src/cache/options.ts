import type { CacheStore, Clock, EventSink, JsonObject, WireCodec, WireFormat } from '../contract/index.ts';
import type { Normalization } from './normalize.ts';

/** What the cache needs of each wire: where the scope's parts are, and how bodies are read. */
export type CacheCodecs = Readonly<
  Record<WireFormat, Pick<WireCodec, 'parseRequest' | 'parseResponse' | 'scopeParts'>>
>;

/** Bounds of the cache. */
export interface CacheLimits {
  /** Entries in the store; once it holds a hundredth more, the least useful are evicted. @default 100000 */
  readonly maxEntries?: number;
  /** Bytes of answers in the store, likewise. @default 1 GiB */
  readonly maxBytes?: number;
  /** Bytes of one answer; longer ones are not stored. @default 1 MB */
  readonly maxEntryBytes?: number;
  /**
   * Bytes of memory for answers that need not be read from the store, all that they take there counted;
   * 0 for none. @default 8 MiB
   */
  readonly maxFrontBytes?: number;
  /** Bytes of answers that may wait to be written; the oldest beyond it are dropped. @default 32 MiB */
  readonly maxQueuedBytes?: number;
}

/** Options of `createExactCache`. */
export interface ExactCacheOptions {
  readonly store: CacheStore;
  readonly codecs: CacheCodecs;
  readonly onEvent: EventSink;
  /** How much of a prompt's spelling the key ignores. @default 'safe' */
  readonly normalize?: Normalization;
  /** Longest life of an answer, in seconds, entries stored before included. @default 86400 */
  readonly ttlSeconds?: number;
  /** Also store and replay turns of agents for everyone, not only where a caller asks. @default false */
  readonly replayAgentTurns?: boolean;
  /** Part of every key: changes when settings change that alter answers. @default '' */
  readonly policyVersion?: string;
  readonly limits?: CacheLimits;
  /** Longest time that an answer waits to be written, in milliseconds. @default 500 */
  readonly flushMs?: number;
  /** Makes a body of a text that was given by hand. Without it only bodies can be set by hand. */
  readonly answerBody?: (
    text: string,
    request: { readonly wire: WireFormat; readonly model: string },
  ) => JsonObject;
  readonly now?: Clock;
}
