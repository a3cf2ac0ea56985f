import type { SQLOutputValue } from 'node:sqlite';
import type { SemanticEntry, SemanticFilter, SemanticVector } from '../../contract/index.ts';
import { fromBytes } from './byte-vector.ts';

/** A row as SQLite gives it. */
export type Row = Record<string, SQLOutputValue>;

/** An entry as lists give it. */
export type ListedEntry = Omit<SemanticEntry, 'vector'>;

/** The entry of a row of `page`. */
export function toListed(row: Row): ListedEntry {
  return {
    id: row['id'] as number,
    key: row['key'] as string,
    scopeKey: row['scope_key'] as string,
    tenant: row['tenant'] as string,
    model: row['model'] as string,
    tags: JSON.parse(row['tags'] as string) as SemanticEntry['tags'],
    text: row['text'] as string,
    embedder: row['embedder_key'] as string,
    answerGroup: row['answer_group'] as number,
    createdAt: row['created_at'] as number,
    expiresAt: row['expires_at'] as number,
  };
}

/** The entry of a row of `get`. */
export function toEntry(row: Row): SemanticEntry {
  return { ...toListed(row), vector: fromBytes(row['vector'] as Uint8Array) };
}

/** The vector of a row of `vectors`. */
export function toVector(row: Row): SemanticVector {
  return {
    id: row['id'] as number,
    scopeKey: row['scope_key'] as string,
    vector: fromBytes(row['vector'] as Uint8Array),
  };
}

/** What of an entry is embedded anew, of a row of `foreign`. */
export function toForeign(row: Row): Pick<SemanticEntry, 'id' | 'text'> {
  return { id: row['id'] as number, text: row['text'] as string };
}

/**
 * Returns a test of entries. It is no part of an SQL statement (INV-E4): `LIKE` gives `%` and `_` a meaning, and
 * knows the case of ASCII alone.
 */
export function matcherOf(filter: SemanticFilter): (entry: ListedEntry) => boolean {
  const { tenant, model, createdFrom = Number.NEGATIVE_INFINITY, createdBefore } = filter;
  const before = createdBefore ?? Number.POSITIVE_INFINITY;
  const text = filter.text?.toLowerCase();
  const tags = Object.entries(filter.tags ?? {});
  return (entry) =>
    (tenant === undefined || entry.tenant === tenant) &&
    (model === undefined || entry.model === model) &&
    entry.createdAt >= createdFrom &&
    entry.createdAt < before &&
    tags.every(([name, value]) => Object.hasOwn(entry.tags, name) && entry.tags[name] === value) &&
    (text === undefined || entry.text.toLowerCase().includes(text));
}
