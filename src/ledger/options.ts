import type { Clock, EventSink, LedgerStore } from '../contract/index.ts';

/** Options of `createLedger`. */
export interface LedgerOptions {
  /** Where records are kept; closed with the ledger. */
  readonly store: LedgerStore;
  readonly onEvent: EventSink;
  /** Longest time a record waits before it is written, in milliseconds. @default 25 */
  readonly flushMs?: number;
  /** Records in one write at most. @default 5000 */
  readonly maxBatch?: number;
  /** Records kept while the store fails; beyond it the oldest are dropped and counted. @default 100000 */
  readonly maxQueued?: number;
  /** Wait after the first failed write, in milliseconds; doubles up to `maxRetryMs`. @default 100 */
  readonly retryMs?: number;
  /** Longest wait between two tries, in milliseconds. @default 5000 */
  readonly maxRetryMs?: number;
  readonly now?: Clock;
}
