import { type SemanticStore, StoreError } from '../../contract/index.ts';
import { moduleUrl } from '../../support/index.ts';
import { pack } from './byte-vector.ts';
import { newWriter } from './others-changes.ts';
import type { SemanticRequest, SemanticWorkerData } from './semantic-messages.ts';
import { createSqliteSemanticStore, type SqliteSemanticStoreOptions } from './sqlite-semantic-store.ts';
import { StoreThread } from './store-thread.ts';

/** Options of `createSemanticWriter`. */
export type SemanticWriterOptions = Omit<SqliteSemanticStoreOptions, 'writer' | 'onLocked'>;

/**
 * Returns a semantic store over an SQLite file that is read by the calling thread and written by a worker.
 *
 * What reads answers at once; what writes is done in the order of the calls by a thread that starts with the first
 * of them, and starts anew after it died. What was written when the promise resolved is seen by what reads and
 * survives `kill -9`. Where no file could be used, all is in memory and in the calling thread. Vectors are kept as
 * one byte a number: see `createSqliteSemanticStore`.
 *
 * @throws StoreError when the file cannot be used; see `openDatabase`
 */
export function createSemanticWriter(options: SemanticWriterOptions): SemanticStore {
  const data: SemanticWorkerData = { writer: newWriter() };
  const module = moduleUrl(import.meta.url, './semantic-worker');
  const { onEvent } = options;
  const thread = new StoreThread<SemanticRequest>({ name: 'semantic', module, data, onEvent });
  const reader = createSqliteSemanticStore({ ...options, writer: data.writer });
  let isClosed = false;

  const call = async (request: SemanticRequest): Promise<unknown> => {
    if (isClosed) throw new StoreError('store_closed', 'The semantic store is closed.');
    // This thread decided which file it is; the other one follows.
    return thread.call(reader.location().path, request);
  };
  /** What is in memory is in one connection alone. */
  const write = async <T>(request: SemanticRequest, inMemory: () => T): Promise<T> =>
    reader.location().kind === 'memory' ? inMemory() : ((await call(request)) as T);

  return {
    get: (ids) => reader.get(ids),
    putMany: async (unpacked) => {
      const entries = unpacked.map(pack);
      await write({ kind: 'put', entries }, () => reader.putPacked(entries));
    },
    regroup: (groups) => write({ kind: 'regroup', groups }, () => reader.regroup(groups)),
    delete: (ids) => write({ kind: 'delete', ids }, () => reader.delete(ids)),
    deleteExpired: (now, limit) =>
      write({ kind: 'delete-expired', now, limit }, () => reader.deleteExpired(now, limit)),
    evict: (most, limit) => write({ kind: 'evict', most, limit }, () => reader.evict(most, limit)),
    select: (filter) => reader.select(filter),
    vectors: (embedder) => reader.vectors(embedder),
    foreign: (embedder, limit) => reader.foreign(embedder, limit),
    reembed: async (unpacked, embedder) => {
      const vectors = unpacked.map(pack);
      await write({ kind: 'reembed', vectors, embedder }, () => reader.reembedPacked(vectors, embedder));
    },
    count: () => reader.count(),
    changeToken: () => reader.changeToken(),
    close: async () => {
      if (isClosed) return;
      const closing = thread.isRunning ? call({ kind: 'close' }) : undefined;
      isClosed = true;
      try {
        await closing;
      } finally {
        await thread.stop();
        reader.close();
      }
    },
  };
}
