import type { LedgerQuery, PareEvent, RecordsQuery } from '../../contract/index.ts';
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

/** A numbered request, and the file it is for. */
export interface LedgerCall {
  readonly id: number;
  readonly path: string;
  readonly request: LedgerRequest;
}

/** What a ledger worker sends: an answer to a call, or an event to pass on. */
export type LedgerReply =
  | { readonly kind: 'done'; readonly id: number; readonly value: unknown }
  | {
      readonly kind: 'failed';
      readonly id: number;
      readonly code: string;
      readonly message: string;
      readonly details: NonNullable<PareEvent['details']>;
    }
  | { readonly kind: 'event'; readonly event: PareEvent };
