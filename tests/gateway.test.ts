import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createIssuedKeys, startGateway } from '../src/gateway/index.ts';
import { createCore } from '../src/optimizer/index.ts';
import {
  chatBody,
  postChat,
  type Stack,
  sleep,
  startStack,
  temporaryDir,
  testConfig,
  until,
} from './support/gateway.ts';

let stack: Stack;

beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.close());

const get = async (path: string) => {
  const answer = await fetch(stack.url + path);
  return { status: answer.status, headers: answer.headers, text: await answer.text() };
};

describe('the figures of a gateway', () => {
  it('count chats and passed-through calls alike in metrics, ledger and page', async () => {
    await postChat(stack.url, chatBody('Count me')).then((answer) => answer.text());
    await postChat(stack.url, chatBody('Count me')).then((answer) => answer.text());
    await fetch(`${stack.url}/v1/embeddings`, {
      method: 'POST',
      headers: { authorization: 'Bearer k', 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'text-embedding-3-small', input: 'A kite' }),
    }).then((answer) => answer.text());
    await stack.recorded(3);
    await stack.core.ledger.flush();
    const metrics = await get('/metrics');
    expect(metrics.text).toMatch(/pare_requests_total\{.*model="gpt-4o",outcome="hit",status="200"\} 1/);
    expect(metrics.text).toMatch(/pare_requests_total\{wire="none",model="text-embedding-3-small".*\} 1/);
    const report = JSON.parse((await get('/api/report?hours=1')).text) as {
      metrics: { total_requests: number; total_cost: number };
      cache: { total_hits: number; total_entries: number };
      savings: { net_tokens: number };
    };
    expect(report.metrics.total_requests).toBe(3);
    expect(report.metrics.total_cost).toBeGreaterThan(0);
    expect(report.cache).toMatchObject({ total_hits: 1, total_entries: 1 });
    expect(report.savings.net_tokens).toBeGreaterThan(0);
    const page = await get('/');
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(page.text).toContain('/v1/chat/completions');
  });

  it('describe every path of the API', async () => {
    const { paths } = JSON.parse((await get('/api/openapi.json')).text) as { paths: Record<string, object> };
    for (const path of ['/api/stats', '/api/report', '/api/rankings', '/api/models', '/api/events']) {
      expect(paths).toHaveProperty([path]);
      expect([path, (await get(path)).status]).toEqual([path, 200]);
    }
    expect(JSON.parse((await get('/readyz')).text)).toEqual({ status: 'ready', reasons: [] });
    expect(JSON.parse((await get('/healthz')).text)).toEqual({ status: 'ok' });
  });

  it('show by a dry run what would be sent, and call nobody', async () => {
    const calls = stack.provider.counters.requests;
    const answer = await fetch(`${stack.url}/api/optimize`, { method: 'POST', body: chatBody('Dry run') });
    expect(await answer.json()).toMatchObject({
      wire: 'openai-chat',
      model: 'gpt-4o',
      tokens_before: expect.any(Number),
      basis: 'exact',
      answered_by: null,
      stages: ['exact-cache=miss', 'semantic-cache=no_candidate', 'tool-selection=nothing_to_do'],
      lint: [],
      request: JSON.parse(chatBody('Dry run')) as object,
    });
    const wrong = await fetch(`${stack.url}/api/optimize?wire=odd`, { method: 'POST', body: chatBody('x') });
    expect(await wrong.json()).toMatchObject({ error: { code: 'invalid_wire' } });
    expect(stack.provider.counters.requests).toBe(calls);
  });

  it('stand in the headers of the answer', async () => {
    const { headers } = await postChat(stack.url, chatBody('What do you count?'));
    expect(Number(headers.get('x-pare-tokens-before'))).toBeGreaterThan(5);
    expect(headers.get('x-pare-tokens-after')).toBe(headers.get('x-pare-tokens-before'));
    expect(headers.get('x-pare-stages')).toMatch(
      /^exact-cache=miss,semantic-cache=\w+,tool-selection=nothing_to_do$/,
    );
    expect(headers.get('x-pare-request-id')).toMatch(/^[0-9a-z]{16,}$/);
  });

  it('carry session and tags into the ledger', async () => {
    const known = stack.records.length;
    await postChat(stack.url, chatBody('Tagged'), {
      'x-pare-tags': 'team=a,feature=search',
      'x-pare-session': 'session-1',
    }).then((answer) => answer.text());
    const records = await stack.recorded(known + 1);
    expect(records.at(-1)).toMatchObject({ session: 'session-1', tags: { team: 'a', feature: 'search' } });
  });
});

describe('tenants of issued keys on loopback', () => {
  it('share answers by tenant, and send their own provider key when they show it apart', async () => {
    const keys = createIssuedKeys(stack.core.state);
    const { key } = await keys.create({ name: 'apart', tenant: 'team' });
    const { key: other } = await keys.create({ name: 'second', tenant: 'team' });
    const ask = (shown: string, own: string) =>
      postChat(stack.url, chatBody('For the team'), { 'x-pare-key': shown, authorization: `Bearer ${own}` });
    expect((await ask(key, 'own-1')).headers.get('x-pare-cache')).toBe('miss');
    expect(stack.provider.requests.at(-1)?.headers).toMatchObject({ authorization: 'Bearer own-1' });
    expect(stack.provider.requests.at(-1)?.headers).not.toHaveProperty('x-pare-key');
    expect((await ask(other, 'own-2')).headers.get('x-pare-cache')).toBe('hit');
    expect((await ask('pare_unknown', 'own-1')).status).toBe(401);
  });
});

describe('stopping', () => {
  it('lets a running answer end, and records it', async () => {
    const last = await startStack();
    const answer = await postChat(last.url, chatBody('Until the end', { stream: true }), {
      'x-simulate': 'delay=15',
    });
    const text = answer.text();
    const started = Date.now();
    await last.gateway.close();
    expect((await text).endsWith('data: [DONE]\n\n')).toBe(true);
    expect(Date.now() - started).toBeLessThan(6_000);
    await until(() => last.records.length === 1, 'the record');
    expect(last.records[0]).toMatchObject({ status: 200 });
    await last.close();
  });

  it('does not wait for connections that do nothing', async () => {
    const idle = await startStack();
    await postChat(idle.url, chatBody('Then idle')).then((answer) => answer.text());
    const { hostname, port } = new URL(idle.url);
    const silent = connect(Number(port), hostname);
    await once(silent, 'connect');
    await sleep(20);
    const started = Date.now();
    await idle.close();
    silent.destroy();
    expect(Date.now() - started).toBeLessThan(3_000);
  });
});

describe('starting', () => {
  it('says which address is taken', async () => {
    const dataDir = temporaryDir();
    const port = Number(new URL(stack.url).port);
    const core = await createCore({ config: await testConfig(dataDir, { 'server.port': port }) });
    await expect(startGateway(core)).rejects.toMatchObject({ code: 'address_in_use' });
    await core.close();
    rmSync(dataDir, { recursive: true });
  });
});
