import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { WRITERS_SCHEMA } from './others-changes.ts';

// Bodies live apart from what is counted, sorted and updated, so that a hit rewrites a short row
// and an eviction reads none of them. Age has no index: rows stand in the order of their writing, so
// that a search for old ones in that order finds them first. Keys are found by their first digits: they are
// random, so every transaction touches most pages of their index, and this one has a quarter of the pages.
const SCHEMA = `
CREATE TABLE entries (
  id INTEGER PRIMARY KEY,
  hash INTEGER NOT NULL,
  key TEXT NOT NULL,
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
CREATE INDEX entries_by_hash ON entries (hash);
CREATE INDEX entries_by_worth ON entries (hits, created_at);
CREATE INDEX entries_by_expiry ON entries (expires_at);
CREATE TABLE bodies (id INTEGER PRIMARY KEY, body BLOB NOT NULL);
CREATE TABLE models (
  model TEXT PRIMARY KEY,
  entries INTEGER NOT NULL DEFAULT 0,
  bytes INTEGER NOT NULL DEFAULT 0,
  hits INTEGER NOT NULL DEFAULT 0,
  tokens_saved INTEGER NOT NULL DEFAULT 0,
  cost_saved_usd REAL NOT NULL DEFAULT 0
) WITHOUT ROWID;
${WRITERS_SCHEMA}`;

/** SQL scripts of the cache's schema; the one at index i takes it from version i to i + 1. Append only. */
export const CACHE_MIGRATIONS: readonly string[] = [
  SCHEMA,
  // Like age: who sweeps reads the entries in the order of their writing, once in a while and not with
  // every entry.
  'DROP INDEX entries_by_expiry',
];

const COLUMNS = `e.key, e.tenant, e.wire, e.model, b.body, e.input_tokens, e.output_tokens, e.cache_read_tokens,
  e.cache_write_tokens, e.cache_write_1h_tokens, e.reasoning_tokens, e.usage_basis, e.cost_usd, e.created_at,
  e.expires_at, e.hits, e.last_hit_at`;
/** Everything after a hash and its key, in the order of both, which is the order of keys. */
const AFTER = 'e.hash >= ?1 AND (e.hash > ?1 OR e.key > ?2) ORDER BY e.hash, e.key';
/** Bound to a JSON array of ids: one statement for many rows costs a third of one for each. */
const LISTED = 'IN (SELECT value FROM json_each(?))';

/** The first 48 bits of a key, which a JavaScript number holds. */
export function hashOf(key: string): number {
  // No digest, no hash: such keys are found all the same, among each other.
  return Number.parseInt(key.slice(0, 12), 16) || 0;
}

/** Returns the statements of the cache store on a connection. */
export function prepareStatements(db: DatabaseSync) {
  return {
    db,
    get: db.prepare(
      `SELECT ${COLUMNS} FROM entries e JOIN bodies b USING (id) WHERE e.hash = ? AND e.key = ?`,
    ),
    page: db.prepare(`SELECT ${COLUMNS} FROM entries e JOIN bodies b USING (id) WHERE ${AFTER} LIMIT ?3`),
    keys: db.prepare('SELECT id, key FROM entries WHERE id > ? ORDER BY id LIMIT ?'),
    insert: db.prepare(
      `INSERT INTO entries (hash, key, tenant, wire, model, bytes, input_tokens, output_tokens, cache_read_tokens,
        cache_write_tokens, cache_write_1h_tokens, reasoning_tokens, usage_basis, cost_usd, created_at, expires_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ),
    insertBody: db.prepare('INSERT INTO bodies (id, body) VALUES (?, ?)'),
    remove: db.prepare(`DELETE FROM entries WHERE id ${LISTED}`),
    removeBodies: db.prepare(`DELETE FROM bodies WHERE id ${LISTED}`),
    find: db.prepare('SELECT id, model, bytes FROM entries WHERE hash = ? AND key = ?'),
    hit: db.prepare(
      `UPDATE entries SET hits = hits + ?, last_hit_at = max(?, coalesce(last_hit_at, 0)) WHERE hash = ? AND key = ?
       RETURNING model, input_tokens + output_tokens AS tokens, cost_usd`,
    ),
    count: db.prepare(
      `INSERT INTO models (model, entries, bytes, hits, tokens_saved, cost_saved_usd) VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET entries = entries + excluded.entries, bytes = bytes + excluded.bytes,
         hits = hits + excluded.hits, tokens_saved = tokens_saved + excluded.tokens_saved,
         cost_saved_usd = cost_saved_usd + excluded.cost_saved_usd`,
    ),
    expired: db.prepare('SELECT id, model, bytes FROM entries WHERE expires_at <= ? ORDER BY id LIMIT ?'),
    createdBefore: db.prepare(
      'SELECT id, model, bytes FROM entries WHERE created_at < ? ORDER BY id LIMIT ?',
    ),
    clearEntries: db.prepare('DELETE FROM entries'),
    clearBodies: db.prepare('DELETE FROM bodies'),
    clearSums: db.prepare('UPDATE models SET entries = 0, bytes = 0'),
    ofTenant: db.prepare('SELECT id, model, bytes FROM entries WHERE tenant = ? LIMIT ?'),
    leastUseful: db.prepare('SELECT id, model, bytes FROM entries ORDER BY hits, created_at, id LIMIT ?'),
    sums: db.prepare('SELECT total(entries) AS entries, total(bytes) AS bytes FROM models'),
    models: db.prepare('SELECT * FROM models ORDER BY model'),
  } satisfies Record<string, StatementSync | DatabaseSync>;
}

/** The prepared statements of one connection. */
export type CacheStatements = ReturnType<typeof prepareStatements>;
