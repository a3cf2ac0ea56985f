import { setImmediate } from 'node:timers/promises';
import type { CacheEntry, CacheStore, Clock, EventSink } from '../contract/index.ts';

/** Entries in one transaction: about a millisecond, so that no request waits long behind it. */
const BATCH = 32;
/** The same for a store that answers later: no request waits behind it, and every message has its price. */
const LATER_BATCH = 2048;
const BATCH_BYTES = 4 * 1_048_576;
const HITS_BATCH = 200;
/** Share of a bound that may be written beyond it before the store is tidied. */
const UNTIDY_SHARE = 0.01;
const HITS_EVERY_MS = 1_000;
const SWEEP_EVERY_MS = 600_000;
const MAX_RETRY_MS = 30_000;
const MAX_QUEUED_ENTRIES = 10_000;
const MAX_QUEUED_HITS = 10_000;

/** Options of the queue. */
export interface WriteQueueOptions {
  readonly store: CacheStore;
  readonly onEvent: EventSink;
  readonly now: Clock;
  readonly flushMs: number;
  readonly maxQueuedBytes: number;
  readonly maxEntries: number;
  readonly maxBytes: number;
}

/**
 * Writes entries and hits in batches, away from requests. What waits can be read. When the store
 * fails, the writes are tried again ever more slowly, and the oldest beyond the bound are dropped
 * and counted; nothing is thrown at the one who put.
 */
export class WriteQueue {
  readonly #options: WriteQueueOptions;
  #waiting = new Map<string, CacheEntry>();
  #waitingBytes = 0;
  #writing: ReadonlyMap<string, CacheEntry> = new Map();
  #hits = new Map<string, number>();
  #hitsWrittenAt: number;
  #sweptAt = 0;
  /** Entries and bytes written since the last eviction. */
  #untidy = { entries: 0, bytes: 0 };
  #hasEvicted = false;
  #batch = BATCH;
  #dropped = 0;
  #failures = 0;
  #timer: NodeJS.Timeout | undefined;
  #last: Promise<void> = Promise.resolve();
  #isClosed = false;

  constructor(options: WriteQueueOptions) {
    this.#options = options;
    this.#hitsWrittenAt = options.now();
  }

  /** The entry of this key that waits or is being written. */
  find(key: string): CacheEntry | undefined {
    return this.#waiting.get(key) ?? this.#writing.get(key);
  }

  put(entry: CacheEntry): void {
    this.#drop(entry.key);
    this.#waiting.set(entry.key, entry);
    this.#waitingBytes += entry.body.byteLength;
    if (this.#isOverfull()) this.#dropOldest();
    this.#schedule();
  }

  hit(key: string): void {
    const count = this.#hits.get(key);
    if (count === undefined && this.#hits.size >= MAX_QUEUED_HITS) return;
    this.#hits.set(key, (count ?? 0) + 1);
    if (this.#timer === undefined) this.#schedule();
  }

  /** Writes all that waits. @throws what the store throws; then everything still waits */
  flush(): Promise<void> {
    return this.#enqueue(() => this.#write({ isForced: true }));
  }

  /** Runs an operation between two writes, with nothing left to write before it. */
  async exclusively<T>(operation: () => Promise<T>): Promise<T> {
    let result: { readonly value: T } | undefined;
    await this.#enqueue(async () => {
      await this.#write({ isForced: true });
      result = { value: await operation() };
    });
    return (result as unknown as { readonly value: T }).value;
  }

  /** Writes what waits a last time; reports what could not be written. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    try {
      await this.flush();
    } catch (error) {
      this.#dropped += this.#waiting.size;
      this.#report(error);
    }
    this.#reportDropped();
  }

  #schedule(): void {
    if (this.#timer !== undefined || this.#isClosed) return;
    const delay = Math.min(MAX_RETRY_MS, this.#options.flushMs * 2 ** Math.min(this.#failures, 20));
    this.#timer = setTimeout(() => void this.#run(), delay).unref();
  }

  async #run(): Promise<void> {
    try {
      await this.#enqueue(() => this.#write({ isForced: false }));
      this.#failures = 0;
    } catch (error) {
      this.#failures++;
      this.#report(error);
    }
    this.#reportDropped();
    this.#timer = undefined;
    if (this.#waiting.size > 0 || this.#hits.size > 0) this.#schedule();
  }

  #enqueue(operation: () => Promise<void>): Promise<void> {
    const next = this.#last.then(operation);
    this.#last = next.catch(() => undefined);
    return next;
  }

  async #write({ isForced }: { readonly isForced: boolean }): Promise<void> {
    while (this.#waiting.size > 0) {
      await this.#writeBatch();
      if (this.#waiting.size > 0) await setImmediate();
    }
    if (isForced || this.#isUntidy()) await this.#evict();
    const now = this.#options.now();
    if (isForced || now - this.#hitsWrittenAt >= HITS_EVERY_MS || this.#hits.size > HITS_BATCH) {
      this.#hitsWrittenAt = now;
      await this.#writeHits(now);
    }
    // Not when forced: who clears old entries by hand wants to be told how many there were.
    if (!isForced && now - this.#sweptAt >= SWEEP_EVERY_MS) await this.#sweep(now);
  }

  async #writeBatch(): Promise<void> {
    const { entries, bytes } = this.#takeBatch();
    this.#writing = entries;
    try {
      const written = this.#options.store.putMany([...entries.values()]);
      if (written instanceof Promise) this.#batch = LATER_BATCH;
      await written;
      this.#untidy.entries += entries.size;
      this.#untidy.bytes += bytes;
    } catch (error) {
      // Back to the front of the queue, save what was put anew in the meantime.
      this.#waiting = new Map([...entries, ...this.#waiting]);
      this.#waitingBytes = 0;
      for (const entry of this.#waiting.values()) this.#waitingBytes += entry.body.byteLength;
      throw error;
    } finally {
      this.#writing = new Map();
    }
  }

  #takeBatch(): { readonly entries: ReadonlyMap<string, CacheEntry>; readonly bytes: number } {
    if (this.#waiting.size <= this.#batch && this.#waitingBytes <= BATCH_BYTES) {
      const all = { entries: this.#waiting, bytes: this.#waitingBytes };
      this.#waiting = new Map();
      this.#waitingBytes = 0;
      return all;
    }
    const entries = new Map<string, CacheEntry>();
    let bytes = 0;
    for (const [key, entry] of this.#waiting) {
      if (entries.size === this.#batch || (bytes > 0 && bytes + entry.body.byteLength > BATCH_BYTES)) break;
      entries.set(key, entry);
      bytes += entry.body.byteLength;
      this.#drop(key);
    }
    return { entries, bytes };
  }

  async #writeHits(now: number): Promise<void> {
    while (this.#hits.size > 0) {
      const batch = new Map<string, number>();
      for (const [key, count] of this.#hits) {
        batch.set(key, count);
        if (batch.size === HITS_BATCH) break;
      }
      for (const key of batch.keys()) this.#hits.delete(key);
      try {
        await this.#options.store.addHits(batch, now);
      } catch (error) {
        for (const [key, count] of batch) this.#hits.set(key, count + (this.#hits.get(key) ?? 0));
        throw error;
      }
      if (this.#hits.size > 0) await setImmediate();
    }
  }

  #isUntidy(): boolean {
    const { maxEntries, maxBytes } = this.#options;
    const { entries, bytes } = this.#untidy;
    // What an earlier process left behind is unknown.
    if (!this.#hasEvicted) return entries > 0;
    return entries > maxEntries * UNTIDY_SHARE || bytes > maxBytes * UNTIDY_SHARE;
  }

  async #evict(): Promise<void> {
    if (this.#untidy.entries === 0) return;
    const { store, maxEntries, maxBytes } = this.#options;
    const limit = this.#batch;
    while ((await store.evict({ maxEntries, maxBytes, limit })) === limit) await setImmediate();
    this.#untidy = { entries: 0, bytes: 0 };
    this.#hasEvicted = true;
  }

  /** Deletes what expired: a few at a time, since after a long rest that may be everything. */
  async #sweep(now: number): Promise<void> {
    const limit = this.#batch;
    while ((await this.#options.store.deleteOld({ now, limit })) === limit) await setImmediate();
    this.#sweptAt = now;
  }

  #isOverfull(): boolean {
    return this.#waitingBytes > this.#options.maxQueuedBytes || this.#waiting.size > MAX_QUEUED_ENTRIES;
  }

  #dropOldest(): void {
    for (const oldest of this.#waiting.keys()) {
      if (!this.#isOverfull()) break;
      this.#drop(oldest);
      this.#dropped++;
    }
  }

  #drop(key: string): void {
    const entry = this.#waiting.get(key);
    if (entry === undefined) return;
    this.#waiting.delete(key);
    this.#waitingBytes -= entry.body.byteLength;
  }

  #report(error: unknown): void {
    const reason = error instanceof Error ? error.message : String(error);
    this.#options.onEvent({
      level: 'warn',
      code: 'cache_write_failed',
      message: `Writing to the cache failed (${reason}); ${this.#isClosed ? 'it is closing' : 'it is tried again'}.`,
      details: { waiting: this.#waiting.size, failures: this.#failures },
    });
  }

  #reportDropped(): void {
    if (this.#dropped === 0) return;
    this.#options.onEvent({
      level: 'warn',
      code: 'cache_entries_dropped',
      message: `${this.#dropped} answers were not cached because the store did not take them in time.`,
      details: { dropped: this.#dropped },
    });
    this.#dropped = 0;
  }
}
