import { getEventListeners } from 'node:events';
import { rmSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { condenseLog, createPare, isPareError, type Pare, type UpstreamFunction } from '../src/index.ts';
import { createSimulatedProvider } from '../src/testing/index.ts';
import { sleep, temporaryDir, until } from './support/gateway.ts';

let dataDir: string;
const open: Pare[] = [];

beforeEach(() => {
  dataDir = temporaryDir();
});
afterEach(async () => {
  for (const pare of open.splice(0)) await pare.close();
  rmSync(dataDir, { recursive: true, force: true });
});

async function start(options: Parameters<typeof createPare>[0]): Promise<Pare> {
  const pare = await createPare({ dataDir, onEvent: () => undefined, ...options });
  open.push(pare);
  return pare;
}

const question = (content: string) => ({
  model: 'gpt-4o',
  messages: [{ role: 'user' as const, content }],
});
const completion = (content: string) => ({
  id: 'chatcmpl-1',
  object: 'chat.completion',
  created: 1,
  model: 'gpt-4o',
  choices: [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 9, completion_tokens: 3, total_tokens: 12 },
});
const contentOf = (body: unknown) =>
  (body as { messages: readonly { content: string }[] }).messages.at(-1)?.content ?? '';
const echo: UpstreamFunction = ({ body }) => Promise.resolve(completion(`echo ${contentOf(body)}`));

async function textOf(stream: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

describe('chat over a function', () => {
  it('answers with usage, cost and outcome; the same again comes from the cache', async () => {
    let calls = 0;
    const pare = await start({
      upstream: (request) => {
        calls++;
        return echo(request);
      },
    });
    const first = await pare.chat(question('hi'));
    const second = await pare.chat(question('hi'));
    expect(first).toMatchObject({
      response: completion('echo hi'),
      usage: { inputTokens: 9, outputTokens: 3 },
      usageBasis: 'reported',
      outcome: 'miss',
      stages: ['exact-cache=miss', expect.stringMatching(/^semantic-cache=/), 'tool-selection=nothing_to_do'],
    });
    expect(first.costUsd).toBeGreaterThan(0);
    expect(second).toMatchObject({ response: completion('echo hi'), outcome: 'hit', costUsd: 0 });
    expect(second.measurements).toMatchObject([{ stage: 'exact-cache', tokensBefore: 12, tokensAfter: 0 }]);
    expect(calls).toBe(1);
    expect((await pare.chat(question('hi'), { cache: false })).outcome).toBe('bypassed');
    expect((await pare.chat(question('hi'), { cache: 'refresh' })).outcome).toBe('bypassed');
    expect((await pare.chat(question('hi'), { tenant: 'other' })).outcome).toBe('miss');
    expect(calls).toBe(4);
  });

  it('estimates usage when the function reports none, and says so', async () => {
    const { usage: _usage, ...bare } = completion('four words are here');
    const pare = await start({ upstream: () => Promise.resolve(bare) });
    const { usage, usageBasis } = await pare.chat(question('hi'));
    expect(usageBasis).toBe('exact');
    expect(usage.inputTokens).toBeGreaterThan(3);
    expect(usage.outputTokens).toBe(4);
  });

  it('takes a Response, also one whose encoding fetch has undone already', async () => {
    const pare = await start({
      upstream: () =>
        Promise.resolve(
          new Response(JSON.stringify(completion('from a Response')), {
            headers: {
              'content-type': 'application/json',
              'content-encoding': 'gzip',
              'content-length': '5',
            },
          }),
        ),
    });
    const { usageBasis, usage } = await pare.chat(question('hi'));
    expect([usageBasis, usage.outputTokens]).toEqual(['reported', 3]);
    expect((await pare.chat(question('hi'))).outcome).toBe('hit');
  });

  it('streams the chunks of the function, and the stored answer again', async () => {
    const events = [
      `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', model: 'gpt-4o', choices: [{ index: 0, delta: { role: 'assistant', content: 'Grüße' }, finish_reason: null }] })}\n\n`,
      `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', model: 'gpt-4o', choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] })}\n\n`,
      'data: [DONE]\n\n',
    ];
    let calls = 0;
    const pare = await start({
      upstream: () => {
        calls++;
        return Promise.resolve(
          (async function* () {
            yield* events;
          })(),
        );
      },
    });
    expect(await textOf(pare.stream(question('stream')))).toBe(events.join(''));
    const again = await textOf(pare.stream(question('stream')));
    expect(again).toContain('Grüße');
    expect(again.endsWith('data: [DONE]\n\n')).toBe(true);
    expect(calls).toBe(1);
  });

  it('passes the error of the function on, and stores nothing', async () => {
    let fails = true;
    const pare = await start({
      upstream: (request) => (fails ? Promise.reject(new Error('model is down')) : echo(request)),
    });
    await expect(pare.chat(question('hi'))).rejects.toThrow('model is down');
    await expect(textOf(pare.stream(question('hi')))).rejects.toThrow('model is down');
    fails = false;
    expect((await pare.chat(question('hi'))).outcome).toBe('miss');
  });

  it('stops on abort, and tells the function (INV-S2)', async () => {
    let seen: AbortSignal | undefined;
    const pare = await start({
      upstream: ({ signal }) => {
        seen = signal;
        return new Promise(() => undefined);
      },
    });
    const abort = new AbortController();
    const asked = pare.chat(question('hi'), { signal: abort.signal });
    await until(() => seen !== undefined, 'the call');
    abort.abort();
    await expect(asked).rejects.toSatisfy((error) => isPareError(error, 'aborted'));
    expect(seen?.aborted).toBe(true);
    await expect(pare.chat(question('hi'), { signal: abort.signal })).rejects.toSatisfy((error) =>
      isPareError(error, 'aborted'),
    );
  });

  it('serves no answer to other headers (INV-C1)', async () => {
    const pare = await start({ upstream: echo });
    const ask = async (headers?: Record<string, string>) =>
      (await pare.chat(question('headers'), headers === undefined ? {} : { headers })).outcome;
    const beta = { 'openai-beta': 'x=1' };
    expect([await ask(), await ask(beta), await ask({ authorization: 'Bearer b' })]).toEqual([
      'miss',
      'miss',
      'miss',
    ]);
    expect([await ask(), await ask(beta)]).toEqual(['hit', 'hit']);
  });

  it('leaves nothing behind on a signal that outlives its requests (INV-S4)', async () => {
    const pare = await start({ upstream: echo });
    const { signal } = new AbortController();
    for (let i = 0; i < 5; i++) await pare.chat(question('long-lived'), { signal });
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  it('stops when the reader of a stream stops', async () => {
    let seen: AbortSignal | undefined;
    const pare = await start({
      upstream: ({ signal }) => {
        seen = signal;
        return Promise.resolve(
          (async function* () {
            for (;;) {
              yield 'data: {"id":"c","choices":[{"index":0,"delta":{"content":"x"}}]}\n\n';
              await sleep(1);
            }
          })(),
        );
      },
    });
    for await (const chunk of pare.stream(question('endless'))) {
      expect(chunk.length).toBeGreaterThan(0);
      break;
    }
    expect(seen?.aborted).toBe(true);
  });

  it('refuses wrong requests with stable codes', async () => {
    const pare = await start({ upstream: echo });
    await expect(pare.chat({ model: 'gpt-4o' })).rejects.toMatchObject({ code: 'invalid_messages' });
    await expect(pare.chat({ ...question('x'), stream: true })).rejects.toMatchObject({
      code: 'stream_not_here',
    });
    await expect(pare.chat(question('x'), { cache: 'only-if-cached' })).rejects.toMatchObject({
      code: 'not_cached',
    });
  });
});

describe('chat over HTTP', () => {
  it.each([
    ['openai-chat', question('over http')],
    ['openai-responses', { model: 'gpt-4o', input: 'over http' }],
    ['anthropic-messages', { ...question('over http'), model: 'claude-sonnet-4-6', max_tokens: 100 }],
  ] as const)('asks the provider of %s with the key of the configuration', async (wire, params) => {
    await using provider = await createSimulatedProvider({ access: { keys: ['secret'] } });
    const target = { url: provider.url, apiKey: 'secret' };
    const pare = await start({ upstream: { openai: target, anthropic: target } });
    const first = await pare.chat(params, { wire });
    expect(JSON.stringify(first.response)).toContain('over http');
    expect(first.usageBasis).toBe('reported');
    const streamed = await textOf(pare.stream(params, { wire }));
    expect(streamed).toContain('over');
    expect(provider.counters.requests).toBe(1);
  });

  it('raises what the provider answered, status and body, plain and streamed', async () => {
    await using provider = await createSimulatedProvider({ access: { keys: ['secret'] } });
    const pare = await start({ upstream: { openai: { url: provider.url, apiKey: 'wrong' } } });
    const wanted = { code: 'upstream_status', status: 401, body: { error: { code: 'invalid_api_key' } } };
    await expect(pare.chat(question('x'))).rejects.toMatchObject(wanted);
    await expect(textOf(pare.stream(question('x')))).rejects.toMatchObject(wanted);
  });
});

describe('batch', () => {
  const requests = Array.from({ length: 20 }, (_, i) => question(`number ${i}`));

  it('keeps order and bound, tells progress, and one failure sinks no other', async () => {
    let running = 0;
    let most = 0;
    const pare = await start({
      upstream: async (request) => {
        most = Math.max(most, ++running);
        await sleep(Math.random() * 8);
        running--;
        if (contentOf(request.body) === 'number 7') throw new Error('seven is unlucky');
        return echo(request);
      },
    });
    const progress: { done: number; failed: number; total: number }[] = [];
    const outcomes = await pare.batch(requests, { concurrency: 4, onProgress: (at) => progress.push(at) });
    expect(most).toBe(4);
    expect(outcomes.map((outcome) => outcome.ok)).toEqual(requests.map((_, i) => i !== 7));
    expect(outcomes.map((outcome) => (outcome.ok ? outcome.result.response : outcome.error.message))).toEqual(
      requests.map((_, i) => (i === 7 ? 'seven is unlucky' : completion(`echo number ${i}`))),
    );
    expect(progress.map((at) => at.done)).toEqual(requests.map((_, i) => i + 1));
    expect(progress.at(-1)).toEqual({ done: 20, failed: 1, total: 20 });
  });

  it('stops on abort: what ended is kept, the rest says that it was aborted', async () => {
    const abort = new AbortController();
    let calls = 0;
    const pare = await start({
      upstream: async (request) => {
        if (++calls === 5) abort.abort();
        await sleep(1);
        return echo(request);
      },
    });
    const outcomes = await pare.batch(requests, { concurrency: 1, signal: abort.signal });
    expect(outcomes.filter((outcome) => outcome.ok)).toHaveLength(4);
    expect(outcomes.filter((outcome) => !outcome.ok && isPareError(outcome.error, 'aborted'))).toHaveLength(
      16,
    );
    expect(calls).toBe(5);
  });

  it('refuses a bound below one', async () => {
    const pare = await start({ upstream: echo });
    await expect(pare.batch(requests, { concurrency: 0 })).rejects.toMatchObject({
      code: 'invalid_concurrency',
    });
    expect(await pare.batch([])).toEqual([]);
  });

  it('makes one call for equal requests at the same time (INV-C11)', async () => {
    let calls = 0;
    const pare = await start({
      upstream: async (request) => {
        calls++;
        await sleep(20);
        return echo(request);
      },
    });
    const outcomes = await pare.batch(Array.from({ length: 8 }, () => question('same')));
    expect(outcomes.every((outcome) => outcome.ok)).toBe(true);
    expect(calls).toBe(1);
  });
});

describe('the other faces', () => {
  it('cache: get, set, stats, export, import, clear', async () => {
    const pare = await start({ upstream: echo });
    await pare.chat(question('kept'));
    const found = await pare.cache.get({ model: 'gpt-4o', messages: question('kept').messages });
    expect(found?.response.text).toBe('echo kept');
    expect(await pare.cache.stats()).toMatchObject({ totalEntries: 1 });
    const lines: string[] = [];
    for await (const line of pare.cache.export()) lines.push(line);
    expect(await pare.cache.clear()).toBe(1);
    expect(await pare.cache.import(lines)).toMatchObject({ imported: 1 });
    expect((await pare.chat(question('kept'))).outcome).toBe('hit');
  });

  it('ledger: report and rankings of what was asked', async () => {
    const pare = await start({ upstream: echo });
    await pare.chat(question('one'), { tags: { team: 'a' }, session: 's' });
    await pare.chat(question('one'));
    await pare.core.ledger.flush();
    const report = await pare.ledger.report({ hours: 1 });
    expect(report.metrics.total_requests).toBe(2);
    expect(report.savings.net_tokens).toBe(12);
    const { efficiency_rankings } = await pare.ledger.rankings({ hours: 1 });
    expect(efficiency_rankings).toMatchObject([{ model: 'gpt-4o', requests: 1 }]);
  });

  it('tokens: count and fit', async () => {
    const pare = await start({ upstream: echo });
    expect(pare.tokens.count('hello world')).toMatchObject({ tokens: 2, basis: 'exact' });
    expect(pare.tokens.count('hello world', 'claude-sonnet-4-6').basis).not.toBe('exact');
    const fitted = pare.tokens.fit('A sentence that is repeated. '.repeat(200), { maxTokens: 40 });
    expect(pare.tokens.count(fitted.text).tokens).toBeLessThanOrEqual(40);
  });
});

describe('closing', () => {
  it('flushes what waits: a new Pare over the same folder knows it', async () => {
    const first = await start({ upstream: echo });
    await first.chat(question('flush me'));
    await first.close();
    await first.close();
    const second = await start({ upstream: echo });
    expect((await second.chat(question('flush me'))).outcome).toBe('hit');
    await second.core.ledger.flush();
    expect((await second.ledger.report({ hours: 1 })).metrics.total_requests).toBe(2);
  });

  it('happens by itself at the end of a block', async () => {
    let kept: Pare | undefined;
    {
      await using pare = await createPare({ dataDir, upstream: echo });
      kept = pare;
      await pare.chat(question('scoped'));
    }
    await expect(kept.cache.stats()).rejects.toSatisfy((error) => isPareError(error));
  });
});

describe('condenseLog', () => {
  const log = [
    ...Array.from({ length: 3_000 }, (_, i) => `ok ${i} - case ${i} passed`),
    'not ok 3000 - adds numbers',
    '  AssertionError: expected 4 to equal 5',
    '# tests 3001',
    '# fail 1',
    'npm ERR! Exit status 1',
  ].join('\n');
  const input = { bytes: Buffer.from(log) };

  it('gives the failure of a log within the budget (INV-L1, L2)', async () => {
    const report = await condenseLog(input, { limits: { tokenBudget: 300 } });
    expect(report.output.tokens).toBeLessThanOrEqual(300);
    expect(report.text).toContain('AssertionError: expected 4 to equal 5');
    expect(report.text).toContain('Exit status 1');
    expect(report.input.lines).toBe(3_005);
  });

  it('gives the same as pare.logs.condense', async () => {
    const pare = await start({});
    const { text } = await pare.logs.condense(input, { limits: { tokenBudget: 300 } });
    expect(text).toBe((await condenseLog(input, { limits: { tokenBudget: 300 } })).text);
  });

  it('stops with its signal, and says what is wrong with its input', async () => {
    await expect(condenseLog(input, { signal: AbortSignal.abort() })).rejects.toSatisfy((error) =>
      isPareError(error, 'aborted'),
    );
    await expect(condenseLog({ path: dataDir })).rejects.toSatisfy((error) =>
      isPareError(error, 'log_is_directory'),
    );
  });
});
