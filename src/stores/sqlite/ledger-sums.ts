import type { DatabaseSync, StatementSync } from 'node:sqlite';
import {
  type BypassReason,
  type Measurement,
  OWN_WORK,
  type StageName,
  type UsageRecord,
} from '../../contract/index.ts';
import {
  addMeasurement,
  addRecord,
  MODEL_COLUMNS,
  REASONS,
  STAGE_COLUMNS,
  STAGES,
} from './ledger-columns.ts';
import { LEVELS } from './ledger-schema.ts';

/** What a record is summed under. */
export interface SumIds {
  /** The record's time as it was stored. */
  readonly time: number;
  readonly tenant: number;
  readonly provider: number;
  readonly model: number;
  readonly error: number | null;
}

/** First buckets that are still kept, by level. */
export type Floors = readonly number[];

/** Rows of sums in the making; a key is the bucket followed by the other parts. */
class Rows {
  readonly #rows = new Map<string, { readonly key: readonly number[]; readonly values: Float64Array }>();
  readonly #width: number;

  constructor(width: number) {
    this.#width = width;
  }

  /** The values of a row, all 0 when it is new. */
  values(key: readonly number[]): Float64Array {
    const name = key.join();
    let row = this.#rows.get(name);
    if (row === undefined) {
      row = { key, values: new Float64Array(this.#width) };
      this.#rows.set(name, row);
    }
    return row.values;
  }

  /** The same sums in buckets `ratio` times as long. */
  coarser(ratio: number): Rows {
    const result = new Rows(this.#width);
    for (const { key, values } of this.#rows.values()) {
      const target = result.values([Math.floor((key[0] as number) / ratio), ...key.slice(1)]);
      for (let i = 0; i < values.length; i++) target[i] = (target[i] as number) + (values[i] as number);
    }
    return result;
  }

  write(statement: StatementSync, level: number, floor: number): void {
    for (const { key, values } of this.#rows.values()) {
      if ((key[0] as number) >= floor) statement.run(level, ...key, ...values);
    }
  }
}

/** Adds the records of one batch up in memory, by minute, and writes each row of sums once per level. */
export class BatchSums {
  readonly #models = new Rows(MODEL_COLUMNS.length);
  readonly #stages = new Rows(STAGE_COLUMNS.length);
  readonly #counts = new Rows(1);

  /** Adds a record that is new to the ledger. */
  add(record: UsageRecord, ids: SumIds): void {
    const minute = Math.floor(ids.time / LEVELS[0]);
    const { tenant } = ids;
    for (const measurement of record.measurements) {
      addMeasurement(this.#stages.values([minute, tenant, stageId(measurement)]), measurement);
    }
    // Nobody asked a model: a request that was none would change averages and rankings.
    if (record.provider === OWN_WORK) return;
    addRecord(this.#models.values([minute, tenant, ids.provider, ids.model]), record);
    if (ids.error !== null) this.#count([minute, tenant, ids.error]);
    if (record.cacheOutcome === 'bypassed' && record.cacheReason !== undefined) {
      this.#count([minute, tenant, reasonId('bypass', record.cacheReason)]);
    }
    if (record.semanticReason !== undefined) {
      this.#count([minute, tenant, reasonId('semantic', record.semanticReason)]);
    }
  }

  /** Writes all rows; buckets that a level no longer keeps are left out. */
  write(statements: SumStatements, floors: Floors): void {
    let [models, stages, counts] = [this.#models, this.#stages, this.#counts];
    for (const [level, size] of LEVELS.entries()) {
      const ratio = size / (LEVELS[level - 1] ?? size);
      if (ratio > 1)
        [models, stages, counts] = [models.coarser(ratio), stages.coarser(ratio), counts.coarser(ratio)];
      const floor = floors[level] ?? 0;
      models.write(statements.models, level, floor);
      stages.write(statements.stages, level, floor);
      counts.write(statements.counts, level, floor);
    }
  }

  #count(key: readonly number[]): void {
    const values = this.#counts.values(key);
    values[0] = (values[0] as number) + 1;
  }
}

/** Statements that add a row to the sums. */
export interface SumStatements {
  readonly models: StatementSync;
  readonly stages: StatementSync;
  readonly counts: StatementSync;
}

/** Prepares the statements that `BatchSums.write` needs. */
export function prepareSums(db: DatabaseSync): SumStatements {
  return {
    models: db.prepare(upsert('model_sums', ['tenant', 'provider', 'model'], MODEL_COLUMNS)),
    stages: db.prepare(upsert('stage_sums', ['tenant', 'stage'], STAGE_COLUMNS)),
    counts: db.prepare(upsert('counts', ['tenant', 'name'], ['requests'])),
  };
}

function upsert(table: string, key: readonly string[], columns: readonly string[]): string {
  const keys = ['level', 'bucket', ...key];
  const names = [...keys, ...columns];
  return `INSERT INTO ${table} (${names.join()}) VALUES (${names.map(() => '?').join()})
    ON CONFLICT (${keys.join()}) DO UPDATE SET ${columns.map((name) => `${name} = ${name} + excluded.${name}`).join()}`;
}

function stageId({ stage, mode }: Measurement): number {
  return STAGES.indexOf(stage) * 2 + (mode === 'on' ? 0 : 1);
}

/** The stage and mode behind the number in `stage_sums`. */
export function stageOf(id: number): { stage: StageName; mode: 'on' | 'shadow' } {
  return { stage: STAGES[id >> 1] as StageName, mode: (id & 1) === 0 ? 'on' : 'shadow' };
}

/** Which reasons are counted: why requests bypassed the cache, or what the semantic cache decided. */
export type ReasonKind = 'bypass' | 'semantic';

/** Kinds share the counts with error codes, whose numbers are positive; here each begins, downwards. */
const FIRST_ID: Readonly<Record<ReasonKind, number>> = { bypass: -1, semantic: -1001 };

function reasonId(kind: ReasonKind, reason: BypassReason): number {
  return FIRST_ID[kind] - REASONS.indexOf(reason);
}

/** The reason of that kind behind a negative number in `counts`; undefined when it is of the other kind. */
export function reasonOf(kind: ReasonKind, id: number): BypassReason | undefined {
  return REASONS[FIRST_ID[kind] - id];
}
