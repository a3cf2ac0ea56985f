import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isPareError, type PareEvent, type StoreError } from '../../contract/index.ts';
import { type OpenDatabaseOptions, type OpenedDatabase, openDatabase, transaction } from './open-database.ts';

const MIGRATIONS = ['CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT NOT NULL)'];

let folder: string;
let events: PareEvent[];
const opened: OpenedDatabase[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pare-open-'));
  events = [];
});
afterEach(() => {
  for (const database of opened.splice(0)) database.close();
  rmSync(folder, { recursive: true, force: true });
});

function open(path: string, more: Partial<OpenDatabaseOptions> = {}): OpenedDatabase {
  const database = openDatabase({
    path,
    name: 'notes',
    migrations: MIGRATIONS,
    onEvent: (event) => events.push(event),
    openTimeoutMs: 100,
    busyTimeoutMs: 50,
    now: () => Date.UTC(2026, 10, 20, 12, 1, 17, 123),
    ...more,
  });
  opened.push(database);
  return database;
}

function add(database: OpenedDatabase, text: string): void {
  database.guard((db) => db.prepare('INSERT INTO notes (text) VALUES (?)').run(text));
}

function texts(database: OpenedDatabase): unknown[] {
  return database.guard((db) =>
    db
      .prepare('SELECT text FROM notes ORDER BY id')
      .all()
      .map((row) => row['text']),
  );
}

function codeOf(operation: () => unknown): string {
  try {
    operation();
  } catch (error) {
    if (isPareError(error)) return error.code;
    throw error;
  }
  return 'no error';
}

describe('a healthy file', () => {
  it('is created with WAL, 8 KiB pages and normal sync, for the owner only', () => {
    const path = join(folder, 'a', 'b', 'notes.db');
    const database = open(path);
    const pragma = (name: string) =>
      database.guard((db) => Object.values(db.prepare(`PRAGMA ${name}`).get() ?? {})[0]);
    expect([pragma('journal_mode'), pragma('page_size'), pragma('synchronous')]).toEqual(['wal', 8192, 1]);
    expect([pragma('user_version'), pragma('busy_timeout')]).toEqual([1, 50]);
    add(database, 'x');
    expect(readdirSync(join(folder, 'a', 'b')).toSorted()).toEqual([
      'notes.db',
      'notes.db-shm',
      'notes.db-wal',
    ]);
    for (const name of readdirSync(join(folder, 'a', 'b'))) {
      expect([name, statSync(join(folder, 'a', 'b', name)).mode & 0o777]).toEqual([name, 0o600]);
    }
    expect(statSync(join(folder, 'a')).mode & 0o777).toBe(0o700);
    expect(statSync(join(folder, 'a', 'b')).mode & 0o777).toBe(0o700);
    expect(database.kind).toBe('file');
  });

  it('keeps its rows when it is opened again and when a migration follows', () => {
    const path = join(folder, 'notes.db');
    const first = open(path);
    add(first, 'kept');
    first.close();
    const later = open(path, {
      migrations: [...MIGRATIONS, "ALTER TABLE notes ADD COLUMN mood TEXT DEFAULT 'ok'"],
    });
    expect(
      later.guard((db) =>
        db
          .prepare('SELECT text, mood FROM notes')
          .all()
          .map((row) => ({ ...row })),
      ),
    ).toEqual([{ text: 'kept', mood: 'ok' }]);
    expect(events).toEqual([]);
  });

  it('applies nothing of a migration that fails', () => {
    const path = join(folder, 'notes.db');
    open(path).close();
    const migrations = [...MIGRATIONS, 'CREATE TABLE half (id INTEGER); CREATE TABLE notes (id INTEGER)'];
    expect(codeOf(() => open(path, { migrations }))).toBe('store_unavailable');
    const tables = open(path).guard((db) =>
      db
        .prepare('SELECT name FROM sqlite_master')
        .all()
        .map((row) => row['name']),
    );
    expect(tables).toEqual(['notes']);
  });

  it('is shared by two connections', () => {
    const path = join(folder, 'notes.db');
    const [one, two] = [open(path), open(path)];
    add(one, '1');
    add(two, '2');
    expect(texts(one)).toEqual(['1', '2']);
    expect(events).toEqual([]);
  });

  it('rolls a failed transaction back and can go on', () => {
    const database = open(join(folder, 'notes.db'));
    const failing = () =>
      database.guard((db) =>
        transaction(db, () => {
          db.exec("INSERT INTO notes (text) VALUES ('half')");
          throw new Error('stop');
        }),
      );
    expect(failing).toThrow(/stop/);
    add(database, 'whole');
    expect(texts(database)).toEqual(['whole']);
  });

  it('refuses operations once closed, and closes once', () => {
    const database = open(join(folder, 'notes.db'));
    database.close();
    database.close();
    expect(codeOf(() => texts(database))).toBe('store_closed');
  });
});

describe('a damaged file', () => {
  it.each([
    ['garbage', Buffer.from('this is not a database at all, '.repeat(1000))],
    [
      'a header and nothing sensible after it',
      Buffer.concat([Buffer.from('SQLite format 3\0'), Buffer.alloc(9000, 7)]),
    ],
  ])('of %s is set aside with its companions, reported and replaced (INV-S5)', (_, garbage) => {
    const path = join(folder, 'notes.db');
    writeFileSync(path, garbage);
    writeFileSync(`${path}-wal`, 'old wal');
    writeFileSync(`${path}-shm`, 'old shm');
    const database = open(path);
    add(database, 'served');
    expect(texts(database)).toEqual(['served']);
    const kept = `${path}.corrupt-20261120T120117123Z`;
    expect(readFileSync(kept).equals(garbage)).toBe(true);
    expect(events).toEqual([
      expect.objectContaining({
        level: 'error',
        code: 'store_set_aside',
        details: { store: 'notes', path, kept },
      }),
    ]);
    expect(database.kind).toBe('file');
  });

  it('found damaged while serving is set aside once and the operation runs on the new one (INV-S5)', () => {
    const path = join(folder, 'notes.db');
    const database = open(path);
    const use = database.guardWith((db) => ({ all: db.prepare('SELECT text FROM notes'), db }));
    for (let i = 0; i < 200; i++) add(database, 'x'.repeat(1000));
    database.guard((db) => db.exec('PRAGMA wal_checkpoint(TRUNCATE)'));
    expect(use((s) => s.all.all().length)).toBe(200);
    // Every page but the first is overwritten; another connection has to be told nothing.
    const bytes = readFileSync(path);
    writeFileSync(path, Buffer.concat([bytes.subarray(0, 8192), Buffer.alloc(bytes.length - 8192, 0xee)]), {
      flag: 'r+',
    });
    database.guard((db) => db.exec('PRAGMA shrink_memory'));
    expect(use((s) => s.all.all().length)).toBe(0);
    use((s) => s.db.exec("INSERT INTO notes (text) VALUES ('new')"));
    expect(texts(database)).toEqual(['new']);
    expect(events.map((event) => event.code)).toEqual(['store_set_aside']);
  });

  it('cut short is set aside (INV-S5)', () => {
    const path = join(folder, 'notes.db');
    const first = open(path);
    for (let i = 0; i < 200; i++) add(first, 'x'.repeat(1000));
    first.close();
    truncateSync(path, 8192 + 100);
    const database = open(path);
    add(database, 'served');
    expect(texts(database)).toEqual(['served']);
    expect(events.map((event) => event.code)).toEqual(['store_set_aside']);
  });

  it('that another process has already replaced is not moved again (INV-S5)', () => {
    const path = join(folder, 'notes.db');
    const slow = open(path);
    for (let i = 0; i < 200; i++) add(slow, 'x'.repeat(1000));
    slow.guard((db) => db.exec('PRAGMA wal_checkpoint(TRUNCATE)'));
    const bytes = readFileSync(path);
    writeFileSync(path, Buffer.concat([bytes.subarray(0, 8192), Buffer.alloc(bytes.length - 8192, 0xee)]), {
      flag: 'r+',
    });
    slow.guard((db) => db.exec('PRAGMA shrink_memory'));
    const quick = open(path);
    expect(texts(quick)).toEqual([]);
    add(quick, 'from the quick one');
    expect(texts(slow)).toEqual(['from the quick one']);
    expect(events.map((event) => event.code)).toEqual(['store_set_aside']);
  });
});

describe('a file that cannot be used', () => {
  it('locked by another connection is left alone and a sibling serves (INV-S5)', () => {
    const path = join(folder, 'notes.db');
    open(path).close();
    const holder = new DatabaseSync(path);
    holder.exec('PRAGMA locking_mode=EXCLUSIVE; BEGIN EXCLUSIVE');
    const database = open(path);
    add(database, 'served');
    expect(texts(database)).toEqual(['served']);
    const fallback = join(folder, 'notes.fallback-20261120T120117123Z.db');
    expect([database.kind, database.path]).toEqual(['fallback', fallback]);
    expect(events).toEqual([
      expect.objectContaining({
        level: 'error',
        code: 'store_locked',
        details: { store: 'notes', path, fallback },
      }),
    ]);
    holder.exec("INSERT INTO notes (text) VALUES ('of the holder'); COMMIT");
    holder.close();
    expect(texts(open(path))).toEqual(['of the holder']);
  });

  it('locked by another process is left alone and a sibling serves (INV-S5)', async () => {
    const path = join(folder, 'notes.db');
    open(path).close();
    const child = spawn(process.execPath, [
      '--input-type=module',
      '--eval',
      `import { DatabaseSync } from 'node:sqlite';
import { Worker } from 'node:worker_threads';
       const db = new DatabaseSync(${JSON.stringify(path)});
       db.exec('BEGIN IMMEDIATE');
       console.log('held');
       setInterval(() => {}, 1000);`,
    ]);
    await once(child.stdout, 'data');
    const database = open(path);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(database.kind).toBe('fallback');
    expect(events.map((event) => event.code)).toEqual(['store_locked']);
  });

  it('busy in the middle of serving is an error of this operation only', () => {
    const path = join(folder, 'notes.db');
    const database = open(path);
    const holder = new DatabaseSync(path);
    holder.exec('BEGIN IMMEDIATE');
    expect(codeOf(() => add(database, 'x'))).toBe('store_busy');
    holder.exec('ROLLBACK');
    holder.close();
    add(database, 'y');
    expect(texts(database)).toEqual(['y']);
  });

  it('full is an error of this operation only (INV-S5)', () => {
    const database = open(join(folder, 'notes.db'));
    database.guard((db) => db.exec('PRAGMA max_page_count=4'));
    expect(codeOf(() => add(database, 'x'.repeat(100_000)))).toBe('store_full');
    add(database, 'small');
    expect(texts(database)).toEqual(['small']);
  });

  it.each(['below a file', 'a directory'])(
    '%s: throws or goes on in memory, as the caller chose (INV-S5)',
    (where) => {
      writeFileSync(join(folder, 'file'), '');
      mkdirSync(join(folder, 'directory'));
      const path = where === 'a directory' ? join(folder, 'directory') : join(folder, 'file', 'notes.db');
      expect(codeOf(() => open(path))).toBe('store_unavailable');
      expect(events).toEqual([]);
      const database = open(path, { onUnavailable: 'memory' });
      add(database, 'served');
      expect(texts(database)).toEqual(['served']);
      expect([database.kind, database.path]).toEqual(['memory', ':memory:']);
      expect(events.map((event) => [event.level, event.code])).toEqual([['error', 'store_unavailable']]);
    },
  );

  it('of a later schema is not touched', () => {
    const path = join(folder, 'notes.db');
    open(path, { migrations: [...MIGRATIONS, 'CREATE TABLE later (id INTEGER)'] }).close();
    const before = readFileSync(path);
    expect(codeOf(() => open(path, { onUnavailable: 'memory' }))).toBe('store_too_new');
    expect(readFileSync(path).equals(before)).toBe(true);
    expect(readdirSync(folder)).toEqual(['notes.db']);
  });

  it('of another program or another store is not touched', () => {
    const path = join(folder, 'other.db');
    const other = new DatabaseSync(path);
    other.exec('CREATE TABLE theirs (id INTEGER)');
    other.close();
    const before = readFileSync(path);
    expect(codeOf(() => open(path))).toBe('store_foreign');
    expect(readFileSync(path).equals(before)).toBe(true);
    open(join(folder, 'notes.db')).close();
    expect(codeOf(() => open(join(folder, 'notes.db'), { name: 'cache' }))).toBe('store_foreign');
  });
});

it('keeps every commit and stays sound when the process is killed while writing (INV-S5)', async () => {
  const path = join(folder, 'notes.db');
  const child = spawn(process.execPath, [
    '--input-type=module',
    '--eval',
    `import { writeSync } from 'node:fs';
     const { openDatabase, transaction } = await import(${JSON.stringify(new URL('./open-database.ts', import.meta.url).href)});
     const database = openDatabase({ path: ${JSON.stringify(path)}, name: 'notes', migrations: ${JSON.stringify(MIGRATIONS)}, onEvent() {} });
     for (let i = 0; ; i++) {
       database.guard((db) => transaction(db, () => {
         for (let j = 0; j < 10; j++) db.prepare('INSERT INTO notes (text) VALUES (?)').run('x'.repeat(500));
       }));
       writeSync(1, i + '\\n');
     }`,
  ]);
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
    if (output.split('\n').length > 200) child.kill('SIGKILL');
  });
  await once(child, 'close');
  const acknowledged = output.split('\n').length - 1;
  expect(acknowledged).toBeGreaterThanOrEqual(200);
  const database = open(path);
  const rows = database.guard((db) => Number(db.prepare('SELECT count(*) AS n FROM notes').get()?.['n']));
  expect(rows).toBeGreaterThanOrEqual(acknowledged * 10);
  expect(rows % 10).toBe(0);
  expect(database.guard((db) => db.prepare('PRAGMA integrity_check').get()?.['integrity_check'])).toBe('ok');
  expect(events).toEqual([]);
});

it('hands its errors on with a cause', () => {
  const database = open(join(folder, 'notes.db'));
  let caught: StoreError | undefined;
  try {
    database.guard((db) => db.exec('SELECT nothing FROM nowhere'));
  } catch (error) {
    caught = error as StoreError;
  }
  expect(caught?.code).toBe('store_failed');
  expect(caught?.cause).toBeInstanceOf(Error);
});

describe('many threads and one damaged file', () => {
  it('replace it once and lose nothing that is written then (INV-S5)', async () => {
    for (let round = 0; round < 8; round++) {
      const path = join(folder, `${round}.db`);
      const before = open(path);
      for (let i = 0; i < 500; i++) add(before, 'x'.repeat(100));
      before.close();
      const gate = new Int32Array(new SharedArrayBuffer(4));
      const writers = Array.from({ length: 4 }, (_, i) =>
        startWriter({ path, gate, opensEarly: i < round % 3 }),
      );
      await Promise.all(writers.map(({ ready }) => ready));
      const bytes = readFileSync(path);
      writeFileSync(path, Buffer.concat([bytes.subarray(0, 8192), Buffer.alloc(bytes.length - 8192, 0xee)]));
      Atomics.store(gate, 0, 1);
      Atomics.notify(gate, 0);
      const ended = await Promise.all(writers.map(({ done }) => done));
      expect(ended.flatMap((writer) => writer.events)).toEqual(['store_set_aside']);
      expect(ended.flatMap((writer) => writer.errors)).toEqual([]);
      expect(texts(open(path))).toHaveLength(20);
    }
  });
});

describe('many threads and one new file', () => {
  it('all get it, since none that only starts at the same time is taken for a lock (INV-S5)', async () => {
    for (let round = 0; round < 8; round++) {
      const path = join(folder, `new-${round}.db`);
      const gate = new Int32Array(new SharedArrayBuffer(4));
      const writers = Array.from({ length: 8 }, () => startWriter({ path, gate, opensEarly: false }));
      await Promise.all(writers.map(({ ready }) => ready));
      Atomics.store(gate, 0, 1);
      Atomics.notify(gate, 0);
      const ended = await Promise.all(writers.map(({ done }) => done));
      expect(ended).toEqual(ended.map(() => ({ events: [], errors: [] })));
      expect(texts(open(path))).toHaveLength(40);
    }
  }, 60_000);
});

/** A thread that writes five notes when the gate opens, through a connection made before or after that. */
function startWriter(data: { path: string; gate: Int32Array; opensEarly: boolean }) {
  const source = `
    import { parentPort, workerData } from 'node:worker_threads';
    import { openDatabase } from ${JSON.stringify(new URL('./open-database.ts', import.meta.url).href)};
    const { path, gate, opensEarly } = workerData;
    const events = [], errors = [];
    const open = () => openDatabase({
      path, name: 'notes', migrations: ${JSON.stringify(MIGRATIONS)}, busyTimeoutMs: 5000, openTimeoutMs: 5000,
      onEvent: (event) => events.push(event.code),
    });
    let database = opensEarly ? open() : undefined;
    parentPort.postMessage('ready');
    Atomics.wait(gate, 0, 0);
    try {
      database ??= open();
      for (let i = 0; i < 5; i++) {
        database.refresh();
        database.guard((db) => db.prepare('INSERT INTO notes (text) VALUES (?)').run(String(i)));
      }
      database.close();
    } catch (error) {
      errors.push(String(error));
    }
    parentPort.postMessage({ events, errors });`;
  const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(source)}`), {
    workerData: data,
  });
  const ready = once(worker, 'message');
  const done = ready.then(async () => {
    const [result] = await once(worker, 'message');
    return result as { events: string[]; errors: string[] };
  });
  return { ready, done };
}
