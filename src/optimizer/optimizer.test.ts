import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JsonValue, StateStore, UpstreamSink } from '../contract/index.ts';
import { createEventLog } from '../testing/index.ts';
import { createTokenCounter } from '../tokens/index.ts';
import { keepCalibration } from './calibration-keeper.ts';
import { createCore } from './core.ts';
import { DEFAULT_CONFIG } from './default-config.gen.ts';
import { readEnvironment } from './environment.ts';
import { createFunctionUpstream, type UpstreamFunction } from './function-upstream.ts';
import { loadConfig } from './load-config.ts';
import { readModelUpdates, writeModelUpdates } from './models.ts';
import { parseConfig } from './validate-config.ts';

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'pare-optimizer-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const load = (more: Partial<Parameters<typeof loadConfig>[0]> = {}) =>
  loadConfig({ environment: { HOME: '/home/me' }, directory, ...more });

describe('the configuration', () => {
  it('has the defaults of its schema written down: run scripts/write-default-config.ts after a change', async () => {
    const parsed = parseConfig({ dataDir: '/data' });
    expect({ ...DEFAULT_CONFIG, dataDir: '/data' }).toEqual(parsed);
    const { config } = await loadConfig({
      environment: {},
      directory: '/',
      searches: false,
      overrides: { dataDir: '/data', model: 'gpt-4.1' },
    });
    expect(config).toEqual({ ...parsed, model: 'gpt-4.1' });
    expect(Object.isFrozen(config.server)).toBe(true);
  });

  it('has a default for everything', async () => {
    const { config, file } = await load();
    expect(file).toBeUndefined();
    expect(config).toMatchObject({
      dataDir: '/home/me/.pare',
      preset: 'balanced',
      server: { host: '127.0.0.1', port: 7273, maxBodyBytes: 33_554_432 },
      cache: { ttlSeconds: 86_400, normalize: 'safe', replayAgentTurns: false },
      upstreams: { openai: { url: 'https://api.openai.com' } },
    });
  });

  it('takes files, then the environment, then flags, and says where each value came from', async () => {
    const nested = join(directory, 'a', 'b');
    mkdirSync(nested, { recursive: true });
    const file = join(directory, 'pare.config.json');
    writeFileSync(
      file,
      JSON.stringify({ preset: 'safe', server: { port: 1, host: '::1' }, cache: { ttlSeconds: 5 } }),
    );
    const { config, origins } = await load({
      directory: nested,
      environment: { HOME: '/h', PARE_PORT: '2', PARE_CACHE_TTL_SECONDS: '6' },
      overrides: { 'server.port': 3, preset: undefined },
    });
    expect(config).toMatchObject({
      preset: 'safe',
      server: { port: 3, host: '::1' },
      cache: { ttlSeconds: 6 },
    });
    expect(origins).toMatchObject({
      preset: `file ${file}`,
      'server.port': 'flag',
      'server.host': `file ${file}`,
      'cache.ttlSeconds': 'environment PARE_CACHE_TTL_SECONDS',
    });
  });

  it('can be a module', async () => {
    writeFileSync(join(directory, 'pare.config.mjs'), 'export default { model: "gpt-4.1" };');
    expect((await load()).config.model).toBe('gpt-4.1');
  });

  it('is frozen to its depth', async () => {
    const { config } = await load();
    expect(() => Object.assign(config.server, { host: '0.0.0.0' })).toThrow(TypeError);
    expect(() => Object.assign(config.server.allowedHosts, ['x'])).toThrow(TypeError);
  });

  it.each<[JsonValue, RegExp]>([
    [{ sever: {} }, /unknown key "sever"; did you mean "server"\?/],
    [{ cache: { ttlSecond: 1 } }, /unknown key "cache.ttlSecond"; did you mean "ttlSeconds"\?/],
    [{ cache: { ttlSeconds: -1 } }, /cache\.ttlSeconds: .*\(from file /],
    [{ upstreams: { openai: { url: 'ftp://x' } } }, /upstreams\.openai\.url/],
    [{ upstreams: { openai: { url: 'file:///etc/passwd' } } }, /upstreams\.openai\.url/],
    [{ ledger: { flushMs: 5_000 } }, /ledger\.flushMs/],
    [[], /must hold an object/],
  ])('with %j is refused with a reason', async (content, message) => {
    writeFileSync(join(directory, 'pare.config.json'), JSON.stringify(content));
    await expect(load()).rejects.toThrow(message);
  });

  it('that cannot be read is refused with its name', async () => {
    writeFileSync(join(directory, 'pare.config.json'), '{');
    await expect(load()).rejects.toMatchObject({ code: 'unreadable_config' });
    await expect(load({ file: 'absent.json' })).rejects.toMatchObject({ code: 'unreadable_config' });
  });

  it('never reaches the prototype of objects', async () => {
    writeFileSync(
      join(directory, 'pare.config.json'),
      '{"__proto__":{"polluted":1},"cache":{"__proto__":{"ttlSeconds":9}}}',
    );
    const { config } = await load();
    expect(config.cache.ttlSeconds).toBe(86_400);
    expect({}).not.toHaveProperty('polluted');
  });

  it('refuses a stage that does not exist yet, and takes one that is off', async () => {
    const config = (stages: object) => parseConfig({ dataDir: join(directory, 'data'), stages });
    await expect(createCore({ config: config({ context: 'on' }) })).rejects.toMatchObject({
      code: 'stage_unavailable',
    });
    const core = await createCore({ config: config({ context: 'off' }) });
    await core.close();
  });
});

describe('the environment', () => {
  it('sets numbers, truths and lists', () => {
    const settings = readEnvironment({
      PARE_PORT: '80',
      PARE_CACHE_REPLAY_AGENT_TURNS: '1',
      PARE_ALLOWED_HOSTS: 'a, b',
      PARE_MODEL: '',
      UNRELATED: 'x',
    });
    expect(Object.fromEntries(settings.map(({ path, value }) => [path, value]))).toEqual({
      'server.port': 80,
      'cache.replayAgentTurns': true,
      'server.allowedHosts': ['a', 'b'],
    });
  });

  it('refuses what is no number or truth, and names the variable', () => {
    expect(() => readEnvironment({ PARE_PORT: '80x' })).toThrow(
      /PARE_PORT must be a whole number, got "80x"/,
    );
    expect(() => readEnvironment({ PARE_CACHE_REPLAY_AGENT_TURNS: 'yes' })).toThrow(/true or false/);
  });

  it('tells of variables that set nothing, by name alone, and of the nearest that does', async () => {
    const { events, sink: onEvent } = createEventLog();
    const environment = {
      PARE_MAX_FALSE_HITRATE: '0.001',
      PARE_SECRETS: 'sk-do-not-show',
      PARE_PORT: '80',
      OTHER: 'x',
    };
    await load({ environment: { HOME: '/h', ...environment }, onEvent });
    expect(events).toEqual([
      {
        level: 'warn',
        code: 'unknown_environment',
        message: expect.stringMatching(/PARE_MAX_FALSE_HITRATE \(did you mean PARE_MAX_FALSE_HIT_RATE\?\)/),
      },
    ]);
    expect(events[0]?.message).toContain('PARE_SECRETS');
    expect(events[0]?.message).not.toMatch(/PARE_PORT|OTHER|sk-/);
  });

  it('leaves alone what the settings of MCP servers read', async () => {
    const { events, sink: onEvent } = createEventLog();
    const file = join(directory, 'pare.config.json');
    const servers = { files: { command: 'server', env: { TOKEN: '${PARE_OF_MY_OWN}' } } };
    writeFileSync(file, JSON.stringify({ mcpProxy: { servers } }));
    await load({ environment: { HOME: '/h', PARE_OF_MY_OWN: 'x' }, onEvent });
    expect(events).toEqual([]);
  });
});

describe('a function as upstream', () => {
  function call(answer: UpstreamFunction, body: object | null = { a: 1 }) {
    const log: string[] = [];
    const ended = Promise.withResolvers<readonly string[]>();
    const sink: UpstreamSink = {
      onHead: (status, headers) => void log.push(`${status} ${headers.join(',')}`),
      onData: (chunk) => void log.push(Buffer.from(chunk).toString()),
      onEnd: () => ended.resolve([...log, 'end']),
      onError: (error) => ended.resolve([...log, `error ${error.message}`]),
    };
    const bytes = body === null ? null : Buffer.from(JSON.stringify(body));
    const running = createFunctionUpstream(answer).send(
      { method: 'POST', path: '/v1/x', headers: {}, body: bytes },
      sink,
    );
    return { running, log, ended: ended.promise };
  }

  it('gets path and body, and answers with a value, a Response or chunks', async () => {
    let seen: unknown;
    const value = call((request) => {
      seen = request;
      return Promise.resolve({ b: 2 });
    });
    expect(await value.ended).toEqual(['200 content-type,application/json', '{"b":2}', 'end']);
    expect(seen).toMatchObject({ path: '/v1/x', body: { a: 1 } });
    const response = call(() =>
      Promise.resolve(new Response('no', { status: 418, headers: { 'x-a': '1' } })),
    );
    expect(await response.ended).toEqual([expect.stringMatching(/^418 .*x-a,1/), 'no', 'end']);
    const chunks = call(() =>
      Promise.resolve(
        (async function* () {
          yield 'a';
          yield new Uint8Array([98]);
        })(),
      ),
    );
    expect(await chunks.ended).toEqual(['200 content-type,text/event-stream', 'a', 'b', 'end']);
  });

  it('reports what it throws, at once, later or in the middle', async () => {
    expect(
      await call(() => {
        throw new Error('at once');
      }).ended,
    ).toEqual(['error at once']);
    expect(await call(() => Promise.reject(new Error('later'))).ended).toEqual(['error later']);
    const middle = call(() =>
      Promise.resolve(
        (async function* () {
          yield 'a';
          throw new Error('in the middle');
        })(),
      ),
    );
    expect((await middle.ended).slice(1)).toEqual(['a', 'error in the middle']);
    const wrong = call((() => Promise.resolve('text')) as unknown as UpstreamFunction);
    expect((await wrong.ended)[0]).toMatch(/^error .*must return an object/);
  });

  it('waits while paused, and says nothing after an abort', async () => {
    const paused = call(() =>
      Promise.resolve(
        (async function* () {
          yield 'a';
          yield 'b';
        })(),
      ),
    );
    paused.running.pause();
    await new Promise((resolve) => setTimeout(resolve, 15));
    expect(paused.log).toHaveLength(1);
    paused.running.resume();
    expect((await paused.ended).slice(1)).toEqual(['a', 'b', 'end']);
    const aborted = call(
      ({ signal }) =>
        new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('stopped')))),
    );
    aborted.running.abort();
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(aborted.log).toEqual([]);
  });
});

describe('calibration', () => {
  const lesson = {
    model: 'claude-sonnet-4-6',
    contentClass: 'prose',
    rawTokens: 1_000,
    reportedTokens: 1_300,
  } as const;
  const newCounter = () => createTokenCounter({ families: () => ({ family: 'claude' }) });

  it('survives a restart', async () => {
    const rows = new Map<string, JsonValue>();
    const state: StateStore = {
      get: (collection, id) => rows.get(`${collection}/${id}`),
      put: (collection, id, value) => void rows.set(`${collection}/${id}`, value),
      delete: (collection, id) => rows.delete(`${collection}/${id}`),
      list: () => [],
      close: () => undefined,
    };
    const { sink } = createEventLog();
    const first = await newCounter();
    const keeper = await keepCalibration(first, state, sink);
    for (let i = 0; i < 30; i++) first.observe(lesson);
    await keeper.close();
    const second = await newCounter();
    const before = second.countText('Some words to count.', lesson.model).tokens;
    await (await keepCalibration(second, state, sink)).close();
    expect(second.calibrationState()).toEqual(first.calibrationState());
    expect(second.countText('Some words to count. '.repeat(50), lesson.model).basis).toBe('calibrated');
    expect(before).toBeGreaterThan(0);
  });

  it('that cannot be read or kept is reported, and nothing else', async () => {
    const broken = () => {
      throw new Error('no disk');
    };
    const state: StateStore = {
      get: broken,
      put: broken,
      delete: broken,
      list: broken,
      close: () => undefined,
    };
    const log = createEventLog();
    const counter = await newCounter();
    const keeper = await keepCalibration(counter, state, log.sink);
    counter.observe(lesson);
    await keeper.close();
    expect(log.codes()).toEqual(['calibration_not_saved', 'calibration_not_saved']);
  });
});

describe('price updates', () => {
  it('are kept for the next start; a damaged file is reported and packaged prices apply', () => {
    const log = createEventLog();
    const config = { dataDir: directory };
    expect(readModelUpdates(config, log.sink)).toEqual([]);
    const row = {
      id: 'x',
      provider: 'p',
      family: 'gpt',
      prices: { input: 1 },
      source: 's',
      sourceDate: '2026-01-01',
      aliases: [],
    };
    const path = writeModelUpdates(config, [row]);
    expect(readModelUpdates(config, log.sink)).toEqual([row]);
    writeFileSync(path, '{"version":1');
    expect(readModelUpdates(config, log.sink)).toEqual([]);
    expect(log.codes()).toEqual(['model_updates_unreadable']);
  });
});
