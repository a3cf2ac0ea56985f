import { MODEL_COLUMNS, STAGE_COLUMNS } from './ledger-columns.ts';

/** Periods over which sums are kept, in milliseconds: minute, hour, day. A level is an index here. */
export const LEVELS = [60_000, 3_600_000, 86_400_000] as const;

/** How long the sums of a level are kept, in milliseconds; days stay for good. */
export const LEVEL_LIFE = [8 * 86_400_000, 400 * 86_400_000] as const;

/**
 * A record's key is its time followed by 20 bits of its id's hash (the next free value when another
 * id has it). So the table is in order of time and knows ids without any further index.
 */
export const KEY_HASH_BITS = 20;

/** Columns of `records` in the first version of the schema, after the key. */
const FIRST_RECORD_COLUMNS = [
  'id',
  'tenant',
  'session',
  'provider',
  'model',
  'wire',
  'is_stream',
  'status',
  'error',
  'outcome',
  'reason',
  'basis',
  'input_tokens',
  'output_tokens',
  'cache_read_tokens',
  'cache_write_tokens',
  'cache_write_1h_tokens',
  'reasoning_tokens',
  'cost_usd',
  'net_tokens',
  'net_cost_usd',
  'latency_ms',
  'first_token_ms',
  'tags',
  'measurements',
] as const;

/** Columns of `records` in the order in which they are bound, after the key. */
export const RECORD_COLUMNS: readonly string[] = [...FIRST_RECORD_COLUMNS, 'semantic_reason'];

const TEXT_COLUMNS: ReadonlySet<string> = new Set(['id', 'session', 'tags', 'measurements']);
const REAL_COLUMNS: ReadonlySet<string> = new Set([
  'cost_usd',
  'net_cost_usd',
  'latency_ms',
  'first_token_ms',
]);

function recordColumn(name: string): string {
  if (TEXT_COLUMNS.has(name)) return `${name} TEXT`;
  return `${name} ${REAL_COLUMNS.has(name) ? 'REAL' : 'INTEGER'}`;
}

// Sums have no affinity: SQLite stores a whole number as an integer of few bytes either way.
const sums = (columns: readonly string[]): string =>
  columns.map((name) => `${name} REAL NOT NULL`).join(', ');

/** The ledger's schema; append only. */
export const LEDGER_MIGRATIONS: readonly string[] = [
  `CREATE TABLE names (
     id INTEGER PRIMARY KEY,
     kind INTEGER NOT NULL,
     name TEXT NOT NULL,
     sums_id INTEGER NOT NULL,
     UNIQUE (kind, name)
   );
   CREATE TABLE records (key INTEGER PRIMARY KEY, ${FIRST_RECORD_COLUMNS.map(recordColumn).join(', ')});
   CREATE TABLE model_sums (
     level INTEGER, bucket INTEGER, tenant INTEGER, provider INTEGER, model INTEGER,
     ${sums(MODEL_COLUMNS)},
     PRIMARY KEY (level, bucket, tenant, provider, model)
   ) WITHOUT ROWID;
   CREATE TABLE stage_sums (
     level INTEGER, bucket INTEGER, tenant INTEGER, stage INTEGER,
     ${sums(STAGE_COLUMNS)},
     PRIMARY KEY (level, bucket, tenant, stage)
   ) WITHOUT ROWID;
   CREATE TABLE counts (
     level INTEGER, bucket INTEGER, tenant INTEGER, name INTEGER, requests REAL NOT NULL,
     PRIMARY KEY (level, bucket, tenant, name)
   ) WITHOUT ROWID;
   CREATE TABLE floors (level INTEGER PRIMARY KEY, bucket INTEGER NOT NULL);`,
  // Null for all that is there: until then nobody asked a semantic cache.
  'ALTER TABLE records ADD COLUMN semantic_reason INTEGER',
];
