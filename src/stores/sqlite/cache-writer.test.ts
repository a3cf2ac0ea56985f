import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { CacheEntry, CacheStore, PareEvent } from '../../contract/index.ts';
import { sha256Hex } from '../../support/index.ts';
import { describeCacheStore } from '../../testing/conformance/cache-store.ts';
import { cacheEntry } from '../../testing/fixtures/cache-entry.ts';
import { decodeEntries, encodeEntries } from './cache-batch.ts';
import { createCacheWriter } from './cache-writer.ts';
import { createSqliteCacheStore } from './sqlite-cache-store.ts';

let folder: string;
let path: string;
let count = 0;
const opened: CacheStore[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pare-writer-'));
  path = join(folder, `cache-${++count}.db`);
});
afterEach(async () => {
  for (const store of opened.splice(0)) await store.close();
  rmSync(folder, { recursive: true, force: true });
});

function open(events: PareEvent[] = [], more: { readonly onUnavailable?: 'memory' } = {}): CacheStore {
  const store = createCacheWriter({ path, onEvent: (event) => events.push(event), ...more });
  opened.push(store);
  return store;
}

describe('in a thread', () => {
  describeCacheStore('SQLite', { create: () => open(), connectAgain: () => open() });
});
describe('in no thread', () => {
  describeCacheStore('SQLite in memory', {
    create: () => createCacheWriter({ path: ':memory:', onEvent: () => {} }),
  });
});

describe('a packed batch', () => {
  const anyEntry: fc.Arbitrary<CacheEntry> = fc.record({
    key: fc.string().map(sha256Hex),
    tenant: fc.string({ unit: 'binary' }),
    wire: fc.constantFrom('openai-chat' as const, 'openai-responses' as const, 'anthropic-messages' as const),
    model: fc.string({ unit: 'binary' }),
    body: fc.uint8Array({ maxLength: 300 }),
    usage: fc.record({
      inputTokens: fc.maxSafeNat(),
      outputTokens: fc.maxSafeNat(),
      cacheReadTokens: fc.maxSafeNat(),
      cacheWriteTokens: fc.maxSafeNat(),
      cacheWrite1hTokens: fc.maxSafeNat(),
      reasoningTokens: fc.maxSafeNat(),
    }),
    usageBasis: fc.constantFrom(
      'reported' as const,
      'exact' as const,
      'calibrated' as const,
      'estimated' as const,
    ),
    costUsd: fc.option(fc.double({ noNaN: true })),
    createdAt: fc.maxSafeNat(),
    expiresAt: fc.maxSafeNat(),
  });

  it('unpacks to the entries that were packed, and leaves their bodies alone', () => {
    fc.assert(
      fc.property(fc.array(anyEntry), (entries) => {
        const bodies = entries.map(({ body }) => [...body]);
        const batch = structuredClone(encodeEntries(entries));
        expect(decodeEntries(batch)).toEqual(entries);
        expect(entries.map(({ body }) => [...body])).toEqual(bodies);
      }),
    );
  });
});

describe('the cache writer', () => {
  it('starts no thread before the first write', async () => {
    const seen = vi.fn();
    process.on('worker', seen);
    try {
      const store = open();
      expect(store.get(cacheEntry('a').key)).toBeUndefined();
      expect((await store.stats()).totalEntries).toBe(0);
      for await (const entry of store.entries()) expect(entry).toBeUndefined();
      await store.close();
      expect(seen).not.toHaveBeenCalled();
      await open().putMany([cacheEntry('a')]);
      expect(seen).toHaveBeenCalledTimes(1);
    } finally {
      process.off('worker', seen);
    }
  });

  it('keeps the order of writes that were not awaited, and writes them before it closes', async () => {
    const store = open();
    const puts = Array.from({ length: 50 }, (_, i) => store.putMany([cacheEntry('a', { createdAt: i })]));
    const deleted = store.delete([cacheEntry('a').key]);
    const again = store.putMany([cacheEntry('a', { createdAt: 99 })]);
    await store.close();
    await Promise.all([...puts, again]);
    expect(await deleted).toBe(1);
    expect(open().get(cacheEntry('a').key)).toMatchObject({ createdAt: 99, hits: 0 });
  });

  it('finds what it stored, and takes what it never stored for absent', async () => {
    const store = open();
    const entries = Array.from({ length: 5_000 }, (_, i) => cacheEntry(`entry ${i}`));
    await store.putMany(entries.slice(0, 1_000));
    for (let at = 1_000; at < 5_000; at += 250) {
      const batch = entries.slice(at, at + 250);
      await store.putMany(batch);
      for (const { key } of batch) expect(store.get(key)).toBeDefined();
      // Over the time in which its knowledge of keys is built.
      await sleep(30);
    }
    for (const { key } of entries) expect(store.get(key)).toBeDefined();
    for (let i = 0; i < 1_000; i++) expect(store.get(sha256Hex(`absent ${i}`))).toBeUndefined();
    expect(await store.delete([(entries[7] as CacheEntry).key])).toBe(1);
    expect(store.get((entries[7] as CacheEntry).key)).toBeUndefined();
  });

  it('sees what another process added and deleted within 100 ms', async () => {
    const store = open();
    await store.putMany([cacheEntry('ours'), cacheEntry('other')]);
    // So that keys are known by then.
    await sleep(400);
    expect(store.get(cacheEntry('theirs').key)).toBeUndefined();
    const before = store.changeToken?.();
    await runModule(`
      const store = createCacheWriter({ path: process.argv[1], onEvent: () => {} });
      await store.putMany([cacheEntry('theirs')]);
      await store.delete([cacheEntry('ours').key]);
      await store.close();
    `);
    await sleep(100);
    expect(store.get(cacheEntry('theirs').key)).toBeDefined();
    expect(store.get(cacheEntry('ours').key)).toBeUndefined();
    expect(store.changeToken?.()).not.toBe(before);
    await runModule(`
      const store = createCacheWriter({ path: process.argv[1], onEvent: () => {} });
      await store.deleteAll();
      await store.close();
    `);
    expect(store.get(cacheEntry('other').key)).toBeUndefined();
  });

  it('does not take its own writes, nor the hits of others, for changes by others', async () => {
    const [store, other] = [open(), open()];
    await store.putMany([cacheEntry('a')]);
    const before = store.changeToken?.();
    for (let i = 0; i < 20; i++) {
      await store.putMany([cacheEntry(`entry ${i}`)]);
      expect(store.changeToken?.()).toBe(before);
    }
    await store.evict({ maxEntries: 5, maxBytes: 1e9 });
    await other.addHits(new Map([[cacheEntry('a').key, 1]]), 5);
    expect(store.changeToken?.()).toBe(before);
    await other.deleteAll();
    expect(store.changeToken?.()).not.toBe(before);
  });

  it('tells of changes by any number of writers, and keeps few of them (INV-S4)', async () => {
    const store = open();
    await store.putMany([cacheEntry('a')]);
    let token = store.changeToken?.();
    for (let i = 0; i < 40; i++) {
      const other = createSqliteCacheStore({ path, onEvent: () => {} });
      other.putMany([cacheEntry(`theirs ${i}`)]);
      other.close();
      expect(store.changeToken?.()).not.toBe(token);
      token = store.changeToken?.();
    }
    const db = new DatabaseSync(path);
    expect(Number(db.prepare('SELECT count(*) AS n FROM writers').get()?.['n'])).toBeLessThan(20);
    db.close();
  });
});

describe('trouble', () => {
  it('goes on with a new file where the old one turned out to be damaged, in both threads (INV-S5)', async () => {
    const first = open();
    await first.putMany(Array.from({ length: 500 }, (_, i) => cacheEntry(`entry ${i}`)));
    await first.close();
    const bytes = readFileSync(path);
    writeFileSync(path, Buffer.concat([bytes.subarray(0, 8192), Buffer.alloc(bytes.length - 8192, 0xee)]));
    const events: PareEvent[] = [];
    const store = open(events);
    await store.putMany([cacheEntry('new')]);
    store.changeToken?.();
    expect(store.get(cacheEntry('new').key)).toBeDefined();
    expect(store.get(cacheEntry('entry 3').key)).toBeUndefined();
    await store.putMany([cacheEntry('newer')]);
    expect(store.get(cacheEntry('newer').key)).toBeDefined();
    expect((await store.stats()).totalEntries).toBe(2);
    expect(events.map((event) => event.code)).toEqual(['store_set_aside']);
  });

  it('writes to the new file when a read found the damage (INV-S5)', async () => {
    const first = open();
    await first.putMany(Array.from({ length: 500 }, (_, i) => cacheEntry(`entry ${i}`)));
    await first.close();
    const bytes = readFileSync(path);
    writeFileSync(path, Buffer.concat([bytes.subarray(0, 8192), Buffer.alloc(bytes.length - 8192, 0xee)]));
    const events: PareEvent[] = [];
    const store = open(events);
    expect(store.get(cacheEntry('entry 3').key)).toBeUndefined();
    await store.putMany([cacheEntry('new')]);
    expect(store.get(cacheEntry('new').key)).toBeDefined();
    expect(events.map((event) => event.code)).toEqual(['store_set_aside']);
  });

  it('uses one substitute in both threads while the file is locked (INV-S5)', async () => {
    await open().putMany([cacheEntry('old')]);
    const lock = new DatabaseSync(path);
    lock.exec('BEGIN IMMEDIATE');
    const events: PareEvent[] = [];
    const store = open(events);
    await store.putMany([cacheEntry('new')]);
    lock.exec('ROLLBACK');
    lock.close();
    expect(store.get(cacheEntry('new').key)).toBeDefined();
    expect(store.get(cacheEntry('old').key)).toBeUndefined();
    expect(events.map((event) => event.code)).toEqual(['store_locked']);
    expect(readdirSync(folder).filter((name) => /fallback.*\.db$/.test(name))).toHaveLength(1);
  });

  it('fails a write while another process holds the lock, and makes no second file', async () => {
    const store = open();
    const lock = new DatabaseSync(path);
    lock.exec('BEGIN IMMEDIATE');
    await expect(store.putMany([cacheEntry('new')])).rejects.toMatchObject({ code: 'store_busy' });
    lock.exec('ROLLBACK');
    lock.close();
    await store.putMany([cacheEntry('new')]);
    expect(store.get(cacheEntry('new').key)).toBeDefined();
    expect(readdirSync(folder).filter((name) => name.endsWith('.db'))).toHaveLength(1);
  });

  it('works in memory, in one thread, where no file can be used', async () => {
    writeFileSync(join(folder, 'file'), '');
    path = join(folder, 'file', 'cache.db');
    expect(() => createCacheWriter({ path, onEvent: () => {} })).toThrow('cannot be used');
    const events: PareEvent[] = [];
    const store = open(events, { onUnavailable: 'memory' });
    await store.putMany([cacheEntry('a')]);
    expect(store.get(cacheEntry('a').key)).toBeDefined();
    expect((await store.stats()).totalEntries).toBe(1);
    expect(events.map((event) => event.code)).toEqual(['store_unavailable']);
  });

  it('refuses work after it was closed', async () => {
    const store = open();
    await store.close();
    await expect(store.putMany([cacheEntry('a')])).rejects.toMatchObject({ code: 'store_closed' });
    expect(() => store.get(cacheEntry('a').key)).toThrow('closed');
  });
});

describe('the end of the process', () => {
  it('does not wait for a thread that has nothing to do', async () => {
    await runModule(`
      const store = createCacheWriter({ path: process.argv[1], onEvent: () => {} });
      await store.putMany([cacheEntry('a')]);
    `);
    expect(open().get(cacheEntry('a').key)).toBeDefined();
  });

  it('kill -9 loses nothing whose writing had ended, and leaves a sound file (INV-S5)', async () => {
    const child = spawnModule(`
      const { writeSync } = await import('node:fs');
      const store = createCacheWriter({ path: process.argv[1], onEvent: () => {} });
      for (let i = 0; ; i++) {
        await store.putMany([cacheEntry('a' + i), cacheEntry('b' + i)]);
        writeSync(1, i + '\\n');
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
    `);
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
    while (output.split('\n').length < 300) await sleep(3);
    child.kill('SIGKILL');
    await once(child, 'close');
    const events: PareEvent[] = [];
    const store = open(events);
    const written = output.split('\n').slice(0, -1);
    for (const i of written) {
      expect(store.get(cacheEntry(`a${i}`).key)).toBeDefined();
      expect(store.get(cacheEntry(`b${i}`).key)).toBeDefined();
    }
    const { totalEntries } = await store.stats();
    expect(totalEntries % 2).toBe(0);
    expect(totalEntries).toBeGreaterThanOrEqual(written.length * 2);
    expect(events).toEqual([]);
  });
});

/** Runs a module in its own process, with the writer and a maker of entries in scope. */
function spawnModule(code: string) {
  const url = (file: string): string => JSON.stringify(new URL(file, import.meta.url).href);
  const source = `
    import { createCacheWriter } from ${url('./cache-writer.ts')};
    const { cacheEntry } = await import(${url('../../testing/fixtures/cache-entry.ts')});
    ${code}`;
  return spawn(process.execPath, ['--input-type=module', '--eval', source, path], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

async function runModule(code: string): Promise<void> {
  const [exitCode] = await once(spawnModule(code), 'exit');
  expect(exitCode).toBe(0);
}
