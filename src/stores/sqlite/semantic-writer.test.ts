import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { PareEvent, SemanticStore } from '../../contract/index.ts';
import { describeSemanticStore } from '../../testing/conformance/semantic-store.ts';
import { semanticEntry } from '../../testing/fixtures/semantic-entry.ts';
import { createSemanticWriter } from './semantic-writer.ts';
import { createSqliteSemanticStore } from './sqlite-semantic-store.ts';

let folder: string;
let path: string;
let count = 0;
const opened: SemanticStore[] = [];
const noEvent = (event: PareEvent): void => {
  throw new Error(`unexpected event ${event.code}: ${event.message}`);
};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pare-semantic-'));
  path = join(folder, `semantic-${++count}.db`);
});
afterEach(async () => {
  for (const store of opened.splice(0)) await store.close();
  rmSync(folder, { recursive: true, force: true });
});

function open(events: PareEvent[] = [], more: { readonly onUnavailable?: 'memory' } = {}): SemanticStore {
  const store = createSemanticWriter({ path, onEvent: (event) => events.push(event), ...more });
  opened.push(store);
  return store;
}

const id = (name: string) => semanticEntry(name).id;
const has = async (store: SemanticStore, name: string) => (await store.get([id(name)])).length === 1;
const many = (size: number) => Array.from({ length: size }, (_, i) => semanticEntry(`entry ${i}`));

describe('in a thread', () => {
  describeSemanticStore('SQLite', { create: () => open(), connectAgain: () => open() });
});
describe('in no thread', () => {
  const store = (file: string) => () => createSqliteSemanticStore({ path: file, onEvent: noEvent });
  describeSemanticStore('SQLite', { create: () => store(path)(), connectAgain: () => store(path)() });
  describeSemanticStore('SQLite in memory', { create: store(':memory:') });
  describeSemanticStore('SQLite in memory by the writer', {
    create: () => createSemanticWriter({ path: ':memory:', onEvent: noEvent }),
  });
});

describe('the semantic writer', () => {
  it('starts no thread before the first write, and keeps its entries across a restart', async () => {
    const seen = vi.fn();
    process.on('worker', seen);
    try {
      const store = open();
      expect([await store.count(), await has(store, 'a')]).toEqual([0, false]);
      for await (const page of store.vectors('any')) expect(page).toEqual([]);
      await store.close();
      expect(seen).not.toHaveBeenCalled();
      const writing = open();
      await writing.putMany(many(700));
      expect(seen).toHaveBeenCalledTimes(1);
      await writing.close();
      const again = open();
      let vectors = 0;
      for await (const page of again.vectors(semanticEntry('').embedder)) vectors += page.length;
      expect([await again.count(), vectors]).toEqual([700, 700]);
      expect(seen).toHaveBeenCalledTimes(1);
    } finally {
      process.off('worker', seen);
    }
  });

  it('keeps the order of writes that were not awaited, and writes them before it closes', async () => {
    const store = open();
    const puts = Array.from({ length: 50 }, async (_, i) =>
      store.putMany([semanticEntry('a', { createdAt: i })]),
    );
    const deleted = store.delete([id('a')]);
    const again = store.putMany([semanticEntry('a', { createdAt: 99 })]);
    await store.close();
    await Promise.all([...puts, again]);
    expect(await deleted).toBe(1);
    expect(await open().get([id('a')])).toMatchObject([{ createdAt: 99 }]);
  });

  it('sends vectors that are part of a larger block without the block', async () => {
    const store = open();
    const block = new Float32Array(100_000).fill(1);
    await store.putMany([semanticEntry('a', { vector: block.subarray(16, 32) })]);
    expect((await store.get([id('a')]))[0]?.vector).toHaveLength(16);
    expect(block).toHaveLength(100_000);
  });

  it('keeps scopes no longer than they have entries (INV-S4)', async () => {
    const store = open();
    for (let i = 0; i < 20; i++) {
      await store.putMany([semanticEntry('moves', { scopeKey: `scope ${i}` }), semanticEntry(`stays ${i}`)]);
    }
    await store.delete(Array.from({ length: 20 }, (_, i) => id(`stays ${i}`)));
    const db = new DatabaseSync(path);
    expect(db.prepare('SELECT key, entries FROM scopes').all()).toEqual([{ key: 'scope 19', entries: 1 }]);
    expect(db.prepare('SELECT count(*) AS n FROM vectors').get()).toEqual({ n: 1 });
    db.close();
  });

  it('leaves nothing of a text that was deleted in its file (INV-E3)', async () => {
    const store = open();
    const entries = many(300).map((entry) => ({ ...entry, text: `a secret of ${entry.id}` }));
    await store.putMany(entries);
    await store.delete(entries.slice(1).map((entry) => entry.id));
    await store.close();
    const left = readdirSync(folder).map((file) => readFileSync(join(folder, file), 'latin1'));
    expect(left.join('').split('a secret of').length - 1).toBe(1);
  });

  it('lets other work go on while it lists (INV-X6)', async () => {
    const store = open();
    await store.putMany(many(3_000));
    let turns = 0;
    const timer = setInterval(() => turns++, 0);
    for await (const page of store.vectors(semanticEntry('').embedder)) expect(page.length).toBeLessThan(600);
    clearInterval(timer);
    expect(turns).toBeGreaterThan(1);
  });
});

describe('two processes', () => {
  it('see what the other added and deleted, and that it did', async () => {
    const store = open();
    await store.putMany([semanticEntry('ours'), semanticEntry('other')]);
    const before = store.changeToken?.();
    await runModule(`
      const store = createSemanticWriter({ path: process.argv[1], onEvent: () => {} });
      await store.putMany([semanticEntry('theirs')]);
      await store.delete([semanticEntry('ours').id]);
      await store.close();
    `);
    expect([await has(store, 'theirs'), await has(store, 'ours'), await has(store, 'other')]).toEqual([
      true,
      false,
      true,
    ]);
    expect(store.changeToken?.()).not.toBe(before);
  });

  it('write at once and lose nothing', async () => {
    const code = (name: string) => `
      const store = createSemanticWriter({ path: process.argv[1], onEvent: () => {} });
      for (let i = 0; i < 100; i++) await store.putMany([semanticEntry('${name}' + i), semanticEntry('both' + i)]);
      await store.close();
    `;
    await open().putMany([semanticEntry('first')]);
    await Promise.all([runModule(code('a')), runModule(code('b'))]);
    expect(await open().count()).toBe(301);
  });

  it('kill -9 loses nothing whose writing had ended, and leaves a sound file (INV-S5)', async () => {
    const child = spawnModule(`
      const { writeSync } = await import('node:fs');
      const store = createSemanticWriter({ path: process.argv[1], onEvent: () => {} });
      for (let i = 0; ; i++) {
        await store.putMany([semanticEntry('a' + i), semanticEntry('b' + i)]);
        writeSync(1, i + '\\n');
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
    `);
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
    while (output.split('\n').length < 200) await sleep(3);
    child.kill('SIGKILL');
    await once(child, 'close');
    const events: PareEvent[] = [];
    const store = open(events);
    const written = output.split('\n').slice(0, -1);
    const names = written.flatMap((i) => [`a${i}`, `b${i}`]);
    expect(await store.get(names.map(id))).toHaveLength(names.length);
    const kept = await store.count();
    expect(kept % 2).toBe(0);
    let vectors = 0;
    for await (const page of store.vectors(semanticEntry('').embedder)) vectors += page.length;
    expect(vectors).toBe(kept);
    expect(events).toEqual([]);
  });
});

/** Writes over all of a file but its first page. */
function damage(): void {
  const bytes = readFileSync(path);
  writeFileSync(path, Buffer.concat([bytes.subarray(0, 8192), Buffer.alloc(bytes.length - 8192, 0xee)]));
}

describe('trouble', () => {
  it.each([
    ['a write', async (store: SemanticStore) => store.putMany([semanticEntry('found')])],
    ['a read', async (store: SemanticStore) => expect(await has(store, 'entry 3')).toBe(false)],
  ])('goes on with a new file where %s found the old one damaged (INV-S5)', async (_, find) => {
    const first = open();
    await first.putMany(many(500));
    await first.close();
    damage();
    const events: PareEvent[] = [];
    const store = open(events);
    await find(store);
    store.changeToken?.();
    await store.putMany([semanticEntry('new')]);
    expect([await has(store, 'new'), await has(store, 'entry 3')]).toEqual([true, false]);
    expect(events.map((event) => event.code)).toEqual(['store_set_aside']);
    expect(readdirSync(folder).filter((name) => name.includes('.corrupt-')).length).toBeGreaterThan(0);
  });

  it('gives no vector that is not finite, whatever stands in the file', async () => {
    const store = open();
    await store.putMany([semanticEntry('a'), semanticEntry('b')]);
    const db = new DatabaseSync(path);
    db.exec(
      "UPDATE vectors SET vector = zeroblob(3) WHERE place = 1; UPDATE vectors SET vector = x'8080' WHERE place = 2",
    );
    db.close();
    const found: Float32Array[] = [];
    for await (const page of store.vectors(semanticEntry('').embedder))
      found.push(...page.map((one) => one.vector));
    expect(found.map((vector) => [...vector].map((value) => Math.round(value * 100)))).toEqual([
      [0, 0, 0],
      [-71, -71],
    ]);
  });

  it('uses one substitute in both threads while the file is locked (INV-S5)', async () => {
    await open().putMany([semanticEntry('old')]);
    const lock = new DatabaseSync(path);
    lock.exec('BEGIN IMMEDIATE');
    const events: PareEvent[] = [];
    const store = open(events);
    await store.putMany([semanticEntry('new')]);
    lock.exec('ROLLBACK');
    lock.close();
    expect([await has(store, 'new'), await has(store, 'old')]).toEqual([true, false]);
    expect(events.map((event) => event.code)).toEqual(['store_locked']);
  });

  it('fails a write while another process holds the lock, and works on after it', async () => {
    const store = open();
    const lock = new DatabaseSync(path);
    lock.exec('BEGIN IMMEDIATE');
    await expect(store.putMany([semanticEntry('new')])).rejects.toMatchObject({ code: 'store_busy' });
    lock.exec('ROLLBACK');
    lock.close();
    await store.putMany([semanticEntry('new')]);
    expect(await has(store, 'new')).toBe(true);
  });

  it('works in memory, in one thread, where no file can be used', async () => {
    writeFileSync(join(folder, 'file'), '');
    path = join(folder, 'file', 'semantic.db');
    expect(() => createSemanticWriter({ path, onEvent: noEvent })).toThrow('cannot be used');
    const events: PareEvent[] = [];
    const store = open(events, { onUnavailable: 'memory' });
    await store.putMany([semanticEntry('a')]);
    expect([await has(store, 'a'), await store.count()]).toEqual([true, 1]);
    expect(events.map((event) => event.code)).toEqual(['store_unavailable']);
  });

  it('refuses work after it was closed', async () => {
    const store = open();
    await store.close();
    await expect(async () => store.putMany([semanticEntry('a')])).rejects.toMatchObject({
      code: 'store_closed',
    });
    expect(() => store.count()).toThrow('closed');
  });

  it('refuses the file of another store', () => {
    const db = new DatabaseSync(path);
    db.exec('CREATE TABLE entries (id INTEGER)');
    db.close();
    expect(() => open()).toThrow(expect.objectContaining({ code: 'store_foreign' }));
  });
});

/** Runs a module in its own process, with the writer and a maker of entries in scope. */
function spawnModule(code: string) {
  const url = (file: string): string => JSON.stringify(new URL(file, import.meta.url).href);
  const source = `
    import { createSemanticWriter } from ${url('./semantic-writer.ts')};
    const { semanticEntry } = await import(${url('../../testing/fixtures/semantic-entry.ts')});
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
