import type { CacheEntry, CacheStore } from '../../contract/index.ts';
import type { Row } from './cache-rows.ts';
import { type CacheStatements, hashOf } from './cache-schema.ts';

/** Changes of the sums of models, collected over one transaction. */
class Changes {
  readonly #changes = new Map<string, [number, number, number, number, number]>();

  of(model: string): [entries: number, bytes: number, hits: number, tokens: number, cost: number] {
    let change = this.#changes.get(model);
    if (change === undefined) {
      change = [0, 0, 0, 0, 0];
      this.#changes.set(model, change);
    }
    return change;
  }

  write(statements: CacheStatements): void {
    for (const [model, change] of this.#changes) statements.count.run(model, ...change);
  }
}

/** Adds entries, each in place of the one of its key. */
export function putMany(s: CacheStatements, entries: readonly CacheEntry[]): void {
  const changes = new Changes();
  for (const entry of entries) {
    // One statement for both would keep a copy of every page it touches, to undo itself.
    const hash = hashOf(entry.key);
    const old = s.find.get(hash, entry.key);
    if (old !== undefined) removeRows(s, [old], changes);
    const inserted = insert(s, hash, entry);
    s.insertBody.run(inserted.lastInsertRowid, entry.body);
    const change = changes.of(entry.model);
    change[0] += 1;
    change[1] += entry.body.byteLength;
  }
  changes.write(s);
}

/** Inserts the row of an entry; there must be none of its key. */
function insert(s: CacheStatements, hash: number, entry: CacheEntry) {
  const { usage } = entry;
  return s.insert.run(
    hash,
    entry.key,
    entry.tenant,
    entry.wire,
    entry.model,
    entry.body.byteLength,
    usage.inputTokens,
    usage.outputTokens,
    usage.cacheReadTokens,
    usage.cacheWriteTokens,
    usage.cacheWrite1hTokens,
    usage.reasoningTokens,
    entry.usageBasis,
    entry.costUsd,
    entry.createdAt,
    entry.expiresAt,
  );
}

/** Counts hits of entries by key, and what they saved; those of keys that are gone are not. */
export function addHits(s: CacheStatements, hits: ReadonlyMap<string, number>, at: number): void {
  const changes = new Changes();
  for (const [key, count] of hits) {
    const row = s.hit.get(count, at, hashOf(key), key);
    if (row === undefined) continue;
    const change = changes.of(String(row['model']));
    change[2] += count;
    change[3] += count * Number(row['tokens']);
    change[4] += count * Number(row['cost_usd'] ?? 0);
  }
  changes.write(s);
}

/** The rows of keys, without those that are not there. */
export function rowsOf(s: CacheStatements, keys: readonly string[]): Row[] {
  const rows: Row[] = [];
  for (const key of keys) {
    const row = s.find.get(hashOf(key), key);
    if (row !== undefined) rows.push(row);
  }
  return rows;
}

/** Deletes rows that were read in this transaction; returns how many. */
export function deleteRows(s: CacheStatements, rows: readonly Row[]): number {
  const changes = new Changes();
  const deleted = removeRows(s, rows, changes);
  changes.write(s);
  return deleted;
}

/** Removes rows that were read in this transaction; a row that is named twice counts once. */
function removeRows(s: CacheStatements, rows: readonly Row[], changes: Changes): number {
  const ids = new Set<number>();
  for (const row of rows) {
    const id = Number(row['id']);
    if (ids.has(id)) continue;
    ids.add(id);
    const change = changes.of(String(row['model']));
    change[0] -= 1;
    change[1] -= Number(row['bytes']);
  }
  if (ids.size === 0) return 0;
  const list = `[${[...ids].join()}]`;
  s.remove.run(list);
  s.removeBodies.run(list);
  return ids.size;
}

/** Without conditions SQLite drops whole tables at once instead of row by row. */
export function deleteEverything(s: CacheStatements): number {
  const { changes } = s.clearEntries.run();
  s.clearBodies.run();
  s.clearSums.run();
  return Number(changes);
}

type Bounds = Parameters<CacheStore['evict']>[0];

/** Whether both bounds hold, looked up without a transaction: mostly they do. */
export function holdsWithin(bounds: Bounds): (s: CacheStatements) => boolean {
  return (s) => {
    const sums = s.sums.get();
    return Number(sums?.['entries']) <= bounds.maxEntries && Number(sums?.['bytes']) <= bounds.maxBytes;
  };
}

/** Deletes at most `size` of the least useful entries; stops as soon as both bounds hold. */
export function evictPage(s: CacheStatements, bounds: Bounds, size: number): number {
  const sums = s.sums.get();
  let [entries, bytes] = [Number(sums?.['entries']), Number(sums?.['bytes'])];
  const victims: Row[] = [];
  const wanted = bytes > bounds.maxBytes ? size : Math.min(size, Math.max(0, entries - bounds.maxEntries));
  for (const row of s.leastUseful.all(wanted)) {
    if (entries <= bounds.maxEntries && bytes <= bounds.maxBytes) break;
    victims.push(row);
    entries -= 1;
    bytes -= Number(row['bytes']);
  }
  return deleteRows(s, victims);
}
