import { setImmediate } from 'node:timers/promises';
import type { SemanticEntry, SemanticStore, SemanticVector } from '../../contract/index.ts';
import { type Packed, pack } from './byte-vector.ts';
import { type OpenDatabaseOptions, openDatabase, transaction } from './open-database.ts';
import { newWriter, OthersChanges } from './others-changes.ts';
import { type NewVector, oldestBeyond, putMany, reembed, regroup, remove } from './semantic-changes.ts';
import {
  type ListedEntry,
  matcherOf,
  type Row,
  toEntry,
  toForeign,
  toListed,
  toVector,
} from './semantic-rows.ts';
import { prepareStatements, SEMANTIC_MIGRATIONS, type SemanticStatements } from './semantic-schema.ts';

/** Entries per page of a listing and per transaction of a deletion: a few milliseconds of work. */
const PAGE = 500;

/** Options of `createSqliteSemanticStore`; the schema is its own. */
export interface SqliteSemanticStoreOptions
  extends Omit<OpenDatabaseOptions, 'name' | 'migrations' | 'checkpointPages'> {
  /** Whose changes `changeToken` does not tell: an integer from 1 to 2^47. @default a new one */
  readonly writer?: number;
}

/** A semantic store whose methods answer at once; lists let other work go on between their pages. */
export interface SqliteSemanticStore extends SemanticStore {
  get(ids: readonly number[]): readonly SemanticEntry[];
  putMany(entries: readonly SemanticEntry[]): void;
  regroup(groups: ReadonlyMap<number, number>): void;
  delete(ids: readonly number[]): number;
  deleteExpired(now: number, limit: number): readonly number[];
  evict(maxEntries: number, limit: number): readonly number[];
  foreign(embedder: string, limit: number): readonly Pick<SemanticEntry, 'id' | 'text'>[];
  reembed(vectors: readonly NewVector[], embedder: string): void;
  count(): number;
  changeToken(): string;
  close(): void;
  /** As `putMany`. */
  putPacked(entries: readonly Packed<SemanticEntry>[]): void;
  /** As `reembed`. */
  reembedPacked(vectors: readonly Packed<NewVector>[], embedder: string): void;
  /** The file in use now, and what it is: see `OpenedDatabase`. */
  location(): { readonly path: string; readonly kind: 'file' | 'fallback' | 'memory' };
  /** Goes on with another file where another connection replaced this one. */
  refresh(): void;
}

/**
 * Returns a semantic store in one SQLite file. Vectors are kept as one byte a number and come back with length 1:
 * a cosine is within about 0.002 of what it was. What was written when a call returned survives the death of the
 * process.
 *
 * @throws StoreError when the file cannot be used; see `openDatabase`
 */
export function createSqliteSemanticStore(options: SqliteSemanticStoreOptions): SqliteSemanticStore {
  const { writer = newWriter(), ...rest } = options;
  const database = openDatabase({ ...rest, name: 'semantic', migrations: SEMANTIC_MIGRATIONS });
  const use = database.guardWith((db) => {
    // Texts are what people asked: deleted ones are overwritten, not only left out.
    db.exec('PRAGMA secure_delete=ON');
    return { ...prepareStatements(db), changes: new OthersChanges(db, writer) };
  });
  /** Makes a change that returns the entries which it changed. Other processes are told when there were any. */
  const change = (operation: (s: SemanticStatements) => readonly number[]): readonly number[] =>
    use((s) =>
      transaction(s.db, () => {
        const changed = operation(s);
        if (changed.length > 0) s.changes.mark();
        return changed;
      }),
    );
  const putPacked = (entries: readonly Packed<SemanticEntry>[]): void => {
    change((s) => putMany(s, entries));
  };
  const reembedPacked = (vectors: readonly Packed<NewVector>[], embedder: string): void => {
    change((s) => reembed(s, vectors, embedder));
  };

  return {
    get: (ids) =>
      use((s) =>
        ids.flatMap((id) => {
          const row = s.get.get(id);
          return row === undefined ? [] : [toEntry(row)];
        }),
      ),
    putMany: (entries) => putPacked(entries.map(pack)),
    putPacked,
    regroup: (groups) => use((s) => transaction(s.db, () => regroup(s, groups))),
    delete: (ids) => inPages(ids, (page) => change((s) => remove(s, page))).length,
    deleteExpired: (now, limit) => {
      // Found at once: those that did not expire are looked at once, however many did.
      const ids = use((s) => s.expired.all(now, atMost(limit))).map((row) => row['id'] as number);
      // By then one may have been replaced.
      return inPages(ids, (page) => change((s) => remove(s, page, now)));
    },
    evict: (most, limit) =>
      inPages(
        use((s) => oldestBeyond(s, { most, limit: atMost(limit) })),
        (page) => change((s) => remove(s, page)),
      ),
    select: (filter) =>
      selected((after) => use((s) => s.page.all(after, PAGE).map(toListed)), matcherOf(filter)),
    vectors: (embedder) => vectorPages((after) => use((s) => s.vectors.all(embedder, after, PAGE))),
    foreign: (embedder, limit) => use((s) => s.foreign.all(embedder, atMost(limit))).map(toForeign),
    reembed: (vectors, embedder) => reembedPacked(vectors.map(pack), embedder),
    reembedPacked,
    count: () => use((s) => Number(s.count.get()?.['entries'])),
    changeToken: () => {
      database.refresh();
      return use((s) => s.changes.token());
    },
    location: () => ({ path: database.path, kind: database.kind }),
    refresh: () => database.refresh(),
    close: () => database.close(),
  };
}

/** The lock is free between the pages. */
function inPages(
  ids: readonly number[],
  change: (page: readonly number[]) => readonly number[],
): readonly number[] {
  const changed: number[] = [];
  for (let at = 0; at < ids.length; at += PAGE) changed.push(...change(ids.slice(at, at + PAGE)));
  return changed;
}

/** A limit as SQLite knows it, to which a negative one is none. */
function atMost(limit: number): number {
  return Math.max(0, Math.min(Math.floor(limit), Number.MAX_SAFE_INTEGER));
}

async function* selected(
  read: (after: number) => readonly ListedEntry[],
  isWanted: (entry: ListedEntry) => boolean,
): AsyncGenerator<ListedEntry> {
  for (let page = read(-1); page.length > 0; ) {
    for (const entry of page) if (isWanted(entry)) yield entry;
    await setImmediate();
    page = read(page.at(-1)?.id ?? 0);
  }
}

async function* vectorPages(
  read: (after: number) => readonly Row[],
): AsyncGenerator<readonly SemanticVector[]> {
  for (let page = read(0); page.length > 0; ) {
    yield page.map(toVector);
    await setImmediate();
    page = read(page.at(-1)?.['place'] as number);
  }
}
