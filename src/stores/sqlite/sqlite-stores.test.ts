import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { CacheEntry, PareEvent } from '../../contract/index.ts';
import { NO_USAGE } from '../../contract/index.ts';
import { describeCacheStore } from '../../testing/conformance/cache-store.ts';
import { describeStateStore } from '../../testing/conformance/state-store.ts';
import { createSqliteCacheStore } from './sqlite-cache-store.ts';
import { createSqliteStateStore } from './sqlite-state-store.ts';

const folder = mkdtempSync(join(tmpdir(), 'pare-stores-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let count = 0;
const newPath = () => join(folder, `store-${++count}.db`);
const onEvent = (event: PareEvent): void => {
  throw new Error(`unexpected event ${event.code}: ${event.message}`);
};

let path = '';
describeCacheStore('SQLite', {
  create: () => {
    path = newPath();
    return createSqliteCacheStore({ path, onEvent });
  },
  connectAgain: () => createSqliteCacheStore({ path, onEvent }),
});
describeCacheStore('SQLite in memory', {
  create: () => createSqliteCacheStore({ path: ':memory:', onEvent }),
});
describeStateStore('SQLite', {
  create: () => {
    path = newPath();
    return createSqliteStateStore({ path, onEvent });
  },
  connectAgain: () => createSqliteStateStore({ path, onEvent }),
});
describeStateStore('SQLite in memory', {
  create: () => createSqliteStateStore({ path: ':memory:', onEvent }),
});

function entry(i: number): CacheEntry {
  return {
    key: String(i).padStart(64, '0'),
    tenant: 't',
    wire: 'openai-chat',
    model: 'm',
    body: new Uint8Array(500),
    usage: NO_USAGE,
    usageBasis: 'exact',
    costUsd: 0,
    createdAt: i,
    expiresAt: 1_000_000,
  };
}

describe('the SQLite cache store', () => {
  it.each<[string, (store: ReturnType<typeof createSqliteCacheStore>) => number]>([
    ['by key', (store) => store.delete([entry(1).key, entry(2).key])],
    ['by time', (store) => store.deleteOld({ now: 10, createdBefore: 10 })],
    ['by tenant', (store) => store.deleteAll('t')],
    ['all at once', (store) => store.deleteAll()],
  ])('overwrites what it is told to delete, %s', (_, remove) => {
    const file = newPath();
    const store = createSqliteCacheStore({ path: file, onEvent });
    const body = (word: string, times: number) => new TextEncoder().encode(`${word} `.repeat(times));
    store.putMany([
      { ...entry(1), body: body('short-secret', 3) },
      { ...entry(2), body: body('long-secret', 10_000) },
    ]);
    store.close();
    expect(readFileSync(file).includes('long-secret')).toBe(true);
    const again = createSqliteCacheStore({ path: file, onEvent });
    expect(remove(again)).toBe(2);
    again.close();
    const bytes = readFileSync(file);
    expect(['short-secret', 'long-secret'].filter((word) => bytes.includes(word))).toEqual([]);
  });

  it('survives damage found while serving: empty, reported, and at work again (INV-S5)', () => {
    const file = newPath();
    const events: PareEvent[] = [];
    const store = createSqliteCacheStore({ path: file, onEvent: (event) => events.push(event) });
    store.putMany(Array.from({ length: 500 }, (_, i) => entry(i)));
    const garbled = createSqliteCacheStore({ path: file, onEvent });
    store.close();
    garbled.close();
    const bytes = readFileSync(file);
    writeFileSync(file, Buffer.concat([bytes.subarray(0, 8192), Buffer.alloc(bytes.length - 8192, 0xee)]));
    const again = createSqliteCacheStore({ path: file, onEvent: (event) => events.push(event) });
    expect(again.get(entry(3).key)).toBeUndefined();
    again.putMany([entry(3)]);
    expect(again.get(entry(3).key)).toMatchObject({ createdAt: 3 });
    expect(events.map((event) => event.code)).toEqual(['store_set_aside']);
    expect(readdirSync(folder).filter((name) => name.includes('corrupt'))).not.toEqual([]);
    again.close();
  });

  it('keeps its entries across a restart', () => {
    const file = newPath();
    const first = createSqliteCacheStore({ path: file, onEvent });
    first.putMany([entry(1)]);
    first.addHits(new Map([[entry(1).key, 2]]), 5);
    first.close();
    const second = createSqliteCacheStore({ path: file, onEvent });
    expect(second.get(entry(1).key)).toMatchObject({ hits: 2, lastHitAt: 5 });
    expect(second.stats().totalHits).toBe(2);
    second.close();
  });
});
