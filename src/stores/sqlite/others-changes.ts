import { randomInt } from 'node:crypto';
import type { DatabaseSync, StatementSync } from 'node:sqlite';

/** Part of the schema of a store that tells of changes: how often each writer added or deleted entries. */
export const WRITERS_SCHEMA = `
-- How often each writer added or deleted entries. Writer 0 stands for those of long ago.
CREATE TABLE writers (
  place INTEGER PRIMARY KEY,
  id INTEGER NOT NULL UNIQUE,
  changes INTEGER NOT NULL
);
INSERT INTO writers (id, changes) VALUES (0, 0);
`;

/** Writers that are counted apart; beyond it the first ones are summed. */
const WRITERS = 16;
const LONG_AGO = `id <> 0 AND place <= (SELECT max(place) FROM writers) - ${WRITERS}`;

/** A number that tells one writer from all others, from 1 to 2^47. */
export function newWriter(): number {
  return randomInt(1, 2 ** 47);
}

/** Tells what others changed through one connection, and tells others of the changes through it. */
export class OthersChanges {
  readonly #writer: number;
  readonly #statements: Readonly<
    Record<'version' | 'mark' | 'byOthers' | 'sumLongAgo' | 'forgetLongAgo', StatementSync>
  >;
  /** Differs between files, so that another file is a change. */
  readonly #prefix = newWriter().toString(36);
  #version: unknown;
  #token = '';
  #hasMarked = false;

  /** @param writer whose changes are no news here */
  constructor(db: DatabaseSync, writer: number) {
    this.#writer = writer;
    this.#statements = {
      version: db.prepare('PRAGMA data_version'),
      mark: db.prepare(
        'INSERT INTO writers (id, changes) VALUES (?, 1) ON CONFLICT (id) DO UPDATE SET changes = changes + 1',
      ),
      byOthers: db.prepare('SELECT coalesce(sum(changes), 0) AS n FROM writers WHERE id <> ?'),
      sumLongAgo: db.prepare(
        `UPDATE writers SET changes = changes + (SELECT coalesce(sum(changes), 0) FROM writers WHERE ${LONG_AGO})
         WHERE id = 0`,
      ),
      forgetLongAgo: db.prepare(`DELETE FROM writers WHERE ${LONG_AGO}`),
    };
  }

  /** Part of every transaction that added or deleted entries. */
  mark(): void {
    const { mark, sumLongAgo, forgetLongAgo } = this.#statements;
    mark.run(this.#writer);
    if (this.#hasMarked) return;
    this.#hasMarked = true;
    // Every process leaves a line; here they end.
    sumLongAgo.run();
    forgetLongAgo.run();
  }

  /** Differs from the last one when others added or deleted entries in between. */
  token(): string {
    const version = this.#statements.version.get()?.['data_version'];
    if (version === this.#version) return this.#token;
    this.#version = version;
    this.#token = `${this.#prefix}.${String(this.#statements.byOthers.get(this.#writer)?.['n'])}`;
    return this.#token;
  }
}
