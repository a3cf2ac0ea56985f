import type { DatabaseSync } from 'node:sqlite';

/** Kinds of names in the dictionary; files hold the numbers. */
export const NAME_KINDS = { tenant: 0, provider: 1, model: 2, error: 3 } as const;
export type NameKind = keyof typeof NAME_KINDS;

/** Stands in the sums for names of a kind beyond `MAX_SUMMED_NAMES`. */
export const OTHER_NAME = '(other)';

/**
 * Callers choose model names and providers choose error codes: beyond this many of them in one file
 * they share one row of sums, so that nobody can grow the sums without end.
 */
const MAX_SUMMED_NAMES = 2000;
const MAX_NAME_LENGTH = 256;
const MAX_CACHED_NAMES = 20_000;

/** A name's ids: its own, and that of the row of sums it counts in. */
export interface NameIds {
  readonly id: number;
  readonly sumsId: number;
}

/** The dictionary of one connection: names to small integers and back. */
export class Names {
  readonly #ids = new Map<string, NameIds>();
  readonly #names = new Map<number, string>();
  readonly #statements: ReturnType<typeof prepareStatements>;

  constructor(db: DatabaseSync) {
    this.#statements = prepareStatements(db);
  }

  /** The ids of a name, which is added when it is new. Only inside a write transaction. */
  ids(kind: NameKind, name: string): NameIds {
    const key = NAME_KINDS[kind] + name;
    const known = this.#ids.get(key);
    if (known !== undefined) return known;
    const ids = this.#find(kind, name) ?? this.#insert(kind, name);
    if (this.#ids.size >= MAX_CACHED_NAMES) this.#ids.clear();
    this.#ids.set(key, ids);
    return ids;
  }

  /** The id of a name, or undefined when no record holds it. */
  find(kind: NameKind, name: string): number | undefined {
    return this.#find(kind, name)?.id;
  }

  /** The name behind an id. */
  name(id: number): string {
    const known = this.#names.get(id);
    if (known !== undefined) return known;
    const row = this.#statements.byId.get(id);
    const name = row === undefined ? '' : String(row['name']);
    if (this.#names.size >= MAX_CACHED_NAMES) this.#names.clear();
    this.#names.set(id, name);
    return name;
  }

  /** Forgets what it learned; needed after a rollback, which takes new ids back. */
  clear(): void {
    this.#ids.clear();
    this.#names.clear();
  }

  #find(kind: NameKind, name: string): NameIds | undefined {
    const row = this.#statements.byName.get(NAME_KINDS[kind], name.slice(0, MAX_NAME_LENGTH));
    if (row === undefined) return undefined;
    return { id: Number(row['id']), sumsId: Number(row['sums_id']) };
  }

  #insert(kind: NameKind, name: string): NameIds {
    // The stand-in first: it may be new itself and take the next id.
    const other = this.#isFull(kind) && name !== OTHER_NAME ? this.ids(kind, OTHER_NAME).id : undefined;
    const id = Number(this.#statements.nextId.get()?.['id']);
    const ids = { id, sumsId: other ?? id };
    this.#statements.insert.run(ids.id, NAME_KINDS[kind], name.slice(0, MAX_NAME_LENGTH), ids.sumsId);
    return ids;
  }

  #isFull(kind: NameKind): boolean {
    if (kind !== 'model' && kind !== 'error') return false;
    return Number(this.#statements.count.get(NAME_KINDS[kind])?.['n']) >= MAX_SUMMED_NAMES;
  }
}

function prepareStatements(db: DatabaseSync) {
  return {
    byName: db.prepare('SELECT id, sums_id FROM names WHERE kind = ? AND name = ?'),
    byId: db.prepare('SELECT name FROM names WHERE id = ?'),
    nextId: db.prepare('SELECT coalesce(max(id), 0) + 1 AS id FROM names'),
    count: db.prepare('SELECT count(*) AS n FROM names WHERE kind = ?'),
    insert: db.prepare('INSERT INTO names (id, kind, name, sums_id) VALUES (?, ?, ?, ?)'),
  };
}
