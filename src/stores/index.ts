export { createSqliteCacheStore, type SqliteCacheStoreOptions } from './sqlite/sqlite-cache-store.ts';
export { createSqliteStateStore, type SqliteStateStoreOptions } from './sqlite/sqlite-state-store.ts';
