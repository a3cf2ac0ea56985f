import { type LedgerStore, type LedgerSums, StoreError, type UsageRecord } from '../../contract/index.ts';
import { moduleUrl } from '../../support/index.ts';
import { encodeBatch } from './ledger-batch.ts';
import type { LedgerRequest, LedgerWorkerData } from './ledger-messages.ts';
import type { SqliteLedgerOptions, SqliteLedgerStore } from './sqlite-ledger-store.ts';
import { StoreThread } from './store-thread.ts';

/** Options of `createLedgerWriter`. */
export type LedgerWriterOptions = Omit<SqliteLedgerOptions, 'now'>;

/** A ledger store in threads. */
export interface LedgerWriter extends LedgerStore {
  /** Resolves once the file is open; batches appended before that wait. @throws StoreError */
  ready(): Promise<void>;
}

const DELETED_AT_ONCE = 2000;

/**
 * Returns a ledger store over an SQLite file whose work is done in worker threads: the calling thread
 * only packs records (below 1 microsecond each) and never waits for the disk.
 *
 * One thread writes. A second one, started with the first reading, reads, so that no report holds
 * up a batch. An `append` that resolved survives `kill -9`.
 */
export function createLedgerWriter(options: LedgerWriterOptions): LedgerWriter {
  const onUnavailable = options.onUnavailable ?? 'throw';
  const threadFor = (data: LedgerWorkerData): StoreThread<LedgerRequest> =>
    new StoreThread({
      name: 'ledger',
      module: moduleUrl(import.meta.url, './ledger-worker'),
      data,
      onEvent: options.onEvent,
    });
  const writing = threadFor({ role: 'write', onUnavailable });
  const reading = threadFor({ role: 'read', onUnavailable: 'throw' });
  let isClosed = false;

  const write = (request: LedgerRequest): Promise<unknown> => {
    if (isClosed) return Promise.reject(new StoreError('store_closed', 'The ledger store is closed.'));
    const moved = request.kind === 'append' ? [request.batch.numbers.buffer] : [];
    return writing.call(options.path, request, moved);
  };
  const read = async (request: LedgerRequest): Promise<unknown> => {
    const { path, kind } = (await write({ kind: 'locate' })) as ReturnType<SqliteLedgerStore['location']>;
    // What is in memory is in one connection alone.
    return kind === 'memory' ? write(request) : reading.call(path, request);
  };
  // Now rather than with the first batch, which must not wait for a thread to start.
  writing.start();
  return {
    ready: async () => {
      await write({ kind: 'locate' });
    },
    append: async (records) => {
      if (records.length > 0) await write({ kind: 'append', batch: encodeBatch(records) });
    },
    sums: async (query) => (await read({ kind: 'sums', query })) as LedgerSums,
    records: async (query) => (await read({ kind: 'records', query })) as UsageRecord[],
    deleteBefore: async (time) => {
      // Batches that wait are written between two of these.
      for (let total = 0; ; ) {
        const deleted = Number(await write({ kind: 'delete', before: time, limit: DELETED_AT_ONCE }));
        total += deleted;
        if (deleted < DELETED_AT_ONCE) return total;
      }
    },
    close: async () => {
      if (isClosed) return;
      const closing = write({ kind: 'close' });
      isClosed = true;
      try {
        await closing;
      } finally {
        await Promise.all([writing.stop(), reading.stop()]);
      }
    },
  };
}
