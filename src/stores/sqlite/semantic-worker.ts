// Entry of the semantic store's worker thread; `createSemanticWriter` starts it and speaks its messages.
import { workerData } from 'node:worker_threads';
import type { SemanticRequest, SemanticWorkerData } from './semantic-messages.ts';
import { createSqliteSemanticStore, type SqliteSemanticStore } from './sqlite-semantic-store.ts';
import { serveOpenStore } from './store-serving.ts';

const { writer } = workerData as SemanticWorkerData;

serveOpenStore<SqliteSemanticStore, SemanticRequest>(
  (options) => createSqliteSemanticStore({ ...options, writer }),
  run,
);

function run(store: SqliteSemanticStore, request: Exclude<SemanticRequest, { kind: 'close' }>): unknown {
  if (request.kind === 'put') store.putPacked(request.entries);
  else if (request.kind === 'regroup') store.regroup(request.groups);
  else if (request.kind === 'delete') return store.delete(request.ids);
  else if (request.kind === 'delete-expired') return store.deleteExpired(request.now, request.limit);
  else if (request.kind === 'evict') return store.evict(request.most, request.limit);
  else store.reembedPacked(request.vectors, request.embedder);
  return undefined;
}
