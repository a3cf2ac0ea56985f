import type { SemanticFilter, SemanticStore } from '../../contract/index.ts';
import type { ExactCache } from '../types.ts';

/** What is cleared. */
export interface InvalidateParts {
  readonly store: SemanticStore;
  readonly answers: Pick<ExactCache, 'delete' | 'invalidate'>;
  /** Takes entries out of store and index. @default the store alone: a running cache forgets entries that it no longer finds */
  readonly remove?: (ids: readonly number[]) => Promise<number>;
}

/** Which entries were taken, or would be. */
export interface Invalidation {
  /** Texts found by meaning that the filter finds. */
  readonly entries: number;
  /** Answers that are deleted, or would be. */
  readonly answers: number;
  /** Some of the texts, for a look before the deed. */
  readonly texts: readonly string[];
}

const MOST_TEXTS = 10;

/**
 * Deletes what a filter finds: entries and their answers, and other answers of that tenant, model or time where neither
 * tags nor a text are asked for, which are known of entries alone. With `isDryRun` it only says what it would do.
 */
export async function invalidate(
  { store, answers, remove = async (ids) => store.delete(ids) }: InvalidateParts,
  filter: SemanticFilter,
  { isDryRun = false }: { readonly isDryRun?: boolean } = {},
): Promise<Invalidation> {
  const ids: number[] = [];
  const keys: string[] = [];
  const texts: string[] = [];
  for await (const { id, key, text } of store.select(filter)) {
    ids.push(id);
    keys.push(key);
    if (texts.length < MOST_TEXTS) texts.push(text);
  }
  const { tags, text, ...known } = filter;
  const isForAll = Object.keys(tags ?? {}).length === 0 && text === undefined;
  const others = isForAll ? await answers.invalidate(known, { isDryRun, except: new Set(keys) }) : 0;
  if (isDryRun) return { entries: ids.length, answers: keys.length + others, texts };
  const deleted = await answers.delete(keys);
  await remove(ids);
  return { entries: ids.length, answers: deleted + others, texts };
}
