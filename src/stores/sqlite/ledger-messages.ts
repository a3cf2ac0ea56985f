import type { LedgerQuery, RecordsQuery } from '../../contract/index.ts';
import type { LedgerBatch } from './ledger-batch.ts';

/** What a ledger worker is asked. */
export type LedgerRequest =
  | { readonly kind: 'append'; readonly batch: LedgerBatch }
  | { readonly kind: 'locate' }
  | { readonly kind: 'sums'; readonly query: LedgerQuery }
  | { readonly kind: 'records'; readonly query: RecordsQuery }
  | { readonly kind: 'delete'; readonly before: number; readonly limit: number }
  | { readonly kind: 'close' };

/** How a ledger worker is started. */
export interface LedgerWorkerData {
  /** `write` keeps its connection; `read` opens the file for each request, since it may be replaced. */
  readonly role: 'write' | 'read';
  readonly onUnavailable: 'memory' | 'throw';
}
