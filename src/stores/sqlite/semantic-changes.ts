import type { SemanticEntry } from '../../contract/index.ts';
import type { Packed } from './byte-vector.ts';
import type { SemanticStatements } from './semantic-schema.ts';

/** A vector that was made anew. */
export type NewVector = Pick<SemanticEntry, 'id' | 'vector'>;

const ANY_TIME = Number.POSITIVE_INFINITY;

/** Writes entries, each in the place of one of the same id; returns their ids. */
export function putMany(s: SemanticStatements, entries: readonly Packed<SemanticEntry>[]): number[] {
  // Before they are counted anew, so that a scope which only changes its entries stays.
  const left = new LeftScopes();
  for (const entry of entries) {
    removeOne(s, { id: entry.id, expiredAt: ANY_TIME, left });
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
  return entries.map(({ id }) => id);
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

function removeOne(s: SemanticStatements, { id, expiredAt, left }: Removal): boolean {
  const row = s.remove.get(id, expiredAt);
  if (row === undefined) return false;
  s.removeVector.run(row['place'] as number);
  left.add(row['scope'] as number);
  return true;
}

interface Removal {
  readonly id: number;
  /** Only if it expired at or before this time. */
  readonly expiredAt: number;
  readonly left: LeftScopes;
}

/** Deletes those entries that expired at or before a time; returns the ids of those that were there. */
export function remove(s: SemanticStatements, ids: readonly number[], expiredAt = ANY_TIME): number[] {
  const left = new LeftScopes();
  const removed = ids.filter((id) => removeOne(s, { id, expiredAt, left }));
  left.write(s);
  return removed;
}

/** The ids of the entries that were written first, of those that are more than `most`; `limit` at most. */
export function oldestBeyond(
  s: SemanticStatements,
  { most, limit }: { readonly most: number; readonly limit: number },
): number[] {
  const surplus = Math.min(Number(s.count.get()?.['entries']) - most, limit);
  return surplus > 0 ? s.oldest.all(surplus).map((row) => row['id'] as number) : [];
}

/** Moves entries to other groups of answers. */
export function regroup(s: SemanticStatements, groups: ReadonlyMap<number, number>): void {
  for (const [id, group] of groups) s.regroup.run(group, id);
}

function embedderNumber(s: SemanticStatements, embedder: string): number {
  const known = s.embedder.get(embedder);
  if (known !== undefined) return known['id'] as number;
  return Number(s.addEmbedder.run(embedder).lastInsertRowid);
}

/** Replaces the vectors of entries; returns the ids of those that are there. */
export function reembed(
  s: SemanticStatements,
  vectors: readonly Packed<NewVector>[],
  embedder: string,
): number[] {
  if (vectors.length === 0) return [];
  const number = embedderNumber(s, embedder);
  const changed: number[] = [];
  for (const { id, bytes } of vectors) {
    const row = s.reembed.get(number, id);
    if (row === undefined) continue;
    s.replaceVector.run(bytes, row['place'] as number);
    changed.push(id);
  }
  return changed;
}
