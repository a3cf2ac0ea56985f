import { chmodSync, closeSync, existsSync, openSync, renameSync, type Stats, statSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { type Clock, type EventSink, type PareEvent, StoreError } from '../../contract/index.ts';
import { makeFolder } from '../../support/index.ts';
import { connect } from './connect.ts';
import { ReplacementLock } from './replacement-lock.ts';
import { isCorruption, isLocked, toStoreError } from './sqlite-errors.ts';

/** Options of `openDatabase`. */
export interface OpenDatabaseOptions {
  /** The file, or `:memory:`. Missing parent directories are created, readable by the owner only. */
  readonly path: string;
  /** The store's name in events and errors: `cache`. A file of another name is refused. */
  readonly name: string;
  /** SQL scripts; the one at index i takes the schema from version i to i + 1. Append only. */
  readonly migrations: readonly string[];
  readonly onEvent: EventSink;
  /** When the path cannot be used at all: go on in memory, or throw. @default 'throw' */
  readonly onUnavailable?: 'memory' | 'throw';
  /**
   * When the file is locked while opening: use another beside it, or throw `store_busy`, as who follows
   * another connection must. @default 'fallback'
   */
  readonly onLocked?: 'fallback' | 'throw';
  /** Pages of the write-ahead log before they are moved into the file. @default 1000 */
  readonly checkpointPages?: number;
  /** Longest wait for a lock in one operation, in milliseconds. @default 200 */
  readonly busyTimeoutMs?: number;
  /** Longest wait for a lock while opening, in milliseconds. @default 1000 */
  readonly openTimeoutMs?: number;
  readonly now?: Clock;
}

/** An open database that replaces its own file when that turns out to be damaged. */
export interface OpenedDatabase {
  /** The file in use now; `:memory:` when there is none. */
  readonly path: string;
  /** `fallback` while the asked-for file was locked, `memory` when no file could be used. */
  readonly kind: 'file' | 'fallback' | 'memory';
  /**
   * Runs an operation. When SQLite finds the file damaged, the file is set aside, a new one takes
   * its place and the operation runs once more.
   * @throws StoreError for every failure of SQLite
   */
  guard<T>(operation: (db: DatabaseSync) => T): T;
  /**
   * Returns a `guard` whose operations get what `prepare` made of the connection (its statements);
   * `prepare` runs again only when the connection was replaced.
   */
  guardWith<S>(prepare: (db: DatabaseSync) => S): <T>(operation: (prepared: S) => T) => T;
  /**
   * Lets go of a file that another connection set aside: the next operation opens the one that took its
   * place. Costs a look at the folder.
   */
  refresh(): void;
  /** Closes the connection; a second call does nothing. */
  close(): void;
}

interface Connection {
  readonly db: DatabaseSync;
  readonly path: string;
  readonly kind: OpenedDatabase['kind'];
  /** Which file it is, whatever its name is by now. */
  readonly identity: string | undefined;
}

/**
 * Opens a SQLite database that no damaged or locked file can keep from working (INV-S5).
 *
 * WAL, `synchronous=NORMAL`: what was committed survives the death of the process. A damaged file
 * is renamed to `<path>.corrupt-<time>` and replaced (event `store_set_aside`); a locked one is left
 * alone and `<name>.fallback-<time>.db` beside it is used (event `store_locked`).
 *
 * @throws StoreError `store_too_new` for a schema of a later Pare, `store_foreign` for a database of
 *   another program (both are left untouched), `store_unavailable` when the path cannot be used
 */
export function openDatabase(options: OpenDatabaseOptions): OpenedDatabase {
  const opener = new Opener(options);
  let connection: Connection | undefined = opener.open();
  let isClosed = false;

  const current = (): Connection => {
    if (isClosed) throw new StoreError('store_closed', `The ${options.name} store is closed.`);
    connection ??= opener.open();
    return connection;
  };
  const attempt = <T>(operation: (connection: Connection) => T): T => {
    const used = current();
    try {
      return operation(used);
    } catch (error) {
      if (!isCorruption(error) || isClosed) throw toStoreError(error, options.name);
      connection = undefined;
      opener.replace(used, error);
    }
    try {
      return operation(current());
    } catch (error) {
      throw toStoreError(error, options.name);
    }
  };

  return {
    get path() {
      return connection?.path ?? options.path;
    },
    get kind() {
      return connection?.kind ?? 'file';
    },
    guard: (operation) => attempt((used) => operation(used.db)),
    guardWith: (prepare) => {
      let prepared: ReturnType<typeof prepare> | undefined;
      let preparedOn: DatabaseSync | undefined;
      return (operation) =>
        attempt(({ db }) => {
          if (prepared === undefined || preparedOn !== db) {
            prepared = prepare(db);
            preparedOn = db;
          }
          return operation(prepared);
        });
    },
    refresh: () => {
      if (connection === undefined || isClosed || isCurrent(connection)) return;
      connection.db.close();
      connection = undefined;
    },
    close: () => {
      if (isClosed) return;
      isClosed = true;
      if (connection !== undefined) opener.close(connection);
    },
  };
}

/** A file without a successor is still the one to use: whoever replaces it is not done yet. */
function isCurrent({ kind, path, identity }: Connection): boolean {
  if (kind === 'memory') return true;
  const found = identityOf(path);
  return found === undefined || found === identity;
}

/** Runs `operation` in one write transaction; an error rolls it back. */
export function transaction<T>(db: DatabaseSync, operation: () => T): T {
  db.exec('BEGIN IMMEDIATE');
  try {
    const result = operation();
    db.exec('COMMIT');
    return result;
  } catch (error) {
    rollBack(db);
    throw error;
  }
}

function rollBack(db: DatabaseSync): void {
  try {
    db.exec('ROLLBACK');
  } catch {
    // SQLite ends the transaction itself on some errors; the first error is the one that counts.
    return;
  }
}

/** Each finds the file damaged, or replaced by another connection in the meantime. */
const MAX_ATTEMPTS = 5;

class Opener {
  readonly #options: OpenDatabaseOptions;
  readonly #lock: ReplacementLock;

  constructor(options: OpenDatabaseOptions) {
    this.#options = options;
    this.#lock = new ReplacementLock(options.path);
  }

  open(): Connection {
    const { path } = this.#options;
    if (path === ':memory:') return this.#openMemory();
    try {
      prepareDirectory(path);
      return this.#openOrReplace();
    } catch (error) {
      if (error instanceof StoreError && error.code !== 'store_unavailable') throw error;
      if (isLocked(error) && this.#options.onLocked === 'throw')
        throw toStoreError(error, this.#options.name);
      const unavailable = this.#unavailable(error);
      if (this.#options.onUnavailable !== 'memory') throw unavailable;
      this.#report('store_unavailable', `${unavailable.message} Going on in memory.`, {});
      return this.#openMemory();
    }
  }

  /** The last connection to close deletes the log by its name: not while the name changes hands. */
  close({ db }: Connection): void {
    this.#lock.open(() => db.close());
  }

  /** Ends a connection to a damaged file, and moves that out of the way. */
  replace(damaged: Connection, error: unknown): void {
    if (damaged.kind === 'memory') return damaged.db.close();
    this.#lock.replace(() => {
      damaged.db.close();
      this.#setAside(damaged.path, damaged.identity, error);
    });
  }

  /** Puts a new file in the place of a damaged one, unless another connection has done so. */
  #setAside(path: string, damaged: string | undefined, error: unknown): void {
    if (damaged === undefined || identityOf(path) !== damaged) return;
    const target = unusedPath(`${path}.corrupt-${this.#stamp()}`, '');
    renameSync(path, target);
    for (const suffix of ['-wal', '-shm', '-journal']) {
      if (existsSync(path + suffix)) renameSync(path + suffix, target + suffix);
    }
    createFile(path);
    const reason = error instanceof Error ? error.message : String(error);
    this.#report(
      'store_set_aside',
      `The ${this.#options.name} store was damaged (${reason}); it is kept as ${target} and a new one is in use.`,
      { path, kept: target },
    );
  }

  #openOrReplace(): Connection {
    const { path } = this.#options;
    for (let attempts = 1; ; attempts++) {
      const tried = this.#lock.open(() => this.#try(path));
      if (tried.identity !== identityOf(path)) {
        // It was replaced while it was opened: what was opened, or failed to, is the old one.
        tried.db?.close();
        if (attempts < MAX_ATTEMPTS) continue;
      }
      const { db, identity, error } = tried;
      if (db !== undefined) return { db, path, kind: 'file', identity };
      if (isLocked(error) && this.#options.onLocked !== 'throw') return this.#openFallback();
      if (!isCorruption(error) || attempts >= MAX_ATTEMPTS) throw error;
      this.#lock.replace(() => this.#setAside(path, identity, error));
    }
  }

  #try(path: string): { identity: string | undefined; db?: DatabaseSync; error?: unknown } {
    const identity = createFile(path);
    try {
      return { identity, db: this.#connect(path) };
    } catch (error) {
      return { identity, error };
    }
  }

  #openFallback(): Connection {
    const { path, name } = this.#options;
    const base = join(dirname(path), basename(path, extname(path)));
    const fallback = unusedPath(`${base}.fallback-${this.#stamp()}`, '.db');
    const identity = createFile(fallback);
    const db = this.#connect(fallback);
    this.#report(
      'store_locked',
      `The ${name} store ${path} is locked by another process; ${fallback} is used until the next start.`,
      { path, fallback },
    );
    return { db, path: fallback, kind: 'fallback', identity };
  }

  #connect(path: string): DatabaseSync {
    const {
      name,
      migrations,
      busyTimeoutMs = 200,
      openTimeoutMs = 1000,
      checkpointPages = 1000,
    } = this.#options;
    return connect({ path, name, migrations, busyTimeoutMs, openTimeoutMs, checkpointPages });
  }

  #openMemory(): Connection {
    const path = ':memory:';
    return { db: this.#connect(path), path, kind: 'memory', identity: undefined };
  }

  #unavailable(error: unknown): StoreError {
    if (error instanceof StoreError) return error;
    const { name, path } = this.#options;
    const reason = error instanceof Error ? error.message : String(error);
    return new StoreError(
      'store_unavailable',
      `The ${name} store ${path} cannot be used (${reason}); check the path, its permissions and the disk.`,
      { cause: error, details: { store: name, path } },
    );
  }

  #report(code: string, message: string, details: NonNullable<PareEvent['details']>): void {
    this.#options.onEvent({
      level: 'error',
      code,
      message,
      details: { store: this.#options.name, ...details },
    });
  }

  /** `20261120T120117123Z`: sorts by time and is a valid file name everywhere. */
  #stamp(): string {
    return new Date((this.#options.now ?? Date.now)()).toISOString().replaceAll(/[-:.]/g, '');
  }
}

function prepareDirectory(path: string): void {
  makeFolder(dirname(path), 0o700);
}

/** Creates the file for its owner only, before SQLite would with the umask's mode. */
function createFile(path: string): string | undefined {
  if (!existsSync(path)) {
    closeSync(openSync(path, 'a', 0o600));
    chmodSync(path, 0o600);
  }
  return identityOf(path);
}

function identityOf(path: string): string | undefined {
  const stats: Stats | undefined = statSync(path, { throwIfNoEntry: false });
  return stats === undefined ? undefined : `${stats.dev}:${stats.ino}`;
}

function unusedPath(base: string, extension: string): string {
  let path = base + extension;
  for (let i = 2; existsSync(path); i++) path = `${base}-${i}${extension}`;
  return path;
}
