import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ModelInfo } from '../../contract/index.ts';
import { startGateway } from '../../gateway/index.ts';
import { createCore, parseConfig } from '../../optimizer/index.ts';
import { checkDataDir, checkDisk, checkLeftovers, checkStores } from './data-checks.ts';
import { checkPort, checkUpstreams } from './network-checks.ts';
import { checkEncoding, checkNode, checkPrices } from './program-checks.ts';

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'pare-doctor-'));
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

const statusOf = ({ name, status }: { name: string; status: string }) => `${name} ${status}`;

describe('data', () => {
  it('is well where nothing exists yet, and makes nothing', async () => {
    const config = { dataDir: join(dataDir, 'not', 'yet') };
    expect(checkDataDir(config).status).toBe('ok');
    expect((await checkStores(config)).map(statusOf)).toEqual([
      'store_cache ok',
      'store_ledger ok',
      'store_state ok',
      'store_semantic ok',
    ]);
    expect(checkLeftovers(config).status).toBe('ok');
    expect(checkDisk(config).message).toMatch(/free$/);
    expect(readdirSync(dataDir)).toEqual([]);
  });

  it('warns of a folder that others can read, and fails for one that is none', () => {
    chmodSync(dataDir, 0o755);
    expect(checkDataDir({ dataDir })).toMatchObject({ status: 'warn', fix: `Run: chmod 700 ${dataDir}` });
    writeFileSync(join(dataDir, 'file'), '');
    expect(checkDataDir({ dataDir: join(dataDir, 'file') }).status).toBe('fail');
  });

  it('finds a damaged store and leaves it where it is', async () => {
    const path = join(dataDir, 'cache.db');
    const garbage = 'this is no database, though it is long enough to be looked at. '.repeat(200);
    writeFileSync(path, garbage);
    const [cache] = await checkStores({ dataDir });
    expect(cache).toMatchObject({ name: 'store_cache', status: 'fail' });
    expect(cache?.message).toContain('damaged');
    expect(readFileSync(path, 'utf8')).toBe(garbage);
    expect(readdirSync(dataDir)).toEqual(['cache.db']);
  });

  it('finds a store that another process has locked', async () => {
    const core = await createCore({ config: parseConfig({ dataDir }), onEvent: () => {} });
    await core.close();
    const holder = new DatabaseSync(join(dataDir, 'state.db'));
    holder.exec('BEGIN EXCLUSIVE');
    try {
      const results = await checkStores({ dataDir });
      expect(results.map(statusOf)).toEqual([
        'store_cache ok',
        'store_ledger ok',
        'store_state fail',
        'store_semantic ok',
      ]);
      expect(results[2]?.message).toContain('locked');
    } finally {
      holder.close();
    }
  });

  it('finds a database of another program', async () => {
    const db = new DatabaseSync(join(dataDir, 'ledger.db'));
    db.exec('CREATE TABLE mine (x)');
    db.close();
    const results = await checkStores({ dataDir });
    expect(results[1]).toMatchObject({ status: 'fail' });
    expect(results[1]?.message).toContain('not a ledger store');
  });

  it('names the files that earlier troubles left', () => {
    writeFileSync(join(dataDir, 'cache.db.corrupt-20261120T120117123Z'), '');
    writeFileSync(join(dataDir, 'ledger.fallback-20261120T120117123Z.db'), '');
    const found = checkLeftovers({ dataDir });
    expect(found.status).toBe('warn');
    expect(found.message).toContain('cache.db.corrupt-');
    expect(found.message).toContain('ledger.fallback-');
  });
});

describe('network', () => {
  it('tells a free port, Pare itself, and another program apart', async () => {
    mkdirSync(join(dataDir, 'core'));
    const core = await createCore({
      config: parseConfig({ dataDir: join(dataDir, 'core'), server: { port: 0 } }),
      onEvent: () => {},
    });
    const gateway = await startGateway(core);
    const other = createServer((socket) => socket.resume().end('hello'));
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const at = (port: number) => checkPort(parseConfig({ dataDir, server: { port } }));
    const gatewayPort = Number(new URL(gateway.url).port);
    const otherPort = (other.address() as AddressInfo).port;
    expect((await at(gatewayPort)).message).toContain('Pare listens');
    expect(await at(otherPort)).toMatchObject({ status: 'fail' });
    await gateway.close();
    await core.close();
    await new Promise((resolve) => other.close(resolve));
    expect((await at(gatewayPort)).message).toContain('is free');
  });

  it('says which provider does not answer', async () => {
    const closed = 'http://127.0.0.1:1';
    const { upstreams } = parseConfig({
      dataDir,
      upstreams: { openai: { url: closed }, anthropic: { url: closed } },
    });
    expect((await checkUpstreams({ upstreams })).map(statusOf)).toEqual([
      'upstream_openai fail',
      'upstream_anthropic fail',
    ]);
  });
});

describe('program', () => {
  it('takes this Node and refuses an old one', () => {
    expect(checkNode().status).toBe('ok');
    expect(checkNode('22.13.0').status).toBe('ok');
    expect(checkNode('22.12.9')).toMatchObject({ status: 'fail' });
    expect(checkNode('9.99.0').status).toBe('fail');
  });

  it('counts with the packaged encoding', async () => {
    expect((await checkEncoding()).status).toBe('ok');
  });

  it('warns of prices older than half a year, unless they were updated', () => {
    const now = Date.parse('2036-01-10');
    expect(checkPrices([], now).status).toBe('warn');
    const update = { sourceDate: '2036-01-01' } as ModelInfo;
    expect(checkPrices([update], now)).toMatchObject({ status: 'ok' });
  });
});
