import { setPriority } from 'node:os';
import { parentPort } from 'node:worker_threads';
import { type EventSink, isPareError } from '../../contract/index.ts';
import type { StoreCall, StoreEnd, StoreReply } from './store-thread.ts';

/** Niceness of a store's thread, as `nice` counts it: a quarter of a processor stays when all others are busy. */
const NICENESS = 5;

/** Answers one request about the file at `path`; what it throws fails the call. */
export type AnswerCall<Request> = (path: string, request: Request) => unknown;

/** Serves the calls of a `StoreThread` from now on, one after the other. For entries of workers only. */
export function serveStore<Request>(answer: AnswerCall<Request>): void {
  giveWay();
  parentPort?.on('message', (message: StoreCall<Request> | StoreEnd) => {
    if ('end' in message) parentPort?.close();
    else send(replyTo(message, answer));
  });
}

/**
 * Lets threads that answer requests go first where processors are few. On Linux a priority is a thread's own;
 * elsewhere it is the whole process's, and stays.
 */
function giveWay(): void {
  if (process.platform !== 'linux') return;
  try {
    setPriority(0, NICENESS);
  } catch (error) {
    const message = `The thread of a store keeps the priority it has: ${String(error)}`;
    passEvent({ level: 'info', code: 'store_priority', message, details: {} });
  }
}

/** Options with which a worker opens the file that the other thread names: that one decided what to do about trouble. */
export interface FollowingOptions {
  readonly path: string;
  readonly onLocked: 'throw';
  /** Longest wait for another process's lock. Nobody who is served waits with this thread. */
  readonly busyTimeoutMs: number;
  readonly onEvent: EventSink;
}

/** A store that a worker keeps open between calls. */
interface FollowingStore {
  refresh(): void;
  close(): void;
}

const BUSY_TIMEOUT_MS = 1000;

/** Serves calls about one file at a time by a store that stays open; a call of kind `close` closes it. */
export function serveOpenStore<Store extends FollowingStore, Request extends { readonly kind: string }>(
  open: (options: FollowingOptions) => Store,
  run: (store: Store, request: Exclude<Request, { readonly kind: 'close' }>) => unknown,
): void {
  let kept: { readonly path: string; readonly store: Store } | undefined;
  const close = (): void => {
    kept?.store.close();
    kept = undefined;
  };
  serveStore<Request>((path, request) => {
    if (request.kind === 'close') return close();
    if (kept?.path !== path) {
      close();
      const options = {
        path,
        onLocked: 'throw',
        busyTimeoutMs: BUSY_TIMEOUT_MS,
        onEvent: passEvent,
      } as const;
      kept = { path, store: open(options) };
    }
    // The other thread may have found the file damaged, and set it aside.
    kept.store.refresh();
    return run(kept.store, request as Exclude<Request, { readonly kind: 'close' }>);
  });
}

/** Passes events on to the thread that started this one. */
export const passEvent: EventSink = (event) => send({ kind: 'event', event });

function replyTo<Request>(call: StoreCall<Request>, answer: AnswerCall<Request>): StoreReply {
  const { id } = call;
  try {
    return { kind: 'done', id, value: answer(call.path, call.request) };
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

function send(reply: StoreReply): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
  parentPort?.postMessage(reply);
}
