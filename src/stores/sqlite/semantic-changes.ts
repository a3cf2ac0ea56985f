import type { SemanticEntry } from '../../contract/index.ts';
import type { Packed } from './byte-vector.ts';
import type { SemanticStatements } from './semantic-schema.ts';

/** A vector that was made anew. */
export type NewVector = Pick<SemanticEntry, 'id' | 'vector'>;

/** Writes entries, each in the place of one of the same id; returns how many. */
export function putMany(s: SemanticStatements, entries: readonly Packed<SemanticEntry>[]): number {
  // Before they are counted anew, so that a scope which only changes its entries stays.
  const left = new LeftScopes();
  for (const entry of entries) {
    removeOne(s, entry.id, left);
    const scope = s.addScope.get(entry.scopeKey)?.['id'] as number;
    const { lastInsertRowid } = s.insert.run(
      entry.id,
      entry.key,
      scope,
      entry.tenant,
      entry.model,
      JSON.stringify(entry.tags),
      entry.text,
      embedderNumber(s, entry.embedder),
      entry.answerGroup,
      entry.createdAt,
      entry.expiresAt,
    );
    s.insertVector.run(lastInsertRowid, entry.bytes);
  }
  left.write(s);
  return entries.length;
}

/** Entries that scopes lost, collected over one transaction. */
class LeftScopes {
  readonly #counts = new Map<number, number>();

  add(scope: number): void {
    this.#counts.set(scope, (this.#counts.get(scope) ?? 0) + 1);
  }

  write(s: SemanticStatements): void {
    for (const [scope, count] of this.#counts) {
      s.leaveScope.run(count, scope);
      s.dropScope.run(scope);
    }
  }
}

function removeOne(s: SemanticStatements, id: number, left: LeftScopes): number {
  const row = s.remove.get(id);
  if (row === undefined) return 0;
  s.removeVector.run(row['place'] as number);
  left.add(row['scope'] as number);
  return 1;
}

/** Deletes entries; returns how many there were. */
export function remove(s: SemanticStatements, ids: readonly number[]): number {
  const left = new LeftScopes();
  let removed = 0;
  for (const id of ids) removed += removeOne(s, id, left);
  left.write(s);
  return removed;
}

/** What `removeExpired` deletes. */
interface Expired {
  readonly now: number;
  /** At most so many. */
  readonly size: number;
  /** Takes the ids of what was deleted. */
  readonly deleted: number[];
}

/** Deletes some that expired; returns how many. */
export function removeExpired(s: SemanticStatements, { now, size, deleted }: Expired): number {
  const ids = s.expired.all(now, size).map((row) => row['id'] as number);
  deleted.push(...ids);
  return remove(s, ids);
}

/** Deletes the entries that were written first, until `most` are left, but at most `limit`; says which. */
export function evict(s: SemanticStatements, { most, limit }: { most: number; limit: number }): number[] {
  const surplus = Number(s.count.get()?.['entries']) - most;
  if (surplus <= 0) return [];
  const ids = s.oldest.all(Math.min(surplus, limit)).map((row) => row['id'] as number);
  remove(s, ids);
  return ids;
}

function embedderNumber(s: SemanticStatements, embedder: string): number {
  const known = s.embedder.get(embedder);
  if (known !== undefined) return known['id'] as number;
  return Number(s.addEmbedder.run(embedder).lastInsertRowid);
}

/** Replaces the vectors of entries that are there; returns how many. */
export function reembed(
  s: SemanticStatements,
  vectors: readonly Packed<NewVector>[],
  embedder: string,
): number {
  if (vectors.length === 0) return 0;
  const number = embedderNumber(s, embedder);
  let changed = 0;
  for (const { id, bytes } of vectors) {
    const row = s.reembed.get(number, id);
    if (row === undefined) continue;
    s.replaceVector.run(bytes, row['place'] as number);
    changed++;
  }
  return changed;
}
