import { StoreError } from '../../contract/index.ts';

// Primary result codes of SQLite: https://www.sqlite.org/rescode.html
const BUSY = 5;
const LOCKED = 6;
const CORRUPT = 11;
const FULL = 13;
const NOT_A_DATABASE = 26;

/** The primary SQLite result code of an error, or undefined when the error is not SQLite's. */
export function sqliteCode(error: unknown): number | undefined {
  const extended = (error as { errcode?: unknown } | null)?.errcode;
  return typeof extended === 'number' ? extended & 0xff : undefined;
}

/** True when SQLite says that the file is damaged or no database at all. */
export function isCorruption(error: unknown): boolean {
  const code = sqliteCode(error);
  return code === CORRUPT || code === NOT_A_DATABASE;
}

/** True when another connection holds the lock that was needed. */
export function isLocked(error: unknown): boolean {
  const code = sqliteCode(error);
  return code === BUSY || code === LOCKED;
}

/**
 * Wraps any error as a `StoreError`: `store_busy`, `store_full`, `store_corrupt` or `store_failed`.
 * A `StoreError` is returned as it is.
 */
export function toStoreError(error: unknown, store: string): StoreError {
  if (error instanceof StoreError) return error;
  const reason = error instanceof Error ? error.message : String(error);
  const options = { cause: error, details: { store } };
  if (isLocked(error)) {
    return new StoreError(
      'store_busy',
      `The ${store} store is locked by another process (${reason}); try again.`,
      options,
    );
  }
  if (sqliteCode(error) === FULL) {
    return new StoreError(
      'store_full',
      `The ${store} store cannot grow (${reason}); free disk space.`,
      options,
    );
  }
  if (isCorruption(error)) {
    return new StoreError('store_corrupt', `The ${store} store is damaged (${reason}).`, options);
  }
  return new StoreError('store_failed', `The ${store} store failed: ${reason}.`, options);
}
