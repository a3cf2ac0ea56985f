import type { DatabaseSync } from 'node:sqlite';
import type {
  Clock,
  EventSink,
  LedgerQuery,
  LedgerStore,
  LedgerSums,
  RecordsQuery,
  UsageRecord,
} from '../../contract/index.ts';
import { Names } from './ledger-names.ts';
import { prepareReading, readSums } from './ledger-reading.ts';
import { Records } from './ledger-records.ts';
import { LEDGER_MIGRATIONS } from './ledger-schema.ts';
import { BatchSums, prepareSums } from './ledger-sums.ts';
import { Upkeep } from './ledger-upkeep.ts';
import { openDatabase, transaction } from './open-database.ts';

/** Options of `createSqliteLedgerStore`. */
export interface SqliteLedgerOptions {
  /** The file, or `:memory:`. Not the cache's: two writers to one file wait for each other. */
  readonly path: string;
  readonly onEvent: EventSink;
  /** When the path cannot be used at all: go on in memory, or throw. @default 'throw' */
  readonly onUnavailable?: 'memory' | 'throw';
  /** Decides which minutes are old enough to forget. @default Date.now */
  readonly now?: Clock;
}

/** A ledger store whose methods answer at once. */
export interface SqliteLedgerStore extends LedgerStore {
  append(records: readonly UsageRecord[]): void;
  sums(query: LedgerQuery): LedgerSums;
  records(query: RecordsQuery): readonly UsageRecord[];
  deleteBefore(time: number): number;
  close(): void;
  /** Deletes the oldest records before `time`, at most `limit`; returns how many. */
  deleteSome(time: number, limit: number): number;
  /** The file in use now, and what it is: see `OpenedDatabase`. */
  location(): { readonly path: string; readonly kind: 'file' | 'fallback' | 'memory' };
}

const DELETED_AT_ONCE = 5000;

/**
 * Returns a ledger store in an SQLite file, which other processes may use at the same time.
 *
 * Minutes are kept for 8 days, hours for 400, days for good: edges of older periods are rounded
 * outwards. Beyond 2,000 models or error codes in one file, further ones are summed as `(other)`.
 *
 * @throws StoreError as `openDatabase` does; each method throws one when SQLite fails
 */
export function createSqliteLedgerStore(options: SqliteLedgerOptions): SqliteLedgerStore {
  const now = options.now ?? Date.now;
  const database = openDatabase({
    path: options.path,
    name: 'ledger',
    migrations: LEDGER_MIGRATIONS,
    onEvent: options.onEvent,
    now,
    ...(options.onUnavailable === undefined ? {} : { onUnavailable: options.onUnavailable }),
  });
  const use = database.guardWith(prepare);
  return {
    append: (records) => use((parts) => append(parts, records, now())),
    sums: (query) => use((parts) => readSums(parts.reading, query)),
    records: (query) => use((parts) => parts.records.page(query)),
    deleteBefore: (time) => {
      // In short transactions, so that nobody who appends waits for all of it.
      for (let total = 0; ; ) {
        const deleted = use((parts) => parts.records.deleteBefore(time, DELETED_AT_ONCE));
        total += deleted;
        if (deleted < DELETED_AT_ONCE) return total;
      }
    },
    deleteSome: (time, limit) => use((parts) => parts.records.deleteBefore(time, limit)),
    location: () => ({ path: database.path, kind: database.kind }),
    close: () => database.close(),
  };
}

type Parts = ReturnType<typeof prepare>;

function prepare(db: DatabaseSync) {
  const names = new Names(db);
  return {
    db,
    names,
    records: new Records(db, names),
    sums: prepareSums(db),
    upkeep: new Upkeep(db),
    reading: prepareReading(db, names),
  };
}

function append(parts: Parts, records: readonly UsageRecord[], now: number): void {
  if (records.length === 0) return;
  const sums = new BatchSums();
  try {
    transaction(parts.db, () => {
      for (const record of records) {
        const ids = parts.records.insert(record);
        if (ids !== undefined) sums.add(record, ids);
      }
      sums.write(parts.sums, parts.upkeep.run(now));
    });
  } catch (error) {
    parts.names.clear();
    parts.upkeep.clear();
    throw error;
  }
}
