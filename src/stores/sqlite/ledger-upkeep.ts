import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { LEVEL_LIFE, LEVELS } from './ledger-schema.ts';
import type { Floors } from './ledger-sums.ts';

const TABLES = ['model_sums', 'stage_sums', 'counts'];
const HOUR = LEVELS[1];

/** Forgets the sums of minutes and hours long past, once an hour. */
export class Upkeep {
  readonly #deletes: readonly StatementSync[];
  readonly #raise: StatementSync;
  readonly #read: StatementSync;
  #floors: Floors | undefined;
  #due = 0;

  constructor(db: DatabaseSync) {
    this.#deletes = TABLES.map((table) => db.prepare(`DELETE FROM ${table} WHERE level = ? AND bucket < ?`));
    this.#raise = db.prepare(
      `INSERT INTO floors (level, bucket) VALUES (?, ?)
       ON CONFLICT (level) DO UPDATE SET bucket = max(bucket, excluded.bucket)`,
    );
    this.#read = db.prepare('SELECT level, bucket FROM floors');
  }

  /** The first buckets that are kept; deletes what lies before. Only inside a write transaction. */
  run(now: number): Floors {
    if (this.#floors !== undefined && now < this.#due) return this.#floors;
    for (const [level, life] of LEVEL_LIFE.entries()) {
      const [size, next] = [LEVELS[level] as number, LEVELS[level + 1] as number];
      // A floor lies on a bucket of the next level, so that a period before it needs whole ones only.
      const floor = (Math.floor(Math.max(0, now - life) / next) * next) / size;
      this.#raise.run(level, floor);
      for (const statement of this.#deletes) statement.run(level, floor);
    }
    this.#floors = readFloors(this.#read);
    this.#due = (Math.floor(now / HOUR) + 1) * HOUR;
    return this.#floors;
  }

  /** Starts anew; needed after a rollback, which takes raised floors back. */
  clear(): void {
    this.#floors = undefined;
  }
}

/** The floors by level, from a statement that selects `level` and `bucket`. */
export function readFloors(statement: StatementSync): Floors {
  const floors = LEVEL_LIFE.map(() => 0);
  for (const row of statement.all()) floors[Number(row['level'])] = Number(row['bucket']);
  return floors;
}
