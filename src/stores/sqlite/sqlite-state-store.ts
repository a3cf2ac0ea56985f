import type { JsonValue, StateStore } from '../../contract/index.ts';
import { type OpenDatabaseOptions, openDatabase } from './open-database.ts';

const SCHEMA = `
CREATE TABLE documents (
  collection TEXT NOT NULL,
  id TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (collection, id)
) WITHOUT ROWID;
`;

/** Options of `createSqliteStateStore`; the schema is its own. */
export type SqliteStateStoreOptions = Omit<OpenDatabaseOptions, 'name' | 'migrations'>;

/**
 * Returns a state store in one SQLite file; all its answers come at once, lists in the order of ids.
 *
 * @throws StoreError when the file cannot be used; see `openDatabase`
 */
export function createSqliteStateStore(options: SqliteStateStoreOptions): StateStore {
  const database = openDatabase({ ...options, name: 'state', migrations: [SCHEMA] });
  const use = database.guardWith((db) => ({
    get: db.prepare('SELECT value FROM documents WHERE collection = ? AND id = ?'),
    put: db.prepare(
      `INSERT INTO documents (collection, id, value) VALUES (?, ?, ?)
       ON CONFLICT DO UPDATE SET value = excluded.value`,
    ),
    remove: db.prepare('DELETE FROM documents WHERE collection = ? AND id = ?'),
    list: db.prepare('SELECT id, value FROM documents WHERE collection = ? ORDER BY id'),
  }));

  return {
    get: (collection, id) =>
      use((s) => {
        const row = s.get.get(collection, id);
        return row === undefined ? undefined : parse(row['value']);
      }),
    put: (collection, id, value) => use((s) => void s.put.run(collection, id, JSON.stringify(value))),
    delete: (collection, id) => use((s) => Number(s.remove.run(collection, id).changes) > 0),
    list: (collection) =>
      use((s) =>
        s.list.all(collection).map((row) => ({ id: String(row['id']), value: parse(row['value']) })),
      ),
    close: () => database.close(),
  };
}

function parse(text: unknown): JsonValue {
  return JSON.parse(String(text)) as JsonValue;
}
