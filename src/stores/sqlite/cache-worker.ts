// Entry of the cache's worker thread; `createCacheWriter` starts it and speaks its messages.
import { workerData } from 'node:worker_threads';
import { decodeEntries } from './cache-batch.ts';
import type { CacheRequest, CacheWorkerData } from './cache-messages.ts';
import { createSqliteCacheStore, type SqliteCacheStore } from './sqlite-cache-store.ts';
import { serveOpenStore } from './store-serving.ts';

const { writer } = workerData as CacheWorkerData;

serveOpenStore<SqliteCacheStore, CacheRequest>(
  (options) => createSqliteCacheStore({ ...options, writer }),
  run,
);

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
