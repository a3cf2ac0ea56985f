import type { StoredCacheEntry } from '../../contract/index.ts';
import { KnownKeys } from './known-keys.ts';
import {
  createSqliteCacheStore,
  type KeyPage,
  type SqliteCacheStore,
  type SqliteCacheStoreOptions,
} from './sqlite-cache-store.ts';

/** Options of `CacheReader`. */
export interface CacheReaderOptions {
  readonly store: Omit<SqliteCacheStoreOptions, 'onOpened'>;
  /** Reads keys in another thread, after all that was given to it before. */
  readonly readKeys: (after: number, limit: number) => Promise<KeyPage>;
}

/** How long a key counts as absent after another process stored it. */
const COHERENCE_MS = 50;

/** Reads entries in the calling thread, and keeps from asking SQLite for most that are absent. */
export class CacheReader {
  /** The connection of this thread. */
  readonly store: SqliteCacheStore;
  readonly #known: KnownKeys;
  #token: string | undefined;
  /** Reset by a timer: a request is cheaper than a look at the clock. */
  #hasLooked = false;

  constructor(options: CacheReaderOptions) {
    const known = new KnownKeys({ readKeys: options.readKeys, onBuild: () => void this.changeToken() });
    this.#known = known;
    this.store = createSqliteCacheStore({ ...options.store, onOpened: () => known.invalidate() });
  }

  /** True where no file could be used: what is in memory is in one connection alone. */
  get isInMemory(): boolean {
    return this.store.location().kind === 'memory';
  }

  get(key: string): StoredCacheEntry | undefined {
    if (this.#known.mayHave(key)) return this.store.get(key);
    if (this.#hasLooked) return undefined;
    this.changeToken();
    return this.#known.mayHave(key) ? this.store.get(key) : undefined;
  }

  /** Tells of keys before they are stored. */
  expect(key: string): void {
    this.#known.add(key);
  }

  changeToken(): string {
    const token = this.store.changeToken();
    if (this.#token !== undefined && token !== this.#token) this.#known.invalidate();
    this.#token = token;
    if (!this.#hasLooked) {
      this.#hasLooked = true;
      setTimeout(() => {
        this.#hasLooked = false;
      }, COHERENCE_MS).unref();
    }
    return token;
  }

  close(): void {
    this.#known.close();
    this.store.close();
  }
}
