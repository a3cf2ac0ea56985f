import { DatabaseSync } from 'node:sqlite';
import { StoreError } from '../../contract/index.ts';
import { sha256Hex } from '../../support/index.ts';
import { isLocked } from './sqlite-errors.ts';

/** Wait between two tries to turn the log on. */
const RETRY_MS = 5;

/** What `connect` needs to know. */
export interface ConnectOptions {
  readonly path: string;
  readonly name: string;
  readonly migrations: readonly string[];
  readonly busyTimeoutMs: number;
  readonly openTimeoutMs: number;
  readonly checkpointPages: number;
}

/**
 * Returns a connection with Pare's settings and the latest schema, proven writable. Nothing is
 * changed in a database of a later version or of another program.
 *
 * @throws StoreError `store_too_new`, `store_foreign`; else whatever SQLite throws
 */
export function connect(options: ConnectOptions): DatabaseSync {
  const db = new DatabaseSync(options.path);
  try {
    // Opening may wait longer than serving: two processes that start at once take turns.
    db.exec(`PRAGMA busy_timeout=${options.openTimeoutMs}`);
    checkOrigin(db, options);
    db.exec('PRAGMA page_size=8192');
    keepLog(db, options.openTimeoutMs);
    db.exec('PRAGMA synchronous=NORMAL');
    db.exec('PRAGMA journal_size_limit=67108864');
    db.exec(`PRAGMA wal_autocheckpoint=${options.checkpointPages}`);
    db.exec('PRAGMA temp_store=MEMORY');
    db.exec('PRAGMA cache_size=-8192');
    migrate(db, options);
    db.exec(`PRAGMA busy_timeout=${options.busyTimeoutMs}`);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/**
 * Turns the write-ahead log on. SQLite does not wait for the lock that this needs in a new file, since two who wait
 * for each other never would get it; whoever starts at the same time is done in a moment, so it is tried again.
 */
function keepLog(db: DatabaseSync, timeoutMs: number): void {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    try {
      db.exec('PRAGMA journal_mode=WAL');
      return;
    } catch (error) {
      if (!isLocked(error) || performance.now() >= deadline) throw error;
    }
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, RETRY_MS);
  }
}

function checkOrigin(db: DatabaseSync, options: ConnectOptions): void {
  const { version, owner, tables } = readOrigin(db);
  const isOurs = owner === applicationId(options.name);
  if (!isOurs && (owner !== 0 || version !== 0 || tables > 0)) {
    throw new StoreError(
      'store_foreign',
      `${options.path} is not a ${options.name} store of Pare; name another path.`,
      { details: { store: options.name, path: options.path } },
    );
  }
  const known = options.migrations.length;
  if (version > known) {
    throw new StoreError(
      'store_too_new',
      `${options.path} has schema version ${version}, this Pare knows ${known}; upgrade Pare or name another path.`,
      { details: { store: options.name, path: options.path, version, known } },
    );
  }
}

/** Read at one moment: who makes the same store beside us must be seen before its tables or with its mark. */
function readOrigin(db: DatabaseSync): { version: number; owner: number; tables: number } {
  db.exec('BEGIN');
  const version = readNumber(db, 'user_version');
  const owner = readNumber(db, 'application_id');
  const found = db.prepare("SELECT count(*) AS n FROM sqlite_master WHERE type = 'table'").get();
  db.exec('COMMIT');
  return { version, owner, tables: Number(found?.['n']) };
}

/** Takes the write lock even when the schema is current: a store that cannot be written is locked. */
function migrate(db: DatabaseSync, options: ConnectOptions): void {
  db.exec('BEGIN IMMEDIATE');
  // Read again under the lock: another process may have migrated in the meantime.
  const version = readNumber(db, 'user_version');
  if (version >= options.migrations.length) {
    db.exec('ROLLBACK');
    return;
  }
  db.exec(`PRAGMA application_id=${applicationId(options.name)}`);
  for (const sql of options.migrations.slice(version)) db.exec(sql);
  db.exec(`PRAGMA user_version=${options.migrations.length}`);
  db.exec('COMMIT');
}

function readNumber(db: DatabaseSync, pragma: 'user_version' | 'application_id'): number {
  return Number(db.prepare(`PRAGMA ${pragma}`).get()?.[pragma]);
}

/** Marks which store a file belongs to; positive, never 0, which means unmarked. */
function applicationId(name: string): number {
  return (Number.parseInt(sha256Hex(`pare:${name}`).slice(0, 8), 16) & 0x7fffffff) | 1;
}
