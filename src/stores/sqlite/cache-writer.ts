import { type CacheStats, type CacheStore, type StoredCacheEntry, StoreError } from '../../contract/index.ts';
import { moduleUrl } from '../../support/index.ts';
import { encodeEntries } from './cache-batch.ts';
import type { CacheRequest, CacheWorkerData } from './cache-messages.ts';
import { CacheReader } from './cache-reader.ts';
import { newWriter } from './others-changes.ts';
import { type KeyPage, pagesOf, type SqliteCacheStoreOptions } from './sqlite-cache-store.ts';
import { StoreThread } from './store-thread.ts';

/** Options of `createCacheWriter`. */
export type CacheWriterOptions = Omit<SqliteCacheStoreOptions, 'writer' | 'onOpened' | 'onLocked'>;

/**
 * Returns a cache store over an SQLite file that is read by the calling thread and written by a worker.
 *
 * `get` and `changeToken` answer at once; most absent keys are known to be absent without a look at the
 * file. Everything else is done in the order of the calls by a thread that starts with the first write
 * (so a process that only reads has none), and that starts anew after it died. What was written when the
 * promise resolved survives `kill -9`. Where no file could be used, all is in memory and in the calling
 * thread.
 *
 * @throws StoreError when the file cannot be used; see `openDatabase`
 */
export function createCacheWriter(options: CacheWriterOptions): CacheStore {
  const data: CacheWorkerData = { writer: newWriter() };
  const module = moduleUrl(import.meta.url, './cache-worker');
  const { onEvent } = options;
  const thread = new StoreThread<CacheRequest>({ name: 'cache', module, data, onEvent });
  const reader = new CacheReader({
    store: { ...options, writer: data.writer },
    readKeys: async (after, limit) => (await call({ kind: 'keys', after, limit })) as KeyPage,
  });
  const { store } = reader;
  let isClosed = false;

  const call = async (request: CacheRequest): Promise<unknown> => {
    if (isClosed) throw new StoreError('store_closed', 'The cache store is closed.');
    const moved = request.kind === 'put' ? [request.batch.numbers.buffer, request.batch.bodies.buffer] : [];
    // This thread decided which file it is; the other one follows.
    return thread.call(store.location().path, request, moved);
  };
  const change = async (request: CacheRequest, inMemory: () => number): Promise<number> =>
    reader.isInMemory ? inMemory() : Number(await call(request));
  /** Nothing is started only to read. */
  const read = async <T>(request: CacheRequest, here: () => T): Promise<T> =>
    thread.isRunning && !reader.isInMemory ? ((await call(request)) as T) : here();

  return {
    get: (key) => reader.get(key),
    putMany: async (entries) => {
      if (reader.isInMemory) return store.putMany(entries);
      if (entries.length === 0) return;
      for (const { key } of entries) reader.expect(key);
      await call({ kind: 'put', batch: encodeEntries(entries) });
    },
    addHits: async (hits, at) => {
      if (reader.isInMemory) store.addHits(hits, at);
      else await call({ kind: 'hits', hits, at });
    },
    delete: (keys) => change({ kind: 'delete', keys }, () => store.delete(keys)),
    deleteOld: (old) => change({ kind: 'delete-old', options: old }, () => store.deleteOld(old)),
    deleteAll: (tenant) => change({ kind: 'delete-all', tenant }, () => store.deleteAll(tenant)),
    evict: (bounds) => change({ kind: 'evict', bounds }, () => store.evict(bounds)),
    stats: () => read<CacheStats>({ kind: 'stats' }, () => store.stats()),
    entries: () =>
      pagesOf((after) => read<readonly StoredCacheEntry[]>({ kind: 'page', after }, () => store.page(after))),
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
