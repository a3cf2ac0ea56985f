import type { IncomingMessage, ServerResponse } from 'node:http';
import { chatWire } from './chat-wire.ts';
import { approximateTokens } from './counting.ts';
import { messagesWire } from './messages-wire.ts';
import { responsesWire } from './responses-wire.ts';
import type { Completion, ReadContext, SimulatedUsage, SimulatedWire } from './types.ts';

const TEXT =
  'This is a fixed answer of the simulated provider in its fast mode, sent without looking at the question.';
const STREAM_KEY = Buffer.from('"stream"');
/** Longest form of the key and its value that is looked for across two chunks. */
const OVERLAP_BYTES = 24;

interface FastAnswer {
  readonly json: Buffer;
  readonly jsonHeaders: readonly string[];
  readonly stream: Buffer;
  readonly streamHeaders: readonly string[];
}

/** Answers a request with fixed bytes; false when the path is none of the three chat paths. */
export type FastHandler = (request: IncomingMessage, response: ServerResponse) => boolean;

/** Returns a handler that does as little as a server can: it finds the `stream` flag and answers. */
export function createFastHandler(latencyMs: number): FastHandler {
  const answers: Readonly<Record<string, FastAnswer>> = {
    '/v1/chat/completions': prepare(chatWire, {
      model: 'gpt-4o',
      messages: [{ role: 'user', content: 'x' }],
    }),
    '/v1/responses': prepare(responsesWire, { model: 'gpt-4o', input: 'x' }),
    '/v1/messages': prepare(messagesWire, {
      model: 'claude-sonnet-4-6',
      max_tokens: 1024,
      messages: [{ role: 'user', content: 'x' }],
    }),
  };
  return (request, response) => {
    const answer = request.method === 'POST' ? answers[request.url ?? ''] : undefined;
    if (answer === undefined) return false;
    const finder = createStreamFinder();
    request.on('data', (chunk: Buffer) => finder.push(chunk));
    request.on('end', () => {
      const send = finder.isStream() ? sendStream : sendJson;
      if (latencyMs > 0) setTimeout(() => send(response, answer), latencyMs);
      else send(response, answer);
    });
    return true;
  };
}

function sendJson(response: ServerResponse, answer: FastAnswer): void {
  response.writeHead(200, answer.jsonHeaders as string[]);
  response.end(answer.json);
}

function sendStream(response: ServerResponse, answer: FastAnswer): void {
  response.writeHead(200, answer.streamHeaders as string[]);
  response.end(answer.stream);
}

/** Finds `"stream": true` in a body that comes in chunks, without parsing it. */
function createStreamFinder(): { push(chunk: Buffer): void; isStream(): boolean } {
  let found = false;
  let tail: Buffer | undefined;
  return {
    push(chunk) {
      if (found) return;
      const joined = tail === undefined ? chunk : Buffer.concat([tail, chunk]);
      for (let at = joined.indexOf(STREAM_KEY); at >= 0 && !found; at = joined.indexOf(STREAM_KEY, at + 1)) {
        found = /^"stream"\s*:\s*true/.test(joined.toString('latin1', at, at + OVERLAP_BYTES));
      }
      tail = joined.subarray(Math.max(0, joined.length - OVERLAP_BYTES));
    },
    isStream: () => found,
  };
}

function prepare(wire: SimulatedWire, body: Record<string, unknown>): FastAnswer {
  const context: ReadContext = { seed: '0f'.repeat(24), findResponse: () => undefined };
  const outputTokens = approximateTokens(TEXT);
  const usage: SimulatedUsage = {
    inputTokens: 20,
    outputTokens,
    cacheReadTokens: 0,
    cacheWriteTokens: 0,
    cacheWrite1hTokens: 0,
    reasoningTokens: 0,
    toolSearches: 0,
    searchInputTokens: 0,
    searchCacheReadTokens: 0,
  };
  const completion: Completion = {
    read: { ...wire.read(body as Parameters<SimulatedWire['read']>[0], context), includesStreamUsage: true },
    answers: [
      {
        text: TEXT,
        thinking: '',
        toolSearches: [],
        toolCalls: [],
        finish: 'complete',
        stopSequence: null,
      },
    ],
    usage,
    created: 1_750_000_000,
  };
  const json = Buffer.from(JSON.stringify(wire.writeJson(completion)));
  const stream = Buffer.from(wire.writeStream(completion).join(''));
  return {
    json,
    jsonHeaders: [
      'content-type',
      'application/json',
      'content-length',
      String(json.length),
      'x-request-id',
      'req_fast',
    ],
    stream,
    streamHeaders: ['content-type', 'text/event-stream; charset=utf-8', 'x-request-id', 'req_fast'],
  };
}
