import type { IncomingMessage, ServerResponse } from 'node:http';
import type { WireFormat } from '../../contract/index.ts';
import { answerCall, type Services, wireOf } from './answer.ts';
import { type Fault, readSimulation, type Simulation } from './faults.ts';
import type { AccessOptions, PacingOptions } from './options.ts';
import { ApiProblem, problemBody } from './problem.ts';
import type { RateLimiter } from './rate-limit.ts';
import type { ExchangeRecord } from './record.ts';
import { type Reply, sendReply } from './sender.ts';

/** What handling one request needs, made once per provider. */
export interface Door {
  readonly services: Services;
  readonly access: AccessOptions;
  readonly limiter: RateLimiter | null;
  readonly pacing: PacingOptions;
  readonly maxBodyBytes: number;
  /** The fault that was planned for this request, if any. */
  nextFault(record: ExchangeRecord): Fault | null;
  onFault(): void;
}

/** Handles one request from its first byte to the last of its answer. Never rejects. */
export async function handleExchange(
  request: IncomingMessage,
  response: ServerResponse,
  parts: { readonly door: Door; readonly record: ExchangeRecord },
): Promise<void> {
  const { door, record } = parts;
  const path = (request.url ?? '/').split('?', 1)[0] as string;
  const wire = wireOf(path, request.headers);
  const requestId = `req_${String(record.index + 1).padStart(12, '0')}`;
  const body = await readBody(request, door.maxBodyBytes);
  if (body === 'aborted') return;
  if (body !== 'too-large') record.body = body;
  const planned = planOf(request, door, record);
  const delivery = { response, record, wire, requestId, fault: null, pacing: door.pacing };
  const headers = { ...identity(wire, requestId) };
  if (planned instanceof ApiProblem) return sendReply(problemReply(planned, wire, requestId), delivery);
  const { fault = null, ...asked } = planned;
  if (fault !== null) door.onFault();
  const pacing = { ...door.pacing, ...asked };
  if (fault !== null && (await failEarly(fault, response))) return;
  const reply = await replyTo({ request, path, wire, requestId, body, fault, headers }, door);
  await sendReply(reply, { ...delivery, fault, pacing });
}

/** Faults that leave no answer at all. True when the exchange is over. */
async function failEarly(fault: Fault, response: ServerResponse): Promise<boolean> {
  if ((fault.kind !== 'drop' && fault.kind !== 'hang') || fault.afterBytes !== undefined) return false;
  if (fault.kind === 'drop') response.destroy();
  return true;
}

function planOf(request: IncomingMessage, door: Door, record: ExchangeRecord): Simulation | ApiProblem {
  const header = request.headers['x-simulate'];
  const fault = door.nextFault(record);
  const planned = fault === null ? {} : { fault };
  if (header === undefined) return planned;
  try {
    return { ...planned, ...readSimulation(String(header)) };
  } catch (error) {
    if (error instanceof ApiProblem) return error;
    throw error;
  }
}

interface Incoming {
  readonly request: IncomingMessage;
  readonly path: string;
  readonly wire: WireFormat;
  readonly requestId: string;
  readonly body: Buffer | 'too-large';
  readonly fault: Fault | null;
  readonly headers: Record<string, string>;
}

async function replyTo(incoming: Incoming, door: Door): Promise<Reply> {
  const { request, path, wire, requestId, body, fault, headers } = incoming;
  try {
    const key = checkKey(request, door.access);
    const rate = door.limiter?.(key, wire);
    Object.assign(headers, rate?.headers);
    if (rate?.isAllowed === false) {
      throw new ApiProblem('Rate limit reached for requests.', { status: 429, code: 'rate_limit_exceeded' });
    }
    if (body === 'too-large') {
      throw new ApiProblem(`The body exceeds ${door.maxBodyBytes} bytes.`, {
        status: 413,
        code: 'request_too_large',
      });
    }
    if (fault?.kind === 'status') throw faultProblem(fault, headers);
    if (fault?.kind === 'redirect') {
      return { status: 302, headers: { ...headers, location: fault.location }, parts: [], isStream: false };
    }
    const reply = await answerCall(
      { method: request.method ?? 'GET', path, headers: request.headers, body, wire, key },
      door.services,
    );
    return { ...reply, headers: { ...headers, ...reply.headers } };
  } catch (error) {
    const problem = error instanceof ApiProblem ? error : unexpected(error);
    const refusal = problemReply(problem, wire, requestId);
    return { ...refusal, headers: { ...headers, ...refusal.headers } };
  }
}

/** A `respond` or `countTokens` that throws answers 500 and tells why. */
function unexpected(error: unknown): ApiProblem {
  const reason = error instanceof Error ? error.message : String(error);
  return new ApiProblem(`The simulated provider failed: ${reason}`, { status: 500, code: 'server_error' });
}

function faultProblem(
  fault: Extract<Fault, { kind: 'status' }>,
  headers: Record<string, string>,
): ApiProblem {
  const waits = fault.status === 429 || fault.status === 503 || fault.status === 529;
  if (fault.retryAfterSeconds !== undefined || waits)
    headers['retry-after'] = String(fault.retryAfterSeconds ?? 1);
  const code =
    fault.status === 429 ? 'rate_limit_exceeded' : fault.status >= 500 ? 'server_error' : 'simulated_fault';
  return new ApiProblem(`Simulated fault with status ${fault.status}.`, { status: fault.status, code });
}

function problemReply(problem: ApiProblem, wire: WireFormat, requestId: string): Reply {
  const body = Buffer.from(JSON.stringify(problemBody(problem, wire, requestId)));
  return {
    status: problem.status,
    headers: { ...identity(wire, requestId), 'content-type': 'application/json' },
    parts: [body],
    isStream: false,
  };
}

function identity(wire: WireFormat, requestId: string): Record<string, string> {
  if (wire === 'anthropic-messages') {
    return { 'request-id': requestId, 'anthropic-organization-id': '00000000-0000-4000-8000-000000000000' };
  }
  return { 'x-request-id': requestId, 'openai-version': '2020-10-01', 'openai-processing-ms': '0' };
}

function checkKey(request: IncomingMessage, access: AccessOptions): string {
  const bearer = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1];
  const key = request.headers['x-api-key'] ?? bearer ?? '';
  const text = String(key);
  if (text === '' && access.requireKey !== false) {
    throw new ApiProblem('No API key was provided.', { status: 401, code: 'missing_api_key' });
  }
  if (access.keys !== undefined && !access.keys.includes(text)) {
    throw new ApiProblem('Incorrect API key provided.', { status: 401, code: 'invalid_api_key' });
  }
  return text;
}

/** The whole body; a body beyond the bound is read to its end and thrown away. */
function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer | 'aborted' | 'too-large'> {
  return new Promise((resolve) => {
    let chunks: Buffer[] = [];
    let bytes = 0;
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= maxBytes) chunks.push(chunk);
      else chunks = [];
    });
    request.on('end', () => resolve(bytes > maxBytes ? 'too-large' : Buffer.concat(chunks)));
    request.on('error', () => resolve('aborted'));
    request.on('close', () => resolve('aborted'));
  });
}
