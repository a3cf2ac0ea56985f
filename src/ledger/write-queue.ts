import { isPareError, StoreError, type UsageRecord } from '../contract/index.ts';
import type { LedgerOptions } from './options.ts';

type QueueOptions = Required<Omit<LedgerOptions, 'now'>>;

/** Share of the bound that is dropped at once: one by one would move the whole queue each time. */
const DROPPED_SHARE = 0.01;

/**
 * Records on their way to the store, in order. One batch is written at a time; while a write is under
 * way or fails, records wait, up to a bound.
 */
export class WriteQueue {
  readonly #options: QueueOptions;
  #waiting: UsageRecord[] = [];
  #inFlight = 0;
  #writing: Promise<StoreError | undefined> | undefined;
  #timer: NodeJS.Timeout | undefined;
  /** Records ever pushed, and those of them that were committed or dropped. */
  #pushed = 0;
  #settled = 0;
  #failures = 0;
  #droppedInEpisode = 0;
  #unreported = 0;
  #isStopped = false;

  constructor(options: QueueOptions) {
    this.#options = options;
  }

  /** Takes a record. Never throws and never waits. */
  push(record: UsageRecord): void {
    if (this.#isStopped) return this.#reportLost(1);
    const waiting = this.#waiting;
    waiting.push(record);
    this.#pushed++;
    if (this.#timer === undefined && this.#writing === undefined) this.#schedule(this.#options.flushMs);
    else if (waiting.length === this.#options.maxBatch && this.#failures === 0) this.#hurry();
    if (waiting.length + this.#inFlight > this.#options.maxQueued) this.#dropOldest();
  }

  /** Resolves once all that was pushed before is committed. @throws StoreError when a write fails */
  async drain(): Promise<void> {
    const target = this.#pushed;
    while (this.#settled < target) {
      // A write under way may be doomed since before this call; one that starts now speaks for it.
      const isOurs = this.#writing === undefined;
      const error = await this.#write();
      if (error !== undefined && isOurs) throw error;
    }
  }

  /** Stops writing; what still waits is given up and counted in an event. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#isStopped = true;
    const lost = this.#waiting.length;
    this.#waiting = [];
    this.#settled += lost;
    if (lost > 0) this.#reportLost(lost);
  }

  #reportLost(records: number): void {
    this.#options.onEvent({
      level: 'error',
      code: 'ledger_records_lost',
      message: `${records} usage records could not be written before the ledger was closed and are lost.`,
      details: { records },
    });
  }

  /**
   * A pending write keeps the process alive for its few milliseconds, so that a program which simply
   * ends loses nothing; a retry does not.
   */
  #schedule(delayMs: number): void {
    this.#timer = setTimeout(() => void this.#write(), delayMs);
    if (this.#failures > 0) this.#timer.unref();
  }

  #hurry(): void {
    if (this.#writing !== undefined) return;
    clearTimeout(this.#timer);
    this.#schedule(0);
  }

  #write(): Promise<StoreError | undefined> {
    // Not at once: a store that answers synchronously would be done before `#writing` is set.
    this.#writing ??= Promise.resolve().then(() => this.#writeBatch());
    return this.#writing;
  }

  async #writeBatch(): Promise<StoreError | undefined> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const { maxBatch, store, flushMs } = this.#options;
    const isAll = this.#waiting.length <= maxBatch;
    const batch = isAll ? this.#waiting : this.#waiting.slice(0, maxBatch);
    this.#waiting = isAll ? [] : this.#waiting.slice(maxBatch);
    this.#inFlight = batch.length;
    const startedAt = performance.now();
    let error: StoreError | undefined;
    try {
      await store.append(batch);
    } catch (reason) {
      error = asStoreError(reason);
    }
    this.#inFlight = 0;
    this.#writing = undefined;
    if (error === undefined) this.#succeeded(batch.length);
    else this.#failed(batch, error);
    if (this.#waiting.length > 0) {
      // Those who waited during the write have waited already.
      const elapsed = performance.now() - startedAt;
      this.#schedule(error === undefined ? Math.max(0, flushMs - elapsed) : this.#retryDelay());
    }
    return error;
  }

  #succeeded(count: number): void {
    this.#settled += count;
    if (this.#failures === 0) return;
    this.#failures = 0;
    const dropped = this.#droppedInEpisode;
    this.#droppedInEpisode = 0;
    this.#unreported = 0;
    this.#options.onEvent({
      level: dropped > 0 ? 'warn' : 'info',
      code: 'ledger_recovered',
      message: `Usage records are written again; ${dropped} were dropped meanwhile.`,
      details: { dropped, waiting: this.#waiting.length },
    });
  }

  #failed(batch: readonly UsageRecord[], error: StoreError): void {
    this.#waiting = [...batch, ...this.#waiting];
    this.#failures++;
    const waiting = this.#waiting.length;
    if (this.#failures === 1) {
      this.#options.onEvent({
        level: 'error',
        code: 'ledger_write_failed',
        message: `Usage records cannot be written: ${error.message} They are kept in memory and tried again.`,
        details: { error_code: error.code, waiting },
      });
    }
    if (this.#unreported === 0) return;
    this.#options.onEvent({
      level: 'error',
      code: 'ledger_records_dropped',
      message: `${this.#unreported} usage records were dropped: the store still fails and ${waiting} wait already.`,
      details: { records: this.#unreported, waiting },
    });
    this.#unreported = 0;
  }

  #retryDelay(): number {
    const { retryMs, maxRetryMs } = this.#options;
    return Math.min(maxRetryMs, retryMs * 2 ** Math.min(this.#failures - 1, 30));
  }

  #dropOldest(): void {
    const surplus = this.#waiting.length + this.#inFlight - this.#options.maxQueued;
    const count = Math.max(surplus, Math.floor(this.#options.maxQueued * DROPPED_SHARE));
    const dropped = this.#waiting.splice(0, count).length;
    this.#settled += dropped;
    this.#droppedInEpisode += dropped;
    this.#unreported += dropped;
  }
}

function asStoreError(reason: unknown): StoreError {
  if (reason instanceof StoreError) return reason;
  const message = reason instanceof Error ? reason.message : String(reason);
  return new StoreError(isPareError(reason) ? reason.code : 'store_failed', message, { cause: reason });
}
