import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { WRITERS_SCHEMA } from './others-changes.ts';

// Rows stand in the order of their writing: ids are random, and in their order every transaction would touch
// most pages. Vectors live apart, so that what sorts and filters reads none of them. Scopes and embedders are long
// texts of which there are few. Age has no index: a search in the order of writing finds old ones first.
const SCHEMA = `
CREATE TABLE entries (
  place INTEGER PRIMARY KEY,
  id INTEGER NOT NULL,
  key TEXT NOT NULL,
  scope INTEGER NOT NULL,
  tenant TEXT NOT NULL,
  model TEXT NOT NULL,
  tags TEXT NOT NULL,
  text TEXT NOT NULL,
  embedder INTEGER NOT NULL,
  answer_group INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL
);
CREATE UNIQUE INDEX entries_by_id ON entries (id);
CREATE INDEX entries_by_embedder ON entries (embedder);
CREATE TABLE vectors (place INTEGER PRIMARY KEY, vector BLOB NOT NULL);
CREATE TABLE scopes (id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, entries INTEGER NOT NULL);
CREATE TABLE embedders (id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE);
${WRITERS_SCHEMA}`;

/** SQL scripts of the schema; the one at index i takes it from version i to i + 1. Append only. */
export const SEMANTIC_MIGRATIONS: readonly string[] = [SCHEMA];

const COLUMNS = `e.id, e.key, s.key AS scope_key, e.tenant, e.model, e.tags, e.text, m.key AS embedder_key,
  e.answer_group, e.created_at, e.expires_at`;
const NAMED = 'JOIN scopes s ON s.id = e.scope JOIN embedders m ON m.id = e.embedder';

/** Returns the statements of the semantic store on a connection. */
export function prepareStatements(db: DatabaseSync) {
  return {
    db,
    get: db.prepare(
      `SELECT ${COLUMNS}, v.vector FROM entries e JOIN vectors v USING (place) ${NAMED} WHERE e.id = ?`,
    ),
    page: db.prepare(`SELECT ${COLUMNS} FROM entries e ${NAMED} WHERE e.id > ? ORDER BY e.id LIMIT ?`),
    vectors: db.prepare(
      `SELECT e.place, e.id, s.key AS scope_key, v.vector
       FROM entries e JOIN vectors v USING (place) JOIN scopes s ON s.id = e.scope
       WHERE e.embedder = (SELECT id FROM embedders WHERE key = ?) AND e.place > ? ORDER BY e.place LIMIT ?`,
    ),
    foreign: db.prepare(
      'SELECT id, text FROM entries WHERE embedder IN (SELECT id FROM embedders WHERE key <> ?) LIMIT ?',
    ),
    addScope: db.prepare(
      `INSERT INTO scopes (key, entries) VALUES (?, 1)
       ON CONFLICT DO UPDATE SET entries = entries + 1 RETURNING id`,
    ),
    leaveScope: db.prepare('UPDATE scopes SET entries = entries - ? WHERE id = ?'),
    dropScope: db.prepare('DELETE FROM scopes WHERE id = ? AND entries <= 0'),
    addEmbedder: db.prepare('INSERT INTO embedders (key) VALUES (?) ON CONFLICT DO NOTHING'),
    embedder: db.prepare('SELECT id FROM embedders WHERE key = ?'),
    insert: db.prepare(
      `INSERT INTO entries (id, key, scope, tenant, model, tags, text, embedder, answer_group, created_at,
        expires_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ),
    insertVector: db.prepare('INSERT INTO vectors (place, vector) VALUES (?, ?)'),
    remove: db.prepare('DELETE FROM entries WHERE id = ? AND expires_at <= ? RETURNING place, scope'),
    removeVector: db.prepare('DELETE FROM vectors WHERE place = ?'),
    regroup: db.prepare('UPDATE entries SET answer_group = ? WHERE id = ?'),
    reembed: db.prepare('UPDATE entries SET embedder = ? WHERE id = ? RETURNING place'),
    replaceVector: db.prepare('UPDATE vectors SET vector = ? WHERE place = ?'),
    expired: db.prepare('SELECT id FROM entries WHERE expires_at <= ? ORDER BY place LIMIT ?'),
    // In the order of writing, which is that of age but for entries that were written late.
    oldest: db.prepare('SELECT id FROM entries ORDER BY place LIMIT ?'),
    count: db.prepare('SELECT total(entries) AS entries FROM scopes'),
  } satisfies Record<string, StatementSync | DatabaseSync>;
}

/** The prepared statements of one connection. */
export type SemanticStatements = ReturnType<typeof prepareStatements>;
