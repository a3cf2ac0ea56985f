import type { IncomingMessage } from 'node:http';
import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import type { JsonValue, StateStore, UsageRecord } from '../contract/index.ts';
import { ConfigError, InputError, LimitError, NO_USAGE, PareError } from '../contract/index.ts';
import { createEventLog, createOriginGuard, isLoopback } from '../support/index.ts';
import { codecFor } from '../wire/index.ts';
import { renderError, toWireError } from './error-mapping.ts';
import { forwardableHeaders, returnableHeaders } from './headers.ts';
import { createIssuedKeys } from './issued-keys.ts';
import { createMetrics } from './metrics.ts';
import { readBody } from './read-body.ts';
import { readWishes } from './request-scope.ts';

describe('forwarded headers', () => {
  it('lose what concerns the connection, the page or Pare', () => {
    const raw =
      'Host,h,Connection,keep-alive,Content-Length,2,Cookie,c,Origin,o,Referer,r,X-Pare-Tags,a=b,Sec-Fetch-Mode,cors,Expect,100-continue,TE,trailers,Authorization,Bearer k,Accept,a';
    expect(forwardableHeaders(raw.split(','))).toEqual({ authorization: 'Bearer k', accept: 'a' });
  });

  it('keep repeated values in order, under any name', () => {
    const raw = ['X-A', '1', 'x-a', '2', 'X-a', '3', 'constructor', 'c', '__proto__', 'p', 'valueOf', 'v'];
    const headers = forwardableHeaders(raw);
    expect(headers).toMatchObject({ 'x-a': ['1', '2', '3'], valueof: 'v' });
    expect(Object.hasOwn(headers, 'constructor') && headers['constructor']).toBe('c');
    expect(Object.getPrototypeOf(headers)).toBe(Object.prototype);
  });

  it('lose the names that the connection header lists', () => {
    expect(forwardableHeaders(['Connection', 'close, X-Hop', 'X-Hop', '1', 'X-Kept', '2'])).toEqual({
      'x-kept': '2',
    });
    expect(
      returnableHeaders(['X-Hop', '1', 'Connection', 'x-hop', 'Set-Cookie', 'a', 'Set-Cookie', 'b']),
    ).toEqual(['Set-Cookie', 'a', 'Set-Cookie', 'b']);
  });
});

describe('wishes of a caller', () => {
  it('are few by default', () => {
    expect(readWishes({})).toEqual({
      cache: { mode: 'default', noStore: false },
      session: null,
      tags: {},
      stages: {},
      answerHeaders: {},
    });
  });

  it.each([
    [{ 'cache-control': 'no-store' }, { mode: 'default', noStore: true }],
    [{ 'cache-control': 'No-Cache' }, { mode: 'refresh', noStore: false }],
    [
      { 'cache-control': 'only-if-cached, max-age=60' },
      { mode: 'only-if-cached', noStore: false, maxAgeSeconds: 60 },
    ],
    [{ 'cache-control': 'max-age=0' }, { mode: 'default', noStore: false, maxAgeSeconds: 0 }],
    [{ 'cache-control': 'max-age=-1' }, { mode: 'default', noStore: false }],
    [{ 'x-pare-cache': ' ON ' }, { mode: 'on', noStore: false }],
    [
      { 'x-pare-cache': 'on', 'cache-control': 'no-cache' },
      { mode: 'refresh', noStore: false },
    ],
    [{ 'x-pare-cache': 'off' }, { mode: 'off', noStore: false }],
    [{ 'x-pare-cache': 'refresh' }, { mode: 'refresh', noStore: false }],
  ])('%j asks the cache for %j', (headers, wish) => {
    expect(readWishes(headers).cache).toEqual(wish);
  });

  it('name tags, a session, stages and the headers that change answers', () => {
    const wishes = readWishes({
      'x-pare-tags': 'team=a, feature=b=c,',
      'x-pare-session': 's-1',
      'x-pare-stages': 'context=off, exact-cache=shadow',
      'anthropic-beta': 'x-1',
      'openai-project': 'p',
    });
    expect(wishes).toMatchObject({
      session: 's-1',
      tags: { team: 'a', feature: 'b=c' },
      stages: { context: 'off', 'exact-cache': 'shadow' },
      answerHeaders: { 'anthropic-beta': 'x-1', 'openai-project': 'p' },
    });
  });

  it.each<[Record<string, string>, RegExp]>([
    [{ 'x-pare-cache': 'maybe' }, /"maybe".*on, off, refresh/],
    [{ 'x-pare-tags': '__proto__=1' }, /x-pare-tags/],
    [{ 'x-pare-tags': `a=${'x'.repeat(200)}` }, /128 characters/],
    [{ 'x-pare-stages': 'exact-cahce=off' }, /"exact-cache" perhaps/],
    [{ 'x-pare-stages': 'context' }, /NAME=off/],
    [{ 'x-pare-session': 'x'.repeat(257) }, /at most 256/],
  ])('that make no sense (%j) are refused', (headers, message) => {
    expect(() => readWishes(headers)).toThrow(message);
    expect(() => readWishes(headers)).toThrow(InputError);
  });
});

describe('the origin guard (INV-E1)', () => {
  const check = (host: string, headers: Record<string, string>, more = {}) =>
    createOriginGuard({ host, allowedOrigins: [], allowedHosts: [], ...more })({ headers } as IncomingMessage)
      ?.code;

  it('lets local callers and own pages pass on loopback', () => {
    for (const host of [
      'localhost',
      'localhost:7273',
      '127.0.0.1:80',
      '127.9.9.9',
      '[::1]:7273',
      'LocalHost',
    ]) {
      expect([host, check('127.0.0.1', { host })]).toEqual([host, undefined]);
    }
    expect(check('127.0.0.1', { host: 'localhost:7273', origin: 'http://localhost:7273' })).toBeUndefined();
  });

  it('refuses other names on loopback, so that no page can rebind its own', () => {
    for (const host of [
      '',
      'evil.example',
      '127.0.0.1.evil.example',
      'localhost.evil.example:7273',
      '10.0.0.1',
      '[::2]',
    ]) {
      expect([host, check('127.0.0.1', { host })]).toEqual([host, 'forbidden_host']);
    }
    expect(check('127.0.0.1', { host: 'pare.local:1' }, { allowedHosts: ['PARE.local'] })).toBeUndefined();
  });

  it('refuses foreign origins everywhere', () => {
    for (const origin of ['https://evil.example', 'null', 'http://localhost:3000', 'http://localhost']) {
      expect([origin, check('127.0.0.1', { host: 'localhost:7273', origin })]).toEqual([
        origin,
        'forbidden_origin',
      ]);
      expect(check('0.0.0.0', { host: 'pare.example', origin })).toBe('forbidden_origin');
    }
    const allowed = { allowedOrigins: ['http://localhost:3000/'] };
    expect(
      check('127.0.0.1', { host: 'localhost', origin: 'http://LOCALHOST:3000' }, allowed),
    ).toBeUndefined();
  });

  it('knows which addresses only this machine reaches', () => {
    expect(['127.0.0.1', '127.1.2.3', '::1', 'localhost'].map(isLoopback)).toEqual([true, true, true, true]);
    expect(['0.0.0.0', '::', '192.168.0.1', '127.example', 'localhost.example'].map(isLoopback)).toEqual([
      false,
      false,
      false,
      false,
      false,
    ]);
  });
});

describe('reading a body', () => {
  const read = (chunks: readonly string[], maxBytes: number, headers: Record<string, string> = {}) => {
    const stream = new PassThrough();
    const request = Object.assign(stream, { headers }) as unknown as IncomingMessage;
    const done = Promise.withResolvers<{ error: Error | undefined; text: string; calls: number }>();
    let calls = 0;
    readBody(request, maxBytes, (error, body) => {
      calls++;
      setTimeout(() => done.resolve({ error, text: body.toString(), calls }), 20);
    });
    for (const chunk of chunks) stream.write(chunk);
    return { stream, done: done.promise };
  };

  it('takes exactly as many bytes as are allowed', async () => {
    const { stream, done } = read(['ab', 'cd'], 4);
    stream.end();
    expect(await done).toEqual({ error: undefined, text: 'abcd', calls: 1 });
  });

  it('refuses one byte more, declared or not, after reading the rest', async () => {
    for (const headers of [{}, { 'content-length': '5' }]) {
      const { stream, done } = read(['abc', 'de'], 4, headers);
      stream.end('rest');
      const { error, calls } = await done;
      expect(error).toBeInstanceOf(LimitError);
      expect(error).toMatchObject({ code: 'body_too_large' });
      expect(calls).toBe(1);
    }
  });

  it('tells when the caller left in the middle, once', async () => {
    const { stream, done } = read(['ab'], 100);
    stream.destroy();
    expect(await done).toMatchObject({ error: { code: 'aborted' }, calls: 1 });
  });
});

describe('errors on the wire', () => {
  it('have a status by code, 400 for wrong input and 500 for our own', () => {
    expect(toWireError(new LimitError('body_too_large', 'm')).status).toBe(413);
    expect(toWireError(new InputError('anything', 'm')).status).toBe(400);
    expect(toWireError(new ConfigError('anything', 'm')).status).toBe(500);
    expect(toWireError(new PareError('invalid_key', 'm')).status).toBe(401);
  });

  it('say nothing of an error that is not ours (INV-E3)', () => {
    const shown = toWireError(new TypeError('cannot read sk-secret of undefined'));
    expect(shown).toMatchObject({ status: 500, code: 'internal_error' });
    expect(shown.message).not.toContain('sk-secret');
  });

  it('take the shape of the caller', () => {
    const text = (wire?: Parameters<typeof codecFor>[0]) =>
      JSON.parse(
        Buffer.from(renderError({ status: 400, code: 'c', message: 'm' }, wire && codecFor(wire))).toString(),
      );
    expect(text()).toEqual({ error: { code: 'c', message: 'm' } });
    expect(text('openai-chat')).toMatchObject({
      error: { code: 'c', message: 'm', type: 'invalid_request_error' },
    });
    expect(text('anthropic-messages')).toMatchObject({ type: 'error', error: { code: 'c', message: 'm' } });
  });
});

function memoryState(): StateStore & { readonly rows: Map<string, JsonValue> } {
  const rows = new Map<string, JsonValue>();
  return {
    rows,
    get: (collection, id) => rows.get(`${collection}/${id}`),
    put: (collection, id, value) => void rows.set(`${collection}/${id}`, value),
    delete: (collection, id) => rows.delete(`${collection}/${id}`),
    list: (collection) =>
      [...rows].map(([name, value]) => ({ id: name.slice(collection.length + 1), value })),
    close: () => undefined,
  };
}

describe('issued keys', () => {
  it('are stored hashed, verify, and can be revoked (INV-E3)', async () => {
    const state = memoryState();
    let now = 0;
    const keys = createIssuedKeys(state, () => now);
    const { key, issued } = await keys.create({ name: 'team-a', role: 'admin' });
    expect(key).toMatch(/^pare_[\w-]{32}$/);
    expect(JSON.stringify([...state.rows])).not.toContain(key);
    expect(await keys.verify(key)).toEqual(issued);
    expect(await keys.verify(`${key}x`)).toBeUndefined();
    const elsewhere = createIssuedKeys(state, () => now);
    expect((await elsewhere.verify(key))?.tenant).toBe('team-a');
    expect(await keys.revoke('team-a')).toBe(true);
    expect(await keys.verify(key)).toBeUndefined();
    now += 5_001;
    expect(await elsewhere.verify(key)).toBeUndefined();
    expect(await keys.revoke('team-a')).toBe(false);
  });

  it('take careful names only, and are revoked by no accident', async () => {
    const keys = createIssuedKeys(memoryState());
    await expect(keys.create({ name: 'a b' })).rejects.toMatchObject({ code: 'invalid_key_name' });
    await keys.create({ name: 'one' });
    await keys.create({ name: 'two' });
    const [first] = await keys.list();
    for (const vague of ['', 'on', (first?.id ?? '').slice(0, 4)])
      expect(await keys.revoke(vague)).toBe(false);
    expect(await keys.list()).toHaveLength(2);
    expect(await keys.revoke((first?.id ?? '').slice(0, 12))).toBe(true);
    expect(await keys.list()).toHaveLength(1);
  });
});

describe('metrics', () => {
  const record = (more: Partial<UsageRecord> = {}): UsageRecord => ({
    id: 'r',
    time: 0,
    tenant: 'secret-tenant',
    session: null,
    wire: 'openai-chat',
    provider: 'openai',
    model: 'gpt-4o',
    isStream: false,
    status: 200,
    errorCode: null,
    cacheOutcome: 'miss',
    usage: { ...NO_USAGE, inputTokens: 10, outputTokens: 5 },
    usageBasis: 'reported',
    costUsd: 0.5,
    netTokens: 0,
    netCostUsd: 0,
    latencyMs: 1500,
    firstTokenMs: null,
    tags: {},
    measurements: [],
    ...more,
  });

  it('sum records by wire, model, outcome and status', async () => {
    const events = createEventLog();
    const metrics = createMetrics(events);
    metrics.observe(record());
    metrics.observe(record());
    metrics.observe(record({ costUsd: null, status: 500 }));
    metrics.countError('invalid_json');
    events.emit({ level: 'warn', code: 'stage_deadline', message: 'm' });
    const text = await metrics.render();
    const labels = 'wire="openai-chat",model="gpt-4o",outcome="miss"';
    expect(text).toContain(`pare_requests_total{${labels},status="200"} 2`);
    expect(text).toContain(`pare_cost_usd_total{${labels},status="200"} 1`);
    expect(text).toContain(`pare_unknown_cost_requests_total{${labels},status="500"} 1`);
    expect(text).toContain(`pare_request_duration_seconds_total{${labels},status="200"} 3`);
    expect(text).toContain('pare_errors_total{code="invalid_json"} 1');
    expect(text).toContain('pare_events_total{code="stage_deadline",level="warn"} 1');
    expect(text).not.toContain('secret-tenant');
  });

  it('tell how tool selection fares (INV-T4), and nothing where it is off', async () => {
    const status = { selections: 40, misses: 1, recall: 0.975, ci95: [0.87, 0.99], minRecall: 0.95 } as const;
    const metrics = createMetrics(createEventLog(), {
      toolSelection: { recall: () => ({ ...status, isBreached: true }), noneNeeded: () => 7 },
    });
    const text = await metrics.render();
    for (const line of [
      'selections 40',
      'selection_misses 1',
      'selection_recall 0.975',
      'selection_breached 1',
      'selection_none_needed_total 7',
    ])
      expect(text).toContain(`\npare_tool_${line}\n`);
    expect(await createMetrics(createEventLog()).render()).not.toMatch(/^pare_tool_selection_recall /m);
  });

  it('count what the semantic cache decided, and nothing where it was not asked', async () => {
    const metrics = createMetrics(createEventLog());
    metrics.observe(record());
    expect(await metrics.render()).not.toContain('pare_semantic_decisions_total{');
    metrics.observe(record({ semanticReason: 'gate_negation' }));
    metrics.observe(record({ semanticReason: 'would_hit' }));
    metrics.observe(record({ semanticReason: 'gate_negation', model: 'other' }));
    const text = await metrics.render();
    expect(text).toContain('# TYPE pare_semantic_decisions_total counter');
    expect(text).toContain('pare_semantic_decisions_total{decision="gate_negation"} 2');
    expect(text).toContain('pare_semantic_decisions_total{decision="would_hit"} 1');
  });

  it('stay bounded whatever models are asked for (INV-S4)', async () => {
    const metrics = createMetrics(createEventLog());
    for (let i = 0; i < 5_000; i++) metrics.observe(record({ model: `model-${i}` }));
    metrics.observe(record({ model: 'm'.repeat(100_000) }));
    const text = await metrics.render();
    expect(text.length).toBeLessThan(4_000_000);
    expect(text).toContain('model="(other)"');
    const total = [...text.matchAll(/^pare_requests_total\{.*\} (\d+)$/gm)].reduce(
      (sum, [, n]) => sum + Number(n),
      0,
    );
    expect(total).toBe(5_001);
  });

  it('cut long model names, which come from requests (INV-S4)', async () => {
    const metrics = createMetrics(createEventLog());
    metrics.observe(record({ model: 'm'.repeat(100_000) }));
    expect((await metrics.render()).length).toBeLessThan(20_000);
  });
});
