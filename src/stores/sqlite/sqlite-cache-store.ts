import type { DatabaseSync, SQLOutputValue, StatementSync } from 'node:sqlite';
import type {
  CacheEntry,
  CacheModelStats,
  CacheStats,
  CacheStore,
  StoredCacheEntry,
} from '../../contract/index.ts';
import { type OpenDatabaseOptions, openDatabase, transaction } from './open-database.ts';

// Bodies live apart from what is counted, sorted and updated, so that a hit rewrites a short row
// and an eviction reads none of them.
const SCHEMA = `
CREATE TABLE entries (
  id INTEGER PRIMARY KEY,
  key TEXT NOT NULL UNIQUE,
  tenant TEXT NOT NULL,
  wire TEXT NOT NULL,
  model TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  input_tokens INTEGER NOT NULL,
  output_tokens INTEGER NOT NULL,
  cache_read_tokens INTEGER NOT NULL,
  cache_write_tokens INTEGER NOT NULL,
  cache_write_1h_tokens INTEGER NOT NULL,
  reasoning_tokens INTEGER NOT NULL,
  usage_basis TEXT NOT NULL,
  cost_usd REAL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  hits INTEGER NOT NULL DEFAULT 0,
  last_hit_at INTEGER
);
CREATE INDEX entries_by_worth ON entries (hits, created_at);
CREATE INDEX entries_by_expiry ON entries (expires_at);
CREATE INDEX entries_by_age ON entries (created_at);
CREATE TABLE bodies (id INTEGER PRIMARY KEY, body BLOB NOT NULL);
CREATE TABLE models (
  model TEXT PRIMARY KEY,
  entries INTEGER NOT NULL DEFAULT 0,
  bytes INTEGER NOT NULL DEFAULT 0,
  hits INTEGER NOT NULL DEFAULT 0,
  tokens_saved INTEGER NOT NULL DEFAULT 0,
  cost_saved_usd REAL NOT NULL DEFAULT 0
) WITHOUT ROWID;
`;
const COLUMNS = `e.key, e.tenant, e.wire, e.model, b.body, e.input_tokens, e.output_tokens, e.cache_read_tokens,
  e.cache_write_tokens, e.cache_write_1h_tokens, e.reasoning_tokens, e.usage_basis, e.cost_usd, e.created_at,
  e.expires_at, e.hits, e.last_hit_at`;
/** Entries per page of a listing and per transaction of a deletion: a few milliseconds of work. */
const PAGE = 500;

/** Options of `createSqliteCacheStore`; the schema is its own. */
export type SqliteCacheStoreOptions = Omit<OpenDatabaseOptions, 'name' | 'migrations'>;

/**
 * Returns a cache store in one SQLite file. All its answers come at once; counts and savings are
 * kept per model as entries and hits are written, so `stats` reads no entry, and savings outlive
 * the entries that made them.
 *
 * @throws StoreError when the file cannot be used; see `openDatabase`
 */
export function createSqliteCacheStore(options: SqliteCacheStoreOptions): CacheStore {
  const database = openDatabase({ ...options, name: 'cache', migrations: [SCHEMA] });
  const use = database.guardWith(prepareStatements);

  return {
    get: (key) =>
      use((s) => {
        const row = s.get.get(key);
        return row === undefined ? undefined : toEntry(row);
      }),
    putMany: (entries) => use((s) => transaction(s.db, () => putMany(s, entries))),
    addHits: (hits, at) => use((s) => transaction(s.db, () => addHits(s, hits, at))),
    delete: (keys) => use((s) => transaction(s.db, () => deleteRows(s, rowsOf(s, keys)))),
    deleteOld: ({ now, createdBefore = Number.MIN_SAFE_INTEGER, limit }) =>
      inPages(limit, (size) =>
        use((s) =>
          transaction(s.db, () => {
            const expired = deleteRows(s, s.expired.all(now, size));
            return expired + deleteRows(s, s.createdBefore.all(createdBefore, size - expired));
          }),
        ),
      ),
    deleteAll: (tenant) =>
      tenant === undefined
        ? use((s) => transaction(s.db, () => deleteEverything(s)))
        : inPages(undefined, (size) =>
            use((s) => transaction(s.db, () => deleteRows(s, s.ofTenant.all(tenant, size)))),
          ),
    evict: (bounds) => inPages(bounds.limit, (size) => use((s) => evictPage(s, bounds, size))),
    stats: () => use((s) => toStats(s.models.all())),
    entries: () => pagesOf((after) => use((s) => s.page.all(after, PAGE)).map(toEntry)),
    changeToken: () => use((s) => Number(s.version.get()?.['data_version'])),
    close: () => database.close(),
  };
}

function prepareStatements(db: DatabaseSync) {
  return {
    db,
    get: db.prepare(`SELECT ${COLUMNS} FROM entries e JOIN bodies b USING (id) WHERE e.key = ?`),
    page: db.prepare(
      `SELECT ${COLUMNS} FROM entries e JOIN bodies b USING (id) WHERE e.key > ? ORDER BY e.key LIMIT ?`,
    ),
    insert: db.prepare(
      `INSERT INTO entries (key, tenant, wire, model, bytes, input_tokens, output_tokens, cache_read_tokens,
        cache_write_tokens, cache_write_1h_tokens, reasoning_tokens, usage_basis, cost_usd, created_at, expires_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ),
    insertBody: db.prepare('INSERT INTO bodies (id, body) VALUES (?, ?)'),
    remove: db.prepare('DELETE FROM entries WHERE id = ?'),
    removeBody: db.prepare('DELETE FROM bodies WHERE id = ?'),
    find: db.prepare('SELECT id, model, bytes FROM entries WHERE key = ?'),
    hit: db.prepare(
      `UPDATE entries SET hits = hits + ?, last_hit_at = max(?, coalesce(last_hit_at, 0)) WHERE key = ?
       RETURNING model, input_tokens + output_tokens AS tokens, cost_usd`,
    ),
    count: db.prepare(
      `INSERT INTO models (model, entries, bytes, hits, tokens_saved, cost_saved_usd) VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET entries = entries + excluded.entries, bytes = bytes + excluded.bytes,
         hits = hits + excluded.hits, tokens_saved = tokens_saved + excluded.tokens_saved,
         cost_saved_usd = cost_saved_usd + excluded.cost_saved_usd`,
    ),
    expired: db.prepare(
      'SELECT id, model, bytes FROM entries WHERE expires_at <= ? ORDER BY expires_at LIMIT ?',
    ),
    createdBefore: db.prepare(
      'SELECT id, model, bytes FROM entries WHERE created_at < ? ORDER BY created_at LIMIT ?',
    ),
    clearEntries: db.prepare('DELETE FROM entries'),
    clearBodies: db.prepare('DELETE FROM bodies'),
    clearSums: db.prepare('UPDATE models SET entries = 0, bytes = 0'),
    ofTenant: db.prepare('SELECT id, model, bytes FROM entries WHERE tenant = ? LIMIT ?'),
    leastUseful: db.prepare('SELECT id, model, bytes FROM entries ORDER BY hits, created_at, id LIMIT ?'),
    sums: db.prepare('SELECT total(entries) AS entries, total(bytes) AS bytes FROM models'),
    models: db.prepare('SELECT * FROM models ORDER BY model'),
    version: db.prepare('PRAGMA data_version'),
  } satisfies Record<string, StatementSync | DatabaseSync>;
}

type Statements = ReturnType<typeof prepareStatements>;
type Row = Record<string, SQLOutputValue>;

/** Changes of the sums of models, collected over one transaction. */
class Changes {
  readonly #changes = new Map<string, [number, number, number, number, number]>();

  of(model: string): [entries: number, bytes: number, hits: number, tokens: number, cost: number] {
    let change = this.#changes.get(model);
    if (change === undefined) {
      change = [0, 0, 0, 0, 0];
      this.#changes.set(model, change);
    }
    return change;
  }

  write(statements: Statements): void {
    for (const [model, change] of this.#changes) statements.count.run(model, ...change);
  }
}

function putMany(s: Statements, entries: readonly CacheEntry[]): void {
  const changes = new Changes();
  for (const entry of entries) {
    const old = s.find.get(entry.key);
    if (old !== undefined) removeRow(s, old, changes);
    const { usage } = entry;
    const { lastInsertRowid } = s.insert.run(
      entry.key,
      entry.tenant,
      entry.wire,
      entry.model,
      entry.body.byteLength,
      usage.inputTokens,
      usage.outputTokens,
      usage.cacheReadTokens,
      usage.cacheWriteTokens,
      usage.cacheWrite1hTokens,
      usage.reasoningTokens,
      entry.usageBasis,
      entry.costUsd,
      entry.createdAt,
      entry.expiresAt,
    );
    s.insertBody.run(lastInsertRowid, entry.body);
    const change = changes.of(entry.model);
    change[0] += 1;
    change[1] += entry.body.byteLength;
  }
  changes.write(s);
}

function addHits(s: Statements, hits: ReadonlyMap<string, number>, at: number): void {
  const changes = new Changes();
  for (const [key, count] of hits) {
    const row = s.hit.get(count, at, key);
    if (row === undefined) continue;
    const change = changes.of(String(row['model']));
    change[2] += count;
    change[3] += count * Number(row['tokens']);
    change[4] += count * Number(row['cost_usd'] ?? 0);
  }
  changes.write(s);
}

function rowsOf(s: Statements, keys: readonly string[]): Row[] {
  const rows: Row[] = [];
  for (const key of keys) {
    const row = s.find.get(key);
    if (row !== undefined) rows.push(row);
  }
  return rows;
}

function deleteRows(s: Statements, rows: readonly Row[]): number {
  const changes = new Changes();
  let deleted = 0;
  for (const row of rows) deleted += removeRow(s, row, changes);
  changes.write(s);
  return deleted;
}

/** Removes a row that was read in this transaction; counts a row named twice once. */
function removeRow(s: Statements, row: Row, changes: Changes): number {
  const id = Number(row['id']);
  if (Number(s.remove.run(id).changes) === 0) return 0;
  s.removeBody.run(id);
  const change = changes.of(String(row['model']));
  change[0] -= 1;
  change[1] -= Number(row['bytes']);
  return 1;
}

/** Without conditions SQLite drops whole tables at once instead of row by row. */
function deleteEverything(s: Statements): number {
  const { changes } = s.clearEntries.run();
  s.clearBodies.run();
  s.clearSums.run();
  return Number(changes);
}

/** Deletes at most `size` of the least useful entries; stops as soon as both bounds hold. */
function evictPage(
  s: Statements,
  bounds: { readonly maxEntries: number; readonly maxBytes: number },
  size: number,
): number {
  const holds = (entries: number, bytes: number) => entries <= bounds.maxEntries && bytes <= bounds.maxBytes;
  const before = s.sums.get();
  if (holds(Number(before?.['entries']), Number(before?.['bytes']))) return 0;
  return transaction(s.db, () => {
    const sums = s.sums.get();
    let [entries, bytes] = [Number(sums?.['entries']), Number(sums?.['bytes'])];
    const victims: Row[] = [];
    for (const row of s.leastUseful.iterate(size)) {
      if (holds(entries, bytes)) break;
      victims.push(row);
      entries -= 1;
      bytes -= Number(row['bytes']);
    }
    return deleteRows(s, victims);
  });
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

async function* pagesOf(
  read: (after: string) => readonly StoredCacheEntry[],
): AsyncGenerator<StoredCacheEntry> {
  for (let page = read(''); page.length > 0; page = read(page.at(-1)?.key ?? '')) yield* page;
}

function toEntry(row: Row): StoredCacheEntry {
  return {
    key: row['key'] as string,
    tenant: row['tenant'] as string,
    wire: row['wire'] as StoredCacheEntry['wire'],
    model: row['model'] as string,
    body: row['body'] as Uint8Array,
    usage: {
      inputTokens: row['input_tokens'] as number,
      outputTokens: row['output_tokens'] as number,
      cacheReadTokens: row['cache_read_tokens'] as number,
      cacheWriteTokens: row['cache_write_tokens'] as number,
      cacheWrite1hTokens: row['cache_write_1h_tokens'] as number,
      reasoningTokens: row['reasoning_tokens'] as number,
    },
    usageBasis: row['usage_basis'] as StoredCacheEntry['usageBasis'],
    costUsd: row['cost_usd'] as number | null,
    createdAt: row['created_at'] as number,
    expiresAt: row['expires_at'] as number,
    hits: row['hits'] as number,
    lastHitAt: row['last_hit_at'] as number | null,
  };
}

function toStats(rows: readonly Row[]): CacheStats {
  const total = { totalEntries: 0, totalHits: 0, totalBytes: 0, tokensSaved: 0, costSavedUsd: 0 };
  const byModel: [string, CacheModelStats][] = [];
  for (const row of rows) {
    const sums: CacheModelStats = {
      entries: Number(row['entries']),
      hits: Number(row['hits']),
      tokensSaved: Number(row['tokens_saved']),
      costSavedUsd: Number(row['cost_saved_usd']),
    };
    if (sums.entries > 0 || sums.hits > 0) byModel.push([String(row['model']), sums]);
    total.totalEntries += sums.entries;
    total.totalHits += sums.hits;
    total.totalBytes += Number(row['bytes']);
    total.tokensSaved += sums.tokensSaved;
    total.costSavedUsd += sums.costSavedUsd;
  }
  return { ...total, byModel: Object.fromEntries(byModel) };
}
