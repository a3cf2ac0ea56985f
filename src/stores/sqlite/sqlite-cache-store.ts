import type {
  CacheEntry,
  CacheStats,
  CacheStore,
  MaybePromise,
  StoredCacheEntry,
} from '../../contract/index.ts';
import {
  addHits,
  deleteEverything,
  deleteRows,
  evictPage,
  holdsWithin,
  putMany,
  rowsOf,
} from './cache-changes.ts';
import { toEntry, toStats } from './cache-rows.ts';
import { CACHE_MIGRATIONS, type CacheStatements, hashOf, prepareStatements } from './cache-schema.ts';
import { fingerprintsOf } from './key-filter.ts';
import { type OpenDatabaseOptions, openDatabase, transaction } from './open-database.ts';
import { newWriter, OthersChanges } from './others-changes.ts';

/** Entries per page of a listing and per transaction of a deletion: a few milliseconds of work. */
const PAGE = 500;
/** Pages of the log before they are moved: keys are random, and most pages are written many times. */
const CHECKPOINT_PAGES = 4000;

/** Options of `createSqliteCacheStore`; the schema is its own. */
export interface SqliteCacheStoreOptions
  extends Omit<OpenDatabaseOptions, 'name' | 'migrations' | 'checkpointPages'> {
  /** Whose changes `changeToken` does not tell: an integer from 1 to 2^47. @default a new one */
  readonly writer?: number;
  /** Called when a file was opened, first or instead of another, and before it is used. */
  readonly onOpened?: () => void;
}

/** A page of the keys in a store, as `fingerprintsOf` gives them. */
export interface KeyPage {
  readonly fingerprints: Uint32Array<ArrayBuffer>;
  /** Where the next page goes on; absent when there are no more. */
  readonly last?: number;
  /** Entries in the store. */
  readonly total: number;
}

/** A cache store whose methods answer at once. */
export interface SqliteCacheStore extends CacheStore {
  get(key: string): StoredCacheEntry | undefined;
  putMany(entries: readonly CacheEntry[]): void;
  addHits(hits: ReadonlyMap<string, number>, at: number): void;
  delete(keys: readonly string[]): number;
  deleteOld(options: Parameters<CacheStore['deleteOld']>[0]): number;
  deleteAll(tenant?: string): number;
  evict(bounds: Parameters<CacheStore['evict']>[0]): number;
  stats(): CacheStats;
  changeToken(): string;
  close(): void;
  /** The entries after a key, in the order of keys: some hundreds, none at the end. */
  page(after: string): readonly StoredCacheEntry[];
  /** Keys in the order of their writing, from where a page ended (0 for the first), at most `limit`. */
  keys(after: number, limit: number): KeyPage;
  /** The file in use now, and what it is: see `OpenedDatabase`. */
  location(): { readonly path: string; readonly kind: 'file' | 'fallback' | 'memory' };
  /** Goes on with another file where another connection replaced this one. */
  refresh(): void;
}

/**
 * Returns a cache store in one SQLite file. All its answers come at once; counts and savings are
 * kept per model as entries and hits are written, so `stats` reads no entry, and savings outlive
 * the entries that made them.
 *
 * @throws StoreError when the file cannot be used; see `openDatabase`
 */
export function createSqliteCacheStore(options: SqliteCacheStoreOptions): SqliteCacheStore {
  const { writer = newWriter(), onOpened, ...rest } = options;
  const database = openDatabase({
    ...rest,
    name: 'cache',
    migrations: CACHE_MIGRATIONS,
    checkpointPages: CHECKPOINT_PAGES,
  });
  const use = database.guardWith((db) => {
    onOpened?.();
    return { ...prepareStatements(db), changes: new OthersChanges(db, writer) };
  });
  const { write, erase } = writesOf(use);

  return {
    get: (key) =>
      use((s) => {
        const row = s.get.get(hashOf(key), key);
        return row === undefined ? undefined : toEntry(row);
      }),
    putMany: (entries) => write((s) => putMany(s, entries)),
    // No mark: hits do not change what may be served.
    addHits: (hits, at) => use((s) => transaction(s.db, () => addHits(s, hits, at))),
    delete: (keys) => erase((s) => deleteRows(s, rowsOf(s, keys))),
    deleteOld: ({ now, createdBefore, limit }) =>
      inPages(limit, (size) =>
        (createdBefore === undefined ? write : erase)((s) => {
          const expired = deleteRows(s, s.expired.all(now, size));
          if (createdBefore === undefined || expired === size) return expired;
          return expired + deleteRows(s, s.createdBefore.all(createdBefore, size - expired));
        }),
      ),
    deleteAll: (tenant) =>
      tenant === undefined
        ? erase(deleteEverything)
        : inPages(undefined, (size) => erase((s) => deleteRows(s, s.ofTenant.all(tenant, size)))),
    evict: (bounds) =>
      inPages(bounds.limit, (size) =>
        use(holdsWithin(bounds)) ? 0 : write((s) => evictPage(s, bounds, size)),
      ),
    stats: () => use((s) => toStats(s.models.all())),
    entries: () => pagesOf((after) => use((s) => readPage(s, after))),
    page: (after) => use((s) => readPage(s, after)),
    keys: (after, limit) => use((s) => readKeys(s, after, limit)),
    changeToken: () => {
      database.refresh();
      return use((s) => s.changes.token());
    },
    location: () => ({ path: database.path, kind: database.kind }),
    refresh: () => database.refresh(),
    close: () => database.close(),
  };
}

/** What `writesOf` uses: the statements of a connection, and its mark for other processes. */
type Prepared = CacheStatements & { readonly changes: OthersChanges };

/** Runs operations that change entries, each in a transaction of its own; other processes are told when one did. */
function writesOf(use: <T>(operation: (s: Prepared) => T) => T) {
  const change = <T>(s: Prepared, operation: (s: CacheStatements) => T): T =>
    transaction(s.db, () => {
      const result = operation(s);
      if (result !== 0) s.changes.mark();
      return result;
    });
  return {
    write: <T>(operation: (s: CacheStatements) => T): T => use((s) => change(s, operation)),
    /** What is deleted is overwritten, since somebody asked for it. Eviction would write all that it drops. */
    erase: <T>(operation: (s: CacheStatements) => T): T =>
      use((s) => {
        s.db.exec('PRAGMA secure_delete=ON');
        try {
          return change(s, operation);
        } finally {
          s.db.exec('PRAGMA secure_delete=OFF');
        }
      }),
  };
}

/** Repeats a paged deletion until it finds nothing more; the lock is free between the pages. */
function inPages(limit: number | undefined, deletePage: (size: number) => number): number {
  let total = 0;
  for (;;) {
    const size = Math.min(PAGE, (limit ?? Number.POSITIVE_INFINITY) - total);
    const deleted = size > 0 ? deletePage(size) : 0;
    if (deleted === 0) return total;
    total += deleted;
  }
}

function readPage(s: CacheStatements, after: string): StoredCacheEntry[] {
  return s.page.all(hashOf(after), after, PAGE).map(toEntry);
}

function readKeys(s: CacheStatements, after: number, limit: number): KeyPage {
  const rows = s.keys.all(after, limit);
  const keys = rows.map((row) => row['key'] as string);
  const last = rows.length < limit ? undefined : Number(rows.at(-1)?.['id'] ?? 0);
  const total = Number(s.sums.get()?.['entries']);
  return { fingerprints: fingerprintsOf(keys), total, ...(last === undefined ? {} : { last }) };
}

/** All entries in pages, each read when it is wanted. */
export async function* pagesOf(
  read: (after: string) => MaybePromise<readonly StoredCacheEntry[]>,
): AsyncGenerator<StoredCacheEntry> {
  for (let page = await read(''); page.length > 0; page = await read(page.at(-1)?.key ?? '')) yield* page;
}
