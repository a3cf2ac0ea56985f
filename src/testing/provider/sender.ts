import type { ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import type { WireFormat } from '../../contract/index.ts';
import type { Fault, Pacing } from './faults.ts';
import { ApiProblem, problemEvent } from './problem.ts';
import type { ExchangeRecord } from './record.ts';

/** An answer before faults and pacing. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** The body: one part of a JSON answer, or one part an event. */
  readonly parts: readonly Buffer[];
  readonly isStream: boolean;
}

/** How and where a reply goes. */
export interface Delivery {
  readonly response: ServerResponse;
  readonly record: ExchangeRecord;
  readonly fault: Fault | null;
  readonly pacing: Pacing;
  readonly wire: WireFormat;
  readonly requestId: string;
}

const EVENTS_BEFORE_ERROR = 3;

/** Sends a reply; settles when it is handed over, cut off, or the caller left. */
export async function sendReply(reply: Reply, delivery: Delivery): Promise<void> {
  const { response, record, fault, pacing } = delivery;
  const latency = (pacing.latencyMs ?? 0) + (fault?.kind === 'slow-first-byte' ? fault.ms : 0);
  if (latency > 0) await pause(latency, response);
  if (response.destroyed) return;
  const { parts, headers } = applyFault(reply, delivery);
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  record.status = reply.status;
  response.writeHead(reply.status, {
    ...headers,
    ...(reply.isStream ? {} : { 'content-length': String(length) }),
  });
  const limit =
    fault?.kind === 'drop' || fault?.kind === 'hang' ? (fault.afterBytes ?? 0) : Number.POSITIVE_INFINITY;
  const isWhole = await writePieces(cutPieces(parts, pacing.splitBytes), limit, delivery);
  if (response.destroyed) return;
  if (isWhole) response.end();
  else if (fault?.kind === 'drop') response.destroy();
  else response.flushHeaders();
}

/** Writes pieces up to `limit` bytes. False when the limit came first or the caller left. */
async function writePieces(pieces: readonly Buffer[], limit: number, delivery: Delivery): Promise<boolean> {
  const { response, record, pacing } = delivery;
  const delay = pacing.chunkDelayMs ?? 0;
  for (const [index, whole] of pieces.entries()) {
    if (response.destroyed) return false;
    if (index > 0 && delay > 0) {
      await pause(delay, response);
      if (response.destroyed) return false;
    }
    const left = limit - record.bytesSent;
    const piece = whole.length > left ? whole.subarray(0, left) : whole;
    record.addSent(piece);
    if (piece.length < whole.length) {
      await flush(response, piece);
      return false;
    }
    if (!response.write(piece)) await drained(response);
  }
  return true;
}

function applyFault(reply: Reply, delivery: Delivery): Pick<Reply, 'parts' | 'headers'> {
  const { fault } = delivery;
  if (fault === null) return reply;
  switch (fault.kind) {
    case 'stream-error': {
      if (!reply.isStream) return reply;
      const problem = new ApiProblem('The simulated model is overloaded.', {
        status: 529,
        code: 'server_error',
      });
      const event = problemEvent(problem, delivery.wire, delivery.requestId);
      return {
        ...reply,
        parts: [...reply.parts.slice(0, fault.afterEvents ?? EVENTS_BEFORE_ERROR), Buffer.from(event)],
      };
    }
    case 'malformed-json':
      return {
        ...reply,
        parts: reply.isStream ? breakEvent(reply.parts) : reply.parts.map((part) => breakJson(part)),
      };
    case 'truncated-body': {
      const body = Buffer.concat(reply.parts);
      return { ...reply, parts: [body.subarray(0, Math.floor(body.length / 2))] };
    }
    case 'gzip':
      return {
        parts: [gzipSync(Buffer.concat(reply.parts))],
        headers: { ...reply.headers, 'content-encoding': 'gzip' },
      };
    case 'status':
    case 'redirect':
    case 'drop':
    case 'hang':
    case 'slow-first-byte':
      break;
  }
  return reply;
}

function breakJson(part: Buffer): Buffer {
  return Buffer.concat([part.subarray(0, -1), Buffer.from(',,')]);
}

/** Breaks the JSON of the second event and leaves its framing whole. */
function breakEvent(parts: readonly Buffer[]): Buffer[] {
  return parts.map((part, index) =>
    index === 1 ? Buffer.from(part.toString().replace(/\}\n\n$/, ',,\n\n')) : part,
  );
}

/** Whole parts, or the joined body in pieces of `splitBytes`. */
function cutPieces(parts: readonly Buffer[], splitBytes: number | undefined): readonly Buffer[] {
  if (splitBytes === undefined) return parts;
  const body = Buffer.concat(parts);
  const pieces: Buffer[] = [];
  for (let at = 0; at < body.length; at += splitBytes) pieces.push(body.subarray(at, at + splitBytes));
  return pieces;
}

/** Waits, but not longer than the caller does. */
export function pause(ms: number, response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      response.off('close', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    response.once('close', done);
  });
}

function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      response.off('drain', done);
      response.off('close', done);
      resolve();
    };
    response.once('drain', done);
    response.once('close', done);
  });
}

/** Writes a last piece and waits until it left this process. */
function flush(response: ServerResponse, piece: Buffer): Promise<void> {
  response.flushHeaders();
  if (piece.length === 0) return new Promise((resolve) => setImmediate(resolve));
  return new Promise((resolve) => {
    response.write(piece, () => resolve());
  });
}
