import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { LedgerQuery, LedgerSums } from '../../contract/index.ts';
import { MODEL_COLUMNS, STAGE_COLUMNS, toModelSums, toStageSums } from './ledger-columns.ts';
import type { Names } from './ledger-names.ts';
import { type ReasonKind, reasonOf, stageOf } from './ledger-sums.ts';
import { readFloors } from './ledger-upkeep.ts';
import { type LevelRange, rangesOf } from './ledger-windows.ts';

type TableName = 'model_sums' | 'stage_sums' | 'counts';

/** What `readSums` needs of a connection. */
export interface Reading {
  readonly db: DatabaseSync;
  readonly names: Names;
  readonly floors: StatementSync;
  readonly statements: Readonly<
    Record<TableName, { readonly all: StatementSync; readonly tenant: StatementSync }>
  >;
}

const KEYS: Readonly<Record<TableName, readonly string[]>> = {
  model_sums: ['provider', 'model'],
  stage_sums: ['stage'],
  counts: ['name'],
};
const COLUMNS: Readonly<Record<TableName, readonly string[]>> = {
  model_sums: MODEL_COLUMNS,
  stage_sums: STAGE_COLUMNS,
  counts: ['requests'],
};

/** Prepares the statements that read sums. */
export function prepareReading(db: DatabaseSync, names: Names): Reading {
  const statement = (table: TableName, filter: string): StatementSync => {
    const keys = KEYS[table].join();
    // total(), not sum(): whole numbers beyond 64 bits would be an error.
    const columns = COLUMNS[table].map((name) => `total(${name}) AS ${name}`).join();
    return db.prepare(
      `SELECT ${keys}, ${columns} FROM ${table}
       WHERE level = ? AND bucket >= ? AND bucket < ? ${filter} GROUP BY ${keys}`,
    );
  };
  const both = (table: TableName) => ({
    all: statement(table, ''),
    tenant: statement(table, 'AND tenant = ?'),
  });
  return {
    db,
    names,
    floors: db.prepare('SELECT level, bucket FROM floors'),
    statements: { model_sums: both('model_sums'), stage_sums: both('stage_sums'), counts: both('counts') },
  };
}

const NOTHING: LedgerSums = {
  models: [],
  stages: [],
  bypassReasons: [],
  semanticReasons: [],
  errorCodes: [],
};

/** The sums of a period, from days, hours and minutes; all of one moment. */
export function readSums(reading: Reading, query: LedgerQuery): LedgerSums {
  return snapshot(reading.db, () => readAll(reading, query));
}

function readAll(reading: Reading, query: LedgerQuery): LedgerSums {
  const { names } = reading;
  let tenant: number | undefined;
  if (query.tenant !== undefined) {
    tenant = names.find('tenant', query.tenant);
    if (tenant === undefined) return NOTHING;
  }
  const ranges = rangesOf(query, readFloors(reading.floors));
  const gather = (table: TableName): Gathered[] => gatherRows(reading, table, { ranges, tenant });
  const counts = gather('counts').map(({ key: [id = 0], values: [requests = 0] }) => ({ id, requests }));
  const reasonsOf = (kind: ReasonKind): LedgerSums['bypassReasons'] =>
    counts.flatMap(({ id, requests }) => {
      const reason = id < 0 ? reasonOf(kind, id) : undefined;
      return reason === undefined ? [] : [{ reason, requests }];
    });
  return {
    models: gather('model_sums').map(({ key: [provider = 0, model = 0], values }) =>
      toModelSums({ model: names.name(model), provider: names.name(provider) }, values),
    ),
    stages: gather('stage_sums').map(({ key: [id = 0], values }) => toStageSums(stageOf(id), values)),
    bypassReasons: reasonsOf('bypass'),
    semanticReasons: reasonsOf('semantic'),
    errorCodes: counts
      .filter(({ id }) => id > 0)
      .map(({ id, requests }) => ({ code: names.name(id), requests })),
  };
}

interface Gathered {
  readonly key: readonly number[];
  readonly values: Float64Array;
}

function gatherRows(
  reading: Reading,
  table: TableName,
  where: { readonly ranges: readonly LevelRange[]; readonly tenant: number | undefined },
): Gathered[] {
  const { all, tenant } = reading.statements[table];
  const gathered = new Map<string, Gathered>();
  for (const { level, from, to } of where.ranges) {
    const rows =
      where.tenant === undefined ? all.all(level, from, to) : tenant.all(level, from, to, where.tenant);
    for (const row of rows) addRow(gathered, table, row);
  }
  return [...gathered.values()];
}

function addRow(gathered: Map<string, Gathered>, table: TableName, row: Record<string, unknown>): void {
  const columns = COLUMNS[table];
  const key = KEYS[table].map((name) => Number(row[name]));
  const name = key.join();
  let target = gathered.get(name);
  if (target === undefined) {
    target = { key, values: new Float64Array(columns.length) };
    gathered.set(name, target);
  }
  const { values } = target;
  for (const [i, column] of columns.entries()) values[i] = (values[i] as number) + Number(row[column]);
}

/** Runs a reading in one transaction, so that no row of a later append is in it. */
function snapshot<T>(db: DatabaseSync, read: () => T): T {
  db.exec('BEGIN');
  try {
    const result = read();
    db.exec('COMMIT');
    return result;
  } catch (error) {
    endTransaction(db);
    throw error;
  }
}

function endTransaction(db: DatabaseSync): void {
  try {
    db.exec('ROLLBACK');
  } catch {
    // SQLite ends the transaction itself on some errors; the first error is the one that counts.
    return;
  }
}
