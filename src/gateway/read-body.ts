import type { IncomingMessage } from 'node:http';
import { AbortedError, LimitError } from '../contract/index.ts';

/** Bytes beyond the limit that are read and thrown away, so that the caller gets to read our answer. */
const MAX_DISCARDED = 64 * 1024 * 1024;
const MAX_DISCARD_MS = 5_000;

/** Receives a whole body, or why there is none. */
export type BodyHandler = (error: Error | undefined, body: Buffer) => void;

const EMPTY = Buffer.alloc(0);

/** Reads a request body of at most `maxBytes`; calls back once. */
export function readBody(request: IncomingMessage, maxBytes: number, done: BodyHandler): void {
  const declared = Number(request.headers['content-length'] ?? 0);
  const chunks: Buffer[] = [];
  let length = 0;
  let isDone = false;
  const onData = (chunk: Buffer): void => {
    length += chunk.length;
    if (length > maxBytes) refuse();
    else chunks.push(chunk);
  };
  const onEnd = (): void => {
    isDone = true;
    done(undefined, chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks, length));
  };
  const onClose = (): void => {
    // Every request closes in the end; only before its body is whole does that mean anything.
    if (!isDone) done(new AbortedError('The caller left before the request was complete.'), EMPTY);
  };
  const stop = (): void => {
    request.off('data', onData).off('end', onEnd).off('close', onClose);
  };
  const refuse = (): void => {
    stop();
    discard(request, () => done(tooLarge(Math.max(declared, length), maxBytes), EMPTY));
  };
  if (declared > maxBytes) {
    refuse();
    return;
  }
  request.on('data', onData).on('end', onEnd).on('close', onClose);
}

/** The error for a body beyond the limit. */
export function tooLarge(bytes: number, maxBytes: number): LimitError {
  return new LimitError(
    'body_too_large',
    `The request body has ${bytes} bytes or more; the limit is ${maxBytes} (server.maxBodyBytes).`,
  );
}

/** Reads on without keeping: a caller that is still sending would otherwise see a reset, not our answer. */
function discard(request: IncomingMessage, done: () => void): void {
  let left = MAX_DISCARDED;
  const finish = (): void => {
    clearTimeout(timer);
    request.off('data', onData).off('end', finish).off('close', finish);
    done();
  };
  const onData = (chunk: Buffer): void => {
    left -= chunk.length;
    if (left < 0) finish();
  };
  const timer = setTimeout(finish, MAX_DISCARD_MS);
  request.on('data', onData).on('end', finish).on('close', finish);
}
