// Entry of the ledger's worker threads; `createLedgerWriter` starts it and speaks its messages.
import { workerData } from 'node:worker_threads';
import { decodeBatch } from './ledger-batch.ts';
import type { LedgerRequest, LedgerWorkerData } from './ledger-messages.ts';
import { createSqliteLedgerStore, type SqliteLedgerStore } from './sqlite-ledger-store.ts';
import { passEvent, serveStore } from './store-serving.ts';

const data = workerData as LedgerWorkerData;
let kept: SqliteLedgerStore | undefined;

serveStore<LedgerRequest>((path, request) =>
  data.role === 'read' ? runOnce(path, request) : runKept(path, request),
);

function runKept(path: string, request: LedgerRequest): unknown {
  if (request.kind === 'close') {
    kept?.close();
    kept = undefined;
    return undefined;
  }
  kept ??= open(path);
  return run(kept, request);
}

function runOnce(path: string, request: LedgerRequest): unknown {
  if (request.kind === 'close') return undefined;
  const store = open(path);
  try {
    return run(store, request);
  } finally {
    store.close();
  }
}

function open(path: string): SqliteLedgerStore {
  return createSqliteLedgerStore({ path, onUnavailable: data.onUnavailable, onEvent: passEvent });
}

function run(store: SqliteLedgerStore, request: Exclude<LedgerRequest, { kind: 'close' }>): unknown {
  if (request.kind === 'append') store.append(decodeBatch(request.batch));
  else if (request.kind === 'locate') return store.location();
  else if (request.kind === 'sums') return store.sums(request.query);
  else if (request.kind === 'records') return store.records(request.query);
  else return store.deleteSome(request.before, request.limit);
  return undefined;
}
