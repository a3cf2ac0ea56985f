// Entry of the semantic store's worker thread; `createSemanticWriter` starts it and speaks its messages.
import { workerData } from 'node:worker_threads';
import type { SemanticRequest, SemanticWorkerData } from './semantic-messages.ts';
import { createSqliteSemanticStore, type SqliteSemanticStore } from './sqlite-semantic-store.ts';
import { passEvent, serveStore } from './store-serving.ts';

/** Longest wait for another process's lock. Nobody who is served waits with this thread. */
const BUSY_TIMEOUT_MS = 1000;

const data = workerData as SemanticWorkerData;
let kept: { readonly path: string; readonly store: SqliteSemanticStore } | undefined;

serveStore<SemanticRequest>((path, request) => {
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
function open(path: string): SqliteSemanticStore {
  if (kept?.path === path) return kept.store;
  close();
  const store = createSqliteSemanticStore({
    path,
    writer: data.writer,
    onLocked: 'throw',
    busyTimeoutMs: BUSY_TIMEOUT_MS,
    onEvent: passEvent,
  });
  kept = { path, store };
  return store;
}

function run(store: SqliteSemanticStore, request: Exclude<SemanticRequest, { kind: 'close' }>): unknown {
  if (request.kind === 'put') store.putPacked(request.entries);
  else if (request.kind === 'regroup') store.regroup(request.groups);
  else if (request.kind === 'delete') return store.delete(request.ids);
  else if (request.kind === 'delete-expired') return store.deleteExpired(request.now, request.limit);
  else if (request.kind === 'evict') return store.evict(request.most, request.limit);
  else store.reembedPacked(request.vectors, request.embedder);
  return undefined;
}
