// Entry of the cache's worker thread; `createCacheWriter` starts it and speaks its messages.
import { workerData } from 'node:worker_threads';
import { decodeEntries } from './cache-batch.ts';
import type { CacheRequest, CacheWorkerData } from './cache-messages.ts';
import { createSqliteCacheStore, type SqliteCacheStore } from './sqlite-cache-store.ts';
import { passEvent, serveStore } from './store-serving.ts';

/** Longest wait for another process's lock. Nobody who is served waits with this thread. */
const BUSY_TIMEOUT_MS = 1000;

const data = workerData as CacheWorkerData;
let kept: { readonly path: string; readonly store: SqliteCacheStore } | undefined;

serveStore<CacheRequest>((path, request) => {
  if (request.kind === 'close') return close();
  const store = open(path);
  // The other thread may have found the file damaged, and set it aside.
  store.refresh();
  return run(store, request);
});

function close(): void {
  kept?.store.close();
  kept = undefined;
}

/** The file that the other thread names: it decided what to do about a locked or unusable one. */
function open(path: string): SqliteCacheStore {
  if (kept?.path === path) return kept.store;
  close();
  const store = createSqliteCacheStore({
    path,
    writer: data.writer,
    onLocked: 'throw',
    busyTimeoutMs: BUSY_TIMEOUT_MS,
    onEvent: passEvent,
  });
  kept = { path, store };
  return store;
}

function run(store: SqliteCacheStore, request: Exclude<CacheRequest, { kind: 'close' }>): unknown {
  if (request.kind === 'put') store.putMany(decodeEntries(request.batch));
  else if (request.kind === 'hits') store.addHits(request.hits, request.at);
  else if (request.kind === 'delete') return store.delete(request.keys);
  else if (request.kind === 'delete-old') return store.deleteOld(request.options);
  else if (request.kind === 'delete-all') return store.deleteAll(request.tenant);
  else if (request.kind === 'evict') return store.evict(request.bounds);
  else if (request.kind === 'stats') return store.stats();
  else if (request.kind === 'page') return store.page(request.after);
  else return store.keys(request.after, request.limit);
  return undefined;
}
