import { request as httpRequest } from 'node:http';
import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { afterEach, describe, expect, it } from 'vitest';
import { createFakeClock } from '../clock.ts';
import { readSimulation } from './faults.ts';
import type { SimulatedProviderOptions } from './options.ts';
import { createSimulatedProvider, type SimulatedProvider } from './simulated-provider.ts';

const BODY = { model: 'gpt-4o', messages: [{ role: 'user' as const, content: 'Ünïcödé 🙂 東京 please' }] };
const MESSAGES = { ...BODY, model: 'claude-haiku-4-5', max_tokens: 400 };

let provider: SimulatedProvider;
afterEach(() => provider.close());

async function start(options: SimulatedProviderOptions = {}): Promise<void> {
  provider = await createSimulatedProvider(options);
}

interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly chunks: readonly Buffer[];
  /** Why the answer broke off. */
  readonly error: string | null;
}

/** Sends without any client's conveniences: no redirects, no decompression. */
function raw(body: object, simulate?: string): Promise<RawAnswer> {
  const headers = {
    authorization: 'Bearer key-a',
    'anthropic-version': '2023-06-01',
    ...(simulate === undefined ? {} : { 'x-simulate': simulate }),
  };
  const path = 'max_tokens' in body ? '/v1/messages' : '/v1/chat/completions';
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    const call = httpRequest(provider.url + path, { method: 'POST', headers, agent: false });
    call.on('error', (error) => resolve({ status: 0, headers: {}, chunks, error: error.message }));
    call.on('response', (answer) => {
      const done = (error: string | null): void =>
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, chunks, error });
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('error', (error) => done(error.message));
      answer.on('end', () => done(null));
    });
    call.end(JSON.stringify(body));
  });
}

const textOf = (answer: RawAnswer): string => Buffer.concat(answer.chunks).toString();

describe('statuses', () => {
  it.each([
    [500, {}, undefined],
    [503, { 'retry-after': '1' }, undefined],
    [529, { 'retry-after': '7' }, 7],
  ])('answers %i in the shape of both wires', async (status, headers, wait) => {
    await start();
    const simulate = `status=${status}${wait === undefined ? '' : `; retry-after=${wait}`}`;
    const chat = await raw(BODY, simulate);
    expect([chat.status, chat.headers]).toMatchObject([status, headers]);
    expect(chat.headers['x-request-id']).toBe('req_000000000001');
    const messages = await raw(MESSAGES, simulate);
    expect(JSON.parse(textOf(messages))).toMatchObject({
      type: 'error',
      request_id: messages.headers['request-id'],
    });
  });

  it('lets the SDK retry and succeed', async () => {
    await start({ faults: [{ kind: 'status', status: 503, retryAfterSeconds: 0 }, { kind: 'drop' }, null] });
    const client = new OpenAI({ apiKey: 'k', baseURL: `${provider.url}/v1`, maxRetries: 2 });
    const answer = await client.chat.completions.create(BODY);
    expect(answer.choices).toHaveLength(1);
    expect(provider.requests.map((request) => request.status)).toEqual([503, 0, 200]);
    expect(provider.counters).toMatchObject({
      requests: 3,
      faults: 2,
      aborted: 0,
      byStatus: { 200: 1, 503: 1 },
    });
  });

  it('reports overload to the Anthropic SDK', async () => {
    await start();
    provider.failNext({ kind: 'status', status: 529 });
    const client = new Anthropic({ apiKey: 'k', baseURL: provider.url, maxRetries: 0 });
    await expect(client.messages.create(MESSAGES)).rejects.toMatchObject({ status: 529 });
    expect((await client.messages.create(MESSAGES)).role).toBe('assistant');
  });

  it('redirects without a body', async () => {
    await start();
    const answer = await raw(BODY, 'redirect=http://other.invalid/v1');
    expect([answer.status, answer.headers['location']]).toEqual([302, 'http://other.invalid/v1']);
  });

  it('refuses directives it does not know', async () => {
    await start();
    expect(JSON.parse(textOf(await raw(BODY, 'explode')))).toMatchObject({
      error: { code: 'unknown_simulation' },
    });
    expect(() => readSimulation('split=x')).toThrow(/split=x/);
    expect(readSimulation('split=3; delay=2;status=429;retry-after=4')).toEqual({
      splitBytes: 3,
      chunkDelayMs: 2,
      fault: { kind: 'status', status: 429, retryAfterSeconds: 4 },
    });
  });
});

describe('broken answers', () => {
  it('drops the connection before the head', async () => {
    await start();
    expect(await raw(BODY, 'drop')).toMatchObject({ status: 0, error: 'socket hang up' });
  });

  it.each([0, 1, 100])('drops the connection after %i bytes of a stream', async (bytes) => {
    await start();
    const answer = await raw({ ...BODY, stream: true }, `drop-after=${bytes}`);
    expect([answer.status, answer.error]).toEqual([200, 'aborted']);
    expect(Buffer.concat(answer.chunks)).toHaveLength(bytes);
    expect(provider.requests[0]).toMatchObject({ bytesSent: bytes, wasAborted: false });
  });

  it('drops a JSON answer whose length was promised', async () => {
    await start();
    const answer = await raw(BODY, 'drop-after=40');
    expect(answer.error).toBe('aborted');
    expect(Number(answer.headers['content-length'])).toBeGreaterThan(40);
  });

  it('ends a stream with the error event of the wire', async () => {
    await start();
    const chat = textOf(await raw({ ...BODY, stream: true }, 'stream-error=2'));
    expect(chat.split('\n\n').slice(0, -1)).toHaveLength(3);
    expect(chat).toMatch(
      /data: {"error":{"message":"[^"]+","type":"[^"]+","param":null,"code":"server_error"}}\n\n$/,
    );
    const client = new Anthropic({
      apiKey: 'k',
      baseURL: provider.url,
      maxRetries: 0,
      defaultHeaders: { 'x-simulate': 'stream-error' },
    });
    await expect(client.messages.stream(MESSAGES).finalMessage()).rejects.toThrow(/overloaded/);
    expect(provider.requests[1]?.sent.toString()).not.toContain('message_stop');
  });

  it('sends broken JSON with whole framing', async () => {
    await start();
    const whole = await raw(BODY, 'malformed');
    expect([whole.status, whole.error]).toEqual([200, null]);
    expect(() => JSON.parse(textOf(whole))).toThrow(SyntaxError);
    const stream = textOf(await raw({ ...BODY, stream: true }, 'malformed')).split('\n\n');
    expect(() => JSON.parse(stream[0]?.slice(6) ?? '')).not.toThrow();
    expect(() => JSON.parse(stream[1]?.slice(6) ?? '')).toThrow(SyntaxError);
    expect(stream.at(-2)).toBe('data: [DONE]');
  });

  it('leaves out the second half of a body', async () => {
    await start();
    const stream = await raw({ ...BODY, stream: true }, 'truncated');
    expect(stream.error).toBeNull();
    expect(textOf(stream)).not.toContain('[DONE]');
  });

  it('compresses, and clients that ask for nothing special still read it', async () => {
    await start();
    expect((await raw(BODY, 'gzip')).headers['content-encoding']).toBe('gzip');
    const client = new OpenAI({
      apiKey: 'k',
      baseURL: `${provider.url}/v1`,
      defaultHeaders: { 'x-simulate': 'gzip' },
    });
    expect((await client.chat.completions.create(BODY)).choices).toHaveLength(1);
  });
});

describe('time and leaving', () => {
  it('hangs until the caller leaves, and records that it left (INV-S2)', async () => {
    await start({ faults: [{ kind: 'hang' }] });
    const client = new OpenAI({ apiKey: 'k', baseURL: `${provider.url}/v1`, maxRetries: 0, timeout: 50 });
    await expect(client.chat.completions.create(BODY)).rejects.toThrow(/timed out/i);
    await provider.requests[0]?.closed;
    expect(provider.requests[0]).toMatchObject({ wasAborted: true, status: 0, bytesSent: 0 });
    expect(provider.counters).toMatchObject({ aborted: 1, active: 0 });
  });

  it('stops for good after some bytes', async () => {
    await start();
    const headers = { authorization: 'Bearer k', 'x-simulate': 'hang-after=10' };
    const init = { method: 'POST', headers, body: JSON.stringify(BODY), signal: AbortSignal.timeout(60) };
    const answer = await fetch(`${provider.url}/v1/chat/completions`, init);
    expect(answer.status).toBe(200);
    await expect(answer.text()).rejects.toThrow(/timeout|abort/i);
    await provider.requests[0]?.closed;
    expect(provider.requests[0]).toMatchObject({ bytesSent: 10, wasAborted: true });
  });

  it('stops sending when the caller aborts a stream (INV-S2)', async () => {
    await start({ pacing: { chunkDelayMs: 5 }, respond: () => ({ text: 'word '.repeat(2000) }) });
    const client = new OpenAI({ apiKey: 'k', baseURL: `${provider.url}/v1` });
    const stream = await client.chat.completions.create({ ...BODY, stream: true });
    for await (const chunk of stream) if (chunk.choices[0]?.delta.content) break;
    await provider.requests[0]?.closed;
    const { bytesSent, wasAborted } = provider.requests[0] as { bytesSent: number; wasAborted: boolean };
    expect(wasAborted).toBe(true);
    expect(bytesSent).toBeLessThan(100_000);
  });

  it('waits before the first byte', async () => {
    await start();
    const began = performance.now();
    await raw(BODY, 'slow=60');
    expect(performance.now() - began).toBeGreaterThanOrEqual(55);
  });
});

describe('pieces', () => {
  it('splits a stream at every byte and changes none (INV-S1)', async () => {
    await start();
    const whole = await raw({ ...BODY, stream: true });
    const split = await raw({ ...BODY, stream: true }, 'split=1');
    expect(Buffer.concat(split.chunks).equals(Buffer.concat(whole.chunks))).toBe(true);
    expect(split.chunks.length).toBeGreaterThan(whole.chunks.length);
    expect(textOf(split)).toContain('東京');
  });

  it('records the bytes of both sides exactly', async () => {
    await start();
    const answer = await raw({ ...BODY, stream: true });
    const record = provider.requests[0];
    expect(record?.body.toString()).toBe(JSON.stringify({ ...BODY, stream: true }));
    expect(record?.sent.equals(Buffer.concat(answer.chunks))).toBe(true);
    expect(record).toMatchObject({
      method: 'POST',
      path: '/v1/chat/completions',
      status: 200,
      isComplete: true,
    });
  });

  it('keeps a bounded number of requests (INV-S4)', async () => {
    await start({ recording: { maxRequests: 2 } });
    for (let i = 0; i < 4; i += 1) await raw(BODY);
    expect(provider.requests.map((request) => request.index)).toEqual([2, 3]);
    provider.clearRequests();
    expect(provider.requests).toHaveLength(0);
  });

  it('answers 413 to a body over the limit', async () => {
    await start({ maxBodyBytes: 1000 });
    const answer = await raw({ ...MESSAGES, system: 'x'.repeat(2000) });
    expect(answer.status).toBe(413);
    expect(JSON.parse(textOf(answer))).toMatchObject({ error: { type: 'request_too_large' } });
  });
});

describe('access', () => {
  it('limits requests per minute and key, and says when to come back', async () => {
    const clock = createFakeClock();
    await start({ access: { requestsPerMinute: 2 }, now: clock.now });
    const statuses = [];
    for (let i = 0; i < 3; i += 1) statuses.push((await raw(BODY)).status);
    expect(statuses).toEqual([200, 200, 429]);
    clock.advance(45_000);
    const refused = await raw(MESSAGES);
    expect(refused.headers).toMatchObject({
      'retry-after': '15',
      'anthropic-ratelimit-requests-remaining': '0',
    });
    expect(JSON.parse(textOf(refused))).toMatchObject({ error: { type: 'rate_limit_error' } });
    clock.advance(15_000);
    const again = await raw(BODY);
    expect([again.status, again.headers['x-ratelimit-remaining-requests']]).toEqual([200, '1']);
  });

  it('knows only the keys and models it was given', async () => {
    await start({ access: { keys: ['key-a'], models: ['gpt-4o'] } });
    expect((await raw(BODY)).status).toBe(200);
    expect(JSON.parse(textOf(await raw({ ...BODY, model: 'gpt-x' })))).toMatchObject({
      error: { code: 'model_not_found' },
    });
    const client = new OpenAI({ apiKey: 'key-b', baseURL: `${provider.url}/v1`, maxRetries: 0 });
    await expect(client.chat.completions.create(BODY)).rejects.toMatchObject({
      status: 401,
      code: 'invalid_api_key',
    });
  });

  it('reports an answer function that throws as a 500', async () => {
    await start({
      respond: () => {
        throw new Error('no idea');
      },
    });
    const answer = await raw(BODY);
    expect(answer.status).toBe(500);
    expect(textOf(answer)).toContain('no idea');
  });

  it('echoes bodies on paths of no known meaning', async () => {
    await start();
    const body = new Uint8Array([0, 1, 2, 255]);
    const answer = await fetch(`${provider.url}/v1/echo/files?x=1`, {
      method: 'PUT',
      body,
      headers: { authorization: 'Bearer k' },
    });
    expect(new Uint8Array(await answer.arrayBuffer())).toEqual(body);
    expect(answer.headers.get('x-echo-method')).toBe('PUT');
  });
});

describe('fast mode', () => {
  it('gives valid fixed answers of all wires, streamed or not', async () => {
    await start({ fast: true });
    const openai = new OpenAI({ apiKey: 'k', baseURL: `${provider.url}/v1` });
    const anthropic = new Anthropic({ apiKey: 'k', baseURL: provider.url });
    const chat = await openai.chat.completions.create(BODY);
    const streamed = await openai.chat.completions.stream(BODY).finalChatCompletion();
    expect(streamed.choices[0]?.message.content).toBe(chat.choices[0]?.message.content);
    expect(chat.usage?.prompt_tokens).toBe(20);
    expect((await openai.responses.stream({ model: 'm', input: 'x' }).finalResponse()).output_text).toContain(
      'fixed answer',
    );
    expect((await anthropic.messages.stream(MESSAGES).finalMessage()).usage.input_tokens).toBe(20);
    expect(provider.requests).toHaveLength(0);
    expect(provider.counters.requests).toBe(4);
  });

  it('finds the stream flag across chunks and is not fooled by content', async () => {
    await start({ fast: true });
    const send = (pieces: string[]): Promise<string> =>
      new Promise((resolve) => {
        const call = httpRequest(
          `${provider.url}/v1/messages`,
          { method: 'POST', agent: false },
          (answer) => {
            answer.resume();
            resolve(String(answer.headers['content-type']));
          },
        );
        pieces.forEach((piece, at) => setTimeout(() => call.write(piece), at * 15));
        setTimeout(() => call.end(), pieces.length * 15);
      });
    expect(await send(['{"x":"\\"stream\\": true", "str', 'eam": tr', 'ue}'])).toContain('event-stream');
    expect(await send(['{"x":"say \\"stream\\":true", "stream" : false}'])).toContain('json');
  });
});
