export { type CacheWriterOptions, createCacheWriter } from './sqlite/cache-writer.ts';
export { createLedgerWriter, type LedgerWriter, type LedgerWriterOptions } from './sqlite/ledger-writer.ts';
export { createSemanticWriter, type SemanticWriterOptions } from './sqlite/semantic-writer.ts';
export {
  createSqliteCacheStore,
  type SqliteCacheStore,
  type SqliteCacheStoreOptions,
} from './sqlite/sqlite-cache-store.ts';
export {
  createSqliteLedgerStore,
  type SqliteLedgerOptions,
  type SqliteLedgerStore,
} from './sqlite/sqlite-ledger-store.ts';
export {
  createSqliteSemanticStore,
  type SqliteSemanticStore,
  type SqliteSemanticStoreOptions,
} from './sqlite/sqlite-semantic-store.ts';
export { createSqliteStateStore, type SqliteStateStoreOptions } from './sqlite/sqlite-state-store.ts';
export { createVectorIndex, type VectorIndexOptions } from './vectors/vector-index.ts';
