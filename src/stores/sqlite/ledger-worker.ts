// Entry of the ledger's worker threads; `createLedgerWriter` starts it and speaks its messages.
import { parentPort, workerData } from 'node:worker_threads';
import { isPareError } from '../../contract/index.ts';
import { decodeBatch } from './ledger-batch.ts';
import type { LedgerCall, LedgerReply, LedgerRequest, LedgerWorkerData } from './ledger-messages.ts';
import { createSqliteLedgerStore, type SqliteLedgerStore } from './sqlite-ledger-store.ts';

const data = workerData as LedgerWorkerData;
let kept: SqliteLedgerStore | undefined;

parentPort?.on('message', (call: LedgerCall) => send(answer(call)));

function send(reply: LedgerReply): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
  parentPort?.postMessage(reply);
}

function answer({ id, path, request }: LedgerCall): LedgerReply {
  try {
    return {
      kind: 'done',
      id,
      value: data.role === 'read' ? runOnce(path, request) : runKept(path, request),
    };
  } catch (error) {
    const isOurs = isPareError(error);
    return {
      kind: 'failed',
      id,
      code: isOurs ? error.code : 'store_failed',
      message: error instanceof Error ? error.message : String(error),
      details: isOurs ? error.details : {},
    };
  }
}

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
  return createSqliteLedgerStore({
    path,
    onUnavailable: data.onUnavailable,
    onEvent: (event) => send({ kind: 'event', event }),
  });
}

function run(store: SqliteLedgerStore, request: Exclude<LedgerRequest, { kind: 'close' }>): unknown {
  if (request.kind === 'append') store.append(decodeBatch(request.batch));
  else if (request.kind === 'locate') return store.location();
  else if (request.kind === 'sums') return store.sums(request.query);
  else if (request.kind === 'records') return store.records(request.query);
  else return store.deleteSome(request.before, request.limit);
  return undefined;
}
