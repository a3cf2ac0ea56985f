import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createIssuedKeys, startGateway } from '../src/gateway/index.ts';
import { createCore } from '../src/optimizer/index.ts';
import {
  CALLER,
  chatBody,
  postChat,
  rawRequest,
  type Stack,
  sendRaw,
  sleep,
  startStack,
  temporaryDir,
  testConfig,
  until,
} from './support/gateway.ts';

const SECRET = 'sk-very-secret-key-0123456789';

let stack: Stack;

beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.close());

const PATHS = ['/v1/chat/completions', '/v1/responses', '/v1/messages'] as const;

/** The stable code of an error, where each wire has it. */
function codeOf(path: string, body: unknown): unknown {
  const { error, type } = body as {
    error: { code: unknown; message: unknown; type: unknown };
    type?: unknown;
  };
  expect(typeof error.message).toBe('string');
  expect(typeof error.type).toBe('string');
  expect(type).toBe(path === '/v1/messages' ? 'error' : undefined);
  return error.code;
}

async function post(path: string, body: string | Buffer, url = stack.url) {
  const answer = await fetch(url + path, {
    method: 'POST',
    headers: { ...CALLER, 'anthropic-version': '2023-06-01' },
    body,
  });
  expect(answer.headers.get('content-type')).toContain('application/json');
  expect(answer.headers.get('x-pare-request-id')).toMatch(/^[0-9a-z]+$/);
  return { status: answer.status, code: codeOf(path, await answer.json()) };
}

describe.each(PATHS)('on %s a body', (path) => {
  const inputOf = (content: unknown): object =>
    path === '/v1/responses' ? { input: content } : { messages: [{ role: 'user', content }], max_tokens: 9 };

  it.each<[string, string | Buffer, string]>([
    ['that is no JSON', '{"model":"gpt-4o",', 'invalid_json'],
    ['that is empty', '', 'invalid_json'],
    ['that is an array', '[1]', 'invalid_body'],
    ['that is null', 'null', 'invalid_body'],
    ['without a model', JSON.stringify(inputOf('x')), 'missing_model'],
    ['with an empty model', JSON.stringify({ model: '', ...inputOf('x') }), 'missing_model'],
    ['with a number as model', JSON.stringify({ model: 4, ...inputOf('x') }), 'invalid_field'],
    ['with stream as text', JSON.stringify({ model: 'm', stream: 'yes', ...inputOf('x') }), 'invalid_field'],
    ['with tools as text', JSON.stringify({ model: 'm', tools: 'yes', ...inputOf('x') }), 'invalid_field'],
    ['nested a megabyte deep', `{"model":"m","x":${'['.repeat(1_000_000)}`, 'nesting_too_deep'],
    ['of invalid UTF-8', Buffer.from('{"model":"m\xff\xfe"}', 'latin1'), 'invalid_utf8'],
  ])('%s answers 400 with a stable code', async (_name, body, code) => {
    const calls = stack.provider.counters.requests;
    expect(await post(path, body)).toEqual({ status: 400, code });
    expect(stack.provider.counters.requests).toBe(calls);
  });

  it('with messages of the wrong type answers 400', async () => {
    for (const messages of ['x', 7, {}]) {
      const { status, code } = await post(
        path,
        JSON.stringify({ model: 'm', messages, input: messages === 'x' ? 7 : messages }),
      );
      expect(status).toBe(400);
      expect(code).toMatch(/^invalid_/);
    }
  });

  it("with odd messages is the provider's to judge, and nothing crashes", async () => {
    for (const content of [null, 7, [[]], [{ type: 'text' }], [{ type: 9, text: {} }], [null]]) {
      const answer = await fetch(stack.url + path, {
        method: 'POST',
        headers: { ...CALLER, 'anthropic-version': '2023-06-01' },
        body: JSON.stringify({ model: 'm', ...inputOf(content) }),
      });
      await answer.text();
      expect([200, 400]).toContain(answer.status);
    }
    expect(await postChat(stack.url, chatBody('alive')).then((answer) => answer.status)).toBe(200);
  });

  it('of 33 MB answers 413 that a client can read', async () => {
    const body = Buffer.alloc(33 * 1024 * 1024, 0x20);
    expect(await post(path, body)).toEqual({ status: 413, code: 'body_too_large' });
  });

  it('of 33 MB in chunks answers 413 that a client can read', async () => {
    const chunk = new Uint8Array(1024 * 1024).fill(0x20);
    let left = 33;
    const body = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        if (left-- > 0) controller.enqueue(chunk);
        else controller.close();
      },
    });
    const chunked = { method: 'POST', headers: CALLER, body, duplex: 'half' as const };
    const answer = await fetch(stack.url + path, chunked);
    expect(answer.status).toBe(413);
    expect(codeOf(path, await answer.json())).toBe('body_too_large');
  });

  it('that is compressed is refused with 415', async () => {
    const answer = await fetch(stack.url + path, {
      method: 'POST',
      headers: { ...CALLER, 'content-encoding': 'gzip' },
      body: 'x',
    });
    expect(answer.status).toBe(415);
    expect(codeOf(path, await answer.json())).toBe('unsupported_content_encoding');
  });

  it('with headers of ours that make no sense answers 400', async () => {
    const headers: readonly Readonly<Record<string, string>>[] = [
      { 'x-pare-cache': 'maybe' },
      { 'x-pare-tags': 'no-value' },
      { 'x-pare-tags': Array.from({ length: 17 }, (_, i) => `t${i}=1`).join(',') },
      { 'x-pare-stages': 'exact-cahce=off' },
      { 'x-pare-stages': 'exact-cache=never' },
      { 'x-pare-session': 's'.repeat(300) },
    ];
    for (const header of headers) {
      const answer = await fetch(stack.url + path, {
        method: 'POST',
        headers: { ...CALLER, ...header },
        body: JSON.stringify({ model: 'm', ...inputOf('x') }),
      });
      expect(answer.status).toBe(400);
      expect(codeOf(path, await answer.json())).toBe('invalid_header');
    }
  });

  it('for a provider that cannot be reached answers 502', async () => {
    const config = {
      'upstreams.openai.url': 'http://127.0.0.1:9',
      'upstreams.anthropic.url': 'http://127.0.0.1:9',
    };
    await using lonely = await startStack({ config });
    const body = JSON.stringify({ model: 'm', ...inputOf('x') });
    expect(await post(path, body, lonely.url)).toEqual({ status: 502, code: 'upstream_unreachable' });
    const [record] = await lonely.recorded(1);
    expect(record).toMatchObject({ status: 502, errorCode: 'upstream_unreachable', costUsd: 0 });
  });

  it('for a provider that is too slow answers 504', async () => {
    const config = { 'upstreams.openai.headTimeoutMs': 300, 'upstreams.anthropic.headTimeoutMs': 300 };
    await using slow = await startStack({ config });
    slow.provider.failNext({ kind: 'hang' });
    const body = JSON.stringify({ model: 'm', ...inputOf('x') });
    expect(await post(path, body, slow.url)).toEqual({ status: 504, code: 'upstream_timeout' });
  });
});

describe('routes', () => {
  it('that do not exist answer 404', async () => {
    for (const path of ['/nothing', '/v2/chat', '/api/nothing', '/v1', '//v1/models']) {
      const answer = await sendRaw(stack.url, rawRequest(`GET ${path}`, []));
      expect([path, answer.status]).toEqual([path, 404]);
      expect(JSON.parse(answer.body.toString())).toMatchObject({ error: { code: 'unknown_route' } });
    }
  });

  it('with a wrong period or reference answer with a stable code', async () => {
    const code = async (path: string) => {
      const answer = await fetch(stack.url + path);
      return [answer.status, ((await answer.json()) as { error: { code: string } }).error.code];
    };
    expect(await code('/api/report?hours=-1')).toEqual([400, 'invalid_hours']);
    expect(await code('/api/stats?hours=x')).toEqual([400, 'invalid_hours']);
    expect(await code('/api/originals/pare:1')).toEqual([404, 'unknown_reference']);
    expect(await code('/api/originals/..%2F..%2Fetc%2Fpasswd')).toEqual([404, 'unknown_route']);
  });

  it('tell a dry run what is wrong with its body', async () => {
    const answer = await fetch(`${stack.url}/api/optimize`, { method: 'POST', body: '{' });
    expect([answer.status, await answer.json()]).toMatchObject([400, { error: { code: 'invalid_json' } }]);
  });

  it('survive half requests and broken HTTP, which block nobody', async () => {
    const { hostname, port } = new URL(stack.url);
    const sockets = Array.from({ length: 50 }, (_, i) => {
      const socket = connect(Number(port), hostname);
      socket.on('error', () => undefined);
      socket.write(
        i % 2 === 0
          ? 'POST /v1/chat/completions HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-le'
          : 'POST /v1/chat/completions HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer k\r\ncontent-length: 5000\r\n\r\n{"mod',
      );
      return socket;
    });
    await sleep(50);
    const started = Date.now();
    expect(await postChat(stack.url, chatBody('not blocked')).then((answer) => answer.status)).toBe(200);
    expect(Date.now() - started).toBeLessThan(2_000);
    for (const socket of sockets) socket.destroy();
    const broken = await sendRaw(stack.url, 'NONSENSE\r\n\r\n');
    expect(broken.status).toBe(400);
  });
});

describe('strangers (INV-E1)', () => {
  it("are refused by Origin and by Host, in the caller's wire", async () => {
    const send = (headers: readonly string[], path: string) =>
      sendRaw(
        stack.url,
        Buffer.from(
          `POST ${path} HTTP/1.1\r\nconnection: close\r\n${headers.join('\r\n')}\r\ncontent-length: 2\r\n\r\n{}`,
        ),
      );
    for (const path of PATHS) {
      const origin = await send(['host: 127.0.0.1', 'origin: https://evil.example'], path);
      expect([origin.status, codeOf(path, JSON.parse(origin.body.toString()))]).toEqual([
        403,
        'forbidden_origin',
      ]);
      const host = await send(['host: evil.example'], path);
      expect([host.status, codeOf(path, JSON.parse(host.body.toString()))]).toEqual([403, 'forbidden_host']);
    }
    for (const path of ['/', '/metrics', '/api/report', '/healthz']) {
      const answer = await sendRaw(
        stack.url,
        `GET ${path} HTTP/1.1\r\nhost: rebound.example:80\r\nconnection: close\r\n\r\n`,
      );
      expect([path, answer.status]).toEqual([path, 403]);
      expect(answer.headerLines.join('\n')).not.toMatch(/access-control/i);
    }
  });

  it('cannot reach a gateway beyond loopback that has no keys: it does not start', async () => {
    const dataDir = temporaryDir();
    const core = await createCore({ config: await testConfig(dataDir, { 'server.host': '0.0.0.0' }) });
    await expect(startGateway(core)).rejects.toMatchObject({ code: 'key_required' });
    await core.close();
    rmSync(dataDir, { recursive: true });
  });

  it('need an issued key beyond loopback, everywhere', async () => {
    const dataDir = temporaryDir();
    const prepared = await createCore({ config: await testConfig(dataDir) });
    const keys = createIssuedKeys(prepared.state);
    const { key: callerKey } = await keys.create({ name: 'caller' });
    const { key: adminKey } = await keys.create({ name: 'boss', role: 'admin' });
    await prepared.close();
    await using open = await startStack({
      dataDir,
      config: { 'server.host': '0.0.0.0', 'upstreams.openai.apiKey': SECRET },
    });
    const url = open.url.replace('0.0.0.0', '127.0.0.1');
    const ask = async (authorization?: string, path: (typeof PATHS)[number] = '/v1/chat/completions') => {
      const answer = await fetch(url + path, {
        method: 'POST',
        headers: authorization === undefined ? {} : { authorization },
        body: JSON.stringify({ ...JSON.parse(chatBody('hi')), input: 'hi' }),
      });
      const body = (await answer.json()) as { error?: { code: string } };
      return [answer.status, body.error?.code];
    };
    for (const path of PATHS) {
      expect(await ask(undefined, path)).toEqual([401, 'missing_key']);
      expect(await ask('Bearer sk-own-provider-key', path)).toEqual([401, 'missing_key']);
      expect(await ask('Bearer pare_wrong', path)).toEqual([401, 'invalid_key']);
    }
    expect(await ask(`Bearer ${callerKey}`, '/v1/messages')).toEqual([401, 'no_upstream_key']);
    expect(await ask(`Bearer ${callerKey}`)).toEqual([200, undefined]);
    expect(open.provider.requests.at(-1)?.headers['authorization']).toBe(`Bearer ${SECRET}`);
    const read = async (path: string, authorization?: string) =>
      (await fetch(url + path, authorization === undefined ? {} : { headers: { authorization } })).status;
    for (const path of ['/', '/metrics', '/api/report', '/api/events']) {
      expect([path, await read(path)]).toEqual([path, 401]);
      expect([path, await read(path, `Bearer ${callerKey}`)]).toEqual([path, 403]);
      expect([path, await read(path, `Bearer ${adminKey}`)]).toEqual([path, 200]);
    }
    expect(await read('/healthz')).toBe(200);
    // Stored hashed: no file holds the key itself.
    for (const name of readdirSync(dataDir)) {
      const bytes = readFileSync(join(dataDir, name));
      expect([name, bytes.includes(callerKey), bytes.includes(SECRET)]).toEqual([name, false, false]);
    }
    await open.close();
    rmSync(dataDir, { recursive: true });
  });
});

describe('keys and prompts (INV-E3)', () => {
  it('appear in no log, metric, report, error or page', async () => {
    const dataDir = temporaryDir();
    await using quiet = await startStack({ dataDir });
    const prompt = 'a-private-prompt-4711';
    const headers = { authorization: `Bearer ${SECRET}` };
    const send = async (body: string, more: Readonly<Record<string, string>> = {}) =>
      (await postChat(quiet.url, body, { ...headers, ...more })).text();
    await send(chatBody(prompt));
    await send(chatBody(prompt));
    const outputs = [
      await send(`{"model":"gpt-4o","messages":"${prompt}"`),
      await send(chatBody(prompt, { stream: 'x' })),
      await send(chatBody(`${prompt} drop`), { 'x-simulate': 'drop' }),
      await send(chatBody(`${prompt} only`), { 'x-pare-cache': 'only-if-cached' }),
    ];
    await fetch(`${quiet.url}/v1/models`, { headers });
    await quiet.core.ledger.flush();
    for (const path of [
      '/',
      '/metrics',
      '/api/report',
      '/api/stats',
      '/api/rankings',
      '/api/events',
      '/readyz',
    ]) {
      outputs.push(await (await fetch(quiet.url + path)).text());
    }
    outputs.push(JSON.stringify(quiet.events), JSON.stringify(quiet.records));
    for (const output of outputs) {
      expect(output).not.toContain(SECRET);
      expect(output).not.toContain(prompt);
    }
    await quiet.close();
    for (const name of readdirSync(dataDir)) {
      expect([name, readFileSync(join(dataDir, name)).includes(SECRET)]).toEqual([name, false]);
    }
    rmSync(dataDir, { recursive: true });
  });
});

describe('stores that fail (INV-S5)', () => {
  let dataDir: string;
  const STORES = ['cache', 'ledger', 'state'] as const;

  afterEach(() => {
    rmSync(dataDir, { recursive: true, force: true });
  });

  /** The gateway still answers, twice, and says so. */
  async function expectTraffic(broken: Stack): Promise<void> {
    for (let i = 0; i < 2; i++) {
      const answer = await postChat(broken.url, chatBody('through trouble'));
      expect(answer.status).toBe(200);
      expect(await answer.text()).toContain('through trouble');
    }
    expect((await fetch(`${broken.url}/healthz`)).status).toBe(200);
    expect((await fetch(`${broken.url}/metrics`)).status).toBe(200);
  }

  const readiness = async (broken: Stack) =>
    (await (await fetch(`${broken.url}/readyz`)).json()) as { status: string; reasons: string[] };

  it('because their files are damaged before the start are set aside, and reported', async () => {
    dataDir = temporaryDir();
    for (const name of STORES)
      writeFileSync(join(dataDir, `${name}.db`), Buffer.alloc(64 * 1024, `not ${name} `));
    await using broken = await startStack({ dataDir });
    await expectTraffic(broken);
    await until(
      () => broken.events.filter((event) => event.code === 'store_set_aside').length >= 3,
      'three stores to be set aside',
    );
    for (const name of STORES) {
      expect(readdirSync(dataDir).some((file) => file.startsWith(`${name}.db.corrupt-`))).toBe(true);
    }
    expect((await readiness(broken)).status).toBe('degraded');
    const again = await postChat(broken.url, chatBody('through trouble'));
    expect(again.headers.get('x-pare-cache')).toBe('hit');
  });

  it('because their files are damaged while running do not stop traffic', async () => {
    dataDir = temporaryDir();
    await using broken = await startStack({ dataDir });
    await expectTraffic(broken);
    await broken.core.cache.flush();
    await broken.core.ledger.flush();
    for (const name of STORES) {
      for (const suffix of ['', '-wal']) {
        const file = join(dataDir, `${name}.db${suffix}`);
        if (existsSync(file)) writeFileSync(file, Buffer.alloc(200_000, 'garbage '));
      }
    }
    for (let i = 0; i < 10; i++) {
      const answer = await postChat(broken.url, chatBody(`after the damage ${i}`));
      expect(answer.status).toBe(200);
      await answer.text();
    }
    await sleep(300);
    const report = await fetch(`${broken.url}/api/report`);
    expect([200, 503]).toContain(report.status);
    await report.text();
    await expectTraffic(broken);
    expect(broken.events.some((event) => event.level !== 'info')).toBe(true);
  });

  it('because another process holds them locked do not stop traffic', async () => {
    dataDir = temporaryDir();
    await using first = await startStack({ dataDir });
    await first.close();
    const script = `
      const { DatabaseSync } = require('node:sqlite');
      const held = ${JSON.stringify(STORES)}.map((name) => {
        const db = new DatabaseSync(${JSON.stringify(dataDir)} + '/' + name + '.db');
        db.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE;');
        return db;
      });
      console.log('locked');
      process.stdin.once('end', () => held.forEach((db) => db.close())).resume();`;
    const holder = spawn(process.execPath, ['-e', script], { stdio: ['pipe', 'pipe', 'inherit'] });
    await once(createInterface({ input: holder.stdout }), 'line');
    try {
      await using broken = await startStack({ dataDir });
      await expectTraffic(broken);
      expect((await readiness(broken)).status).toBe('degraded');
      expect(broken.events.some((event) => event.code === 'store_locked')).toBe(true);
    } finally {
      holder.stdin.end();
      await once(holder, 'exit');
    }
  });

  it('because another process locks them while running do not stop traffic', async () => {
    dataDir = temporaryDir();
    await using broken = await startStack({ dataDir });
    await expectTraffic(broken);
    await broken.core.cache.flush();
    const held = STORES.map((name) => {
      const db = new DatabaseSync(join(dataDir, `${name}.db`));
      db.exec('BEGIN IMMEDIATE');
      return db;
    });
    const started = Date.now();
    for (let i = 0; i < 5; i++) {
      expect((await postChat(broken.url, chatBody(`while locked ${i}`))).status).toBe(200);
    }
    expect(Date.now() - started).toBeLessThan(10_000);
    for (const db of held) db.close();
    await until(() => broken.records.length >= 7, 'the records');
    await sleep(500);
    const report = (await (await fetch(`${broken.url}/api/report`)).json()) as {
      metrics: { total_requests: number };
    };
    expect(report.metrics.total_requests).toBe(7);
  });

  it.runIf(canMount())('because the disk is full do not stop traffic, and lose no record', async () => {
    dataDir = temporaryDir();
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', dataDir]);
    try {
      await using broken = await startStack({ dataDir });
      await expectTraffic(broken);
      await broken.core.cache.flush();
      await broken.core.ledger.flush();
      fill(join(dataDir, 'rest'));
      for (let i = 0; i < 30; i++) {
        const answer = await postChat(broken.url, chatBody(`while full ${i}`));
        expect(answer.status).toBe(200);
        await answer.text();
      }
      await until(
        () => broken.events.some((event) => event.code === 'ledger_write_failed'),
        'the report',
        10_000,
      );
      expect((await readiness(broken)).status).toBe('degraded');
      rmSync(join(dataDir, 'rest'));
      await postChat(broken.url, chatBody('with room again')).then((answer) => answer.text());
      await sleep(1_500);
      await broken.core.ledger.flush();
      const { metrics } = await broken.core.ledger.report({ hours: 1 });
      expect(metrics.total_requests).toBe(33);
    } finally {
      execFileSync('umount', ['-l', dataDir]);
    }
  });

  it.runIf(canMount())('because their folder is read-only do not stop traffic', async () => {
    dataDir = temporaryDir();
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'ro,size=64k', 'tmpfs', dataDir]);
    try {
      await using broken = await startStack({ dataDir });
      await expectTraffic(broken);
      expect((await readiness(broken)).status).toBe('degraded');
    } finally {
      execFileSync('umount', ['-l', dataDir]);
    }
  });

  it('because their folder cannot be made keep the gateway from starting, with a reason', async () => {
    dataDir = temporaryDir();
    writeFileSync(join(dataDir, 'file'), 'a file where a folder should be');
    await expect(startStack({ dataDir: join(dataDir, 'file', 'pare') })).rejects.toMatchObject({
      code: 'data_dir_unusable',
    });
  });
});

/** True when this process may mount a file system of its own, as root in a container may. */
function canMount(): boolean {
  const folder = temporaryDir();
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folder]);
  if (status === 0) spawnSync('umount', ['-l', folder]);
  rmSync(folder, { recursive: true });
  return status === 0;
}

/** Fills a file system to its last block. */
function fill(file: string): void {
  for (const size of [65_536, 4_096, 512]) {
    try {
      for (;;) appendFileSync(file, Buffer.alloc(size));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    }
  }
}
