import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { chatBody, postChat, type Stack, sleep, startStack, until } from './support/gateway.ts';
import { startUpstreamServer } from './support/upstream-server.ts';

const CALLERS = 20;

let stack: Stack;

beforeEach(async () => {
  stack = await startStack();
});
afterEach(() => stack.close());

const ask = (content: string, simulate: string, more: Readonly<Record<string, unknown>> = {}) =>
  postChat(stack.url, chatBody(content, more), { 'x-simulate': simulate });

/** Asks and leaves on demand. */
function leavable(content: string, simulate: string, more: Readonly<Record<string, unknown>> = {}) {
  const abort = new AbortController();
  const answer = fetch(`${stack.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: 'Bearer test-key', 'x-simulate': simulate },
    body: chatBody(content, more),
    signal: abort.signal,
  });
  const text = answer.then((response) => response.text());
  text.catch(() => undefined);
  return { text, leave: () => abort.abort() };
}

describe('identical concurrent requests (INV-C11)', () => {
  it.each([
    ['plain', {}],
    ['streamed', { stream: true, stream_options: { include_usage: true } }],
  ] as const)('that are %s make one upstream call, billed once', async (_kind, more) => {
    const answers = await Promise.all(
      Array.from({ length: CALLERS }, async () => {
        const response = await ask('Same question', 'latency=150;delay=2', more);
        return { cache: response.headers.get('x-pare-cache'), body: await response.text() };
      }),
    );
    expect(stack.provider.counters.requests).toBe(1);
    expect(new Set(answers.map((answer) => answer.body)).size).toBe(1);
    expect(answers[0]?.body).toBe(stack.provider.requests[0]?.sent.toString());
    expect(answers.filter((answer) => answer.cache === 'miss')).toHaveLength(1);
    expect(answers.filter((answer) => answer.cache === 'hit')).toHaveLength(CALLERS - 1);

    const records = await stack.recorded(CALLERS);
    const billed = records.filter((record) => record.usage.inputTokens > 0);
    expect(billed).toHaveLength(1);
    const [bill] = billed;
    const total = (bill?.usage.inputTokens ?? 0) + (bill?.usage.outputTokens ?? 0);
    for (const record of records.filter((candidate) => candidate !== bill)) {
      expect(record).toMatchObject({
        status: 200,
        cacheOutcome: 'hit',
        costUsd: 0,
        netTokens: total,
        netCostUsd: bill?.costUsd,
      });
    }
    await stack.core.ledger.flush();
    const report = await stack.core.ledger.report({ hours: 1 });
    expect(report.metrics.total_requests).toBe(CALLERS);
    expect(report.savings.net_tokens).toBe(total * (CALLERS - 1));
  });

  it('join a stream in the middle and get all of its bytes', async () => {
    const first = ask('Join me', 'delay=15', { stream: true }).then((response) => response.text());
    await until(() => (stack.provider.requests[0]?.bytesSent ?? 0) > 600, 'the middle of the stream');
    const second = await ask('Join me', 'delay=15', { stream: true }).then((response) => response.text());
    expect(second).toBe(await first);
    expect(second.endsWith('data: [DONE]\n\n')).toBe(true);
    expect(stack.provider.counters.requests).toBe(1);
  });

  it('get their answer though the first caller leaves, who is still billed', async () => {
    const first = leavable('Leave me', 'delay=15', { stream: true });
    await until(() => (stack.provider.requests[0]?.bytesSent ?? 0) > 300, 'the stream to begin');
    const second = ask('Leave me', 'delay=15', { stream: true }).then((response) => response.text());
    await sleep(30);
    first.leave();
    expect((await second).endsWith('data: [DONE]\n\n')).toBe(true);
    expect(stack.provider.counters).toMatchObject({ requests: 1, aborted: 0 });
    const records = await stack.recorded(2);
    expect(records.find((record) => record.status === 499)?.usage.outputTokens).toBeGreaterThan(0);
    expect(records.find((record) => record.status === 200)).toMatchObject({
      cacheOutcome: 'hit',
      costUsd: 0,
    });
    const third = await ask('Leave me', '', { stream: true });
    expect(third.headers.get('x-pare-cache')).toBe('hit');
    await third.text();
  });

  it('end the upstream call when all callers leave (INV-S2)', async () => {
    const callers = Array.from({ length: 5 }, () => leavable('All leave', 'delay=20', { stream: true }));
    await until(() => (stack.provider.requests[0]?.bytesSent ?? 0) > 300, 'the stream to begin');
    for (const caller of callers.slice(1)) caller.leave();
    await sleep(40);
    expect(stack.provider.counters.aborted).toBe(0);
    callers[0]?.leave();
    await until(() => stack.provider.counters.aborted === 1, 'the provider to see the abort');
    const records = await stack.recorded(5);
    expect(records.map((record) => record.status)).toEqual([499, 499, 499, 499, 499]);
    expect(records.filter((record) => record.usage.inputTokens > 0)).toHaveLength(1);
    const next = await ask('All leave', '');
    expect(next.headers.get('x-pare-cache')).toBe('miss');
  });

  it('share the error of the provider, which is not kept', async () => {
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => ask('Fail together', 'latency=100;status=503;retry-after=4')),
    );
    expect(stack.provider.counters.requests).toBe(1);
    for (const answer of answers) {
      expect(answer.status).toBe(503);
      expect(answer.headers.get('retry-after')).toBe('4');
      expect(await answer.json()).toMatchObject({ error: { message: expect.stringContaining('503') } });
    }
    const records = await stack.recorded(8);
    expect(records.every((record) => record.costUsd === 0 && record.errorCode === 'upstream_status')).toBe(
      true,
    );
    expect((await ask('Fail together', '')).headers.get('x-pare-cache')).toBe('miss');
  });

  it('share a connection that breaks', async () => {
    const answers = await Promise.all(Array.from({ length: 4 }, () => ask('Drop together', 'drop')));
    expect(stack.provider.counters.requests).toBe(1);
    for (const answer of answers) {
      expect(answer.status).toBe(502);
      expect(await answer.json()).toMatchObject({ error: { code: 'upstream_closed' } });
    }
  });

  it('are not shared across tenants, nor between stream and JSON, nor by callers who want a new answer', async () => {
    const send = (headers: Readonly<Record<string, string>>, more = {}) =>
      postChat(stack.url, chatBody('Apart', more), { 'x-simulate': 'latency=120', ...headers }).then(
        (response) => response.text(),
      );
    await Promise.all([
      send({}),
      send({}, { stream: true }),
      send({ authorization: 'Bearer somebody-else' }),
      send({ 'x-pare-cache': 'refresh' }),
      send({ 'x-pare-cache': 'off' }),
      send({ 'cache-control': 'no-store' }),
    ]);
    expect(stack.provider.counters.requests).toBe(6);
  });

  it('are answered while the first caller reads nothing, and though that one leaves', async () => {
    const event = `data: ${JSON.stringify({ id: 'c', choices: [{ index: 0, delta: { content: 'x'.repeat(256 * 1024) } }] })}\n\n`;
    const events = 60;
    let begun = 0;
    await using upstream = await startUpstreamServer((_request, response) => {
      void (async () => {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        for (begun = 0; begun < events; begun++) {
          if (!response.write(event)) await new Promise((resolve) => response.once('drain', resolve));
        }
        response.end('data: [DONE]\n\n');
      })();
    });
    await using gateway = await startStack({ config: { 'upstreams.openai.url': upstream.url } });
    const ask = (signal?: AbortSignal) =>
      fetch(`${gateway.url}/v1/chat/completions`, {
        method: 'POST',
        headers: { authorization: 'Bearer k' },
        body: chatBody('Two paces', { stream: true }),
        ...(signal === undefined ? {} : { signal }),
      });
    const abort = new AbortController();
    // Kept in sight: a response that nobody refers to would be cancelled.
    const slow = await ask(abort.signal);
    for (let seen = -1; seen !== begun; await sleep(150)) seen = begun;
    expect(begun).toBeLessThan(events);
    const fast = await ask();
    const arrived = fast.text();
    await sleep(20);
    abort.abort();
    expect(slow.status).toBe(200);
    expect((await arrived).length).toBe(event.length * events + 'data: [DONE]\n\n'.length);
    expect(upstream.received).toHaveLength(1);
  });
});
