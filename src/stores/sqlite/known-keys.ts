import { KeyFilter } from './key-filter.ts';
import type { KeyPage } from './sqlite-cache-store.ts';

/** Options of `KnownKeys`. */
export interface KnownKeysOptions {
  /** Keys from where a page ended (0 for the first), those included that were added before the first call. */
  readonly readKeys: (after: number, limit: number) => Promise<KeyPage>;
  /** Called before keys are read: changes by others from then on must lead to `invalidate`. */
  readonly onBuild: () => void;
}

/** Keys read at a time: a tenth of a millisecond here, some in the thread that reads. */
const PAGE = 4096;
/** Keys that a filter is made for at least: 256 KiB. */
const MIN_CAPACITY = 131_072;
/** The same as a multiple of what is stored: with each building, three times as many are added unread. */
const GROWTH = 4;
/** A command that writes one entry ends sooner than this. */
const START_MS = 250;
/** How long nobody else must have changed the store; in the second case, as a multiple of a building. */
const MIN_REST_MS = 1000;
const REST_SHARE = 20;

/**
 * Tells of most absent keys that they are absent, without asking the store. Built in the background from
 * the stored keys; as long as it is not, every key may be there. Built anew when it is full, which also
 * forgets what was deleted.
 */
export class KnownKeys {
  readonly #options: KnownKeysOptions;
  #filter: KeyFilter | undefined;
  /** Keys that may still be added before `#filter` errs too often. */
  #room = 0;
  /** The filter that is being built, with its room. */
  #next: { readonly filter: KeyFilter; room: number } | undefined;
  #timer: NodeJS.Timeout | undefined;
  #builtInMs = 0;
  #isStarted = false;

  constructor(options: KnownKeysOptions) {
    this.#options = options;
  }

  /** False only for a key that was neither stored nor added. */
  mayHave(key: string): boolean {
    return this.#filter === undefined || this.#filter.mayHave(key);
  }

  /** Adds a key before it is stored. The first one starts the building. */
  add(key: string): void {
    if (this.#next !== undefined) {
      this.#next.filter.add(key);
      this.#next.room--;
    }
    this.#filter?.add(key);
    this.#room--;
    if (this.#room < 0 && this.#next === undefined && this.#timer === undefined) this.#buildIn(START_MS);
  }

  /** Trusts nothing that was known: somebody else changed the store. */
  invalidate(): void {
    this.#filter = undefined;
    this.#next = undefined;
    if (this.#isStarted) this.#buildIn(Math.max(MIN_REST_MS, this.#builtInMs * REST_SHARE));
  }

  /** Ends the work in the background. */
  close(): void {
    this.#isStarted = false;
    clearTimeout(this.#timer);
    this.invalidate();
  }

  #buildIn(ms: number): void {
    this.#isStarted = true;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#build(), ms).unref();
  }

  async #build(): Promise<void> {
    const started = performance.now();
    try {
      this.#options.onBuild();
      const { total } = await this.#options.readKeys(0, 0);
      if (!this.#isStarted) return;
      const capacity = Math.max(MIN_CAPACITY, total * GROWTH);
      // From here on what is added goes into it, too: it may come behind the reading.
      const next = { filter: new KeyFilter(capacity), room: capacity - total };
      this.#next = next;
      clearTimeout(this.#timer);
      for (let after: number | undefined = 0; after !== undefined; ) {
        const page: KeyPage = await this.#options.readKeys(after, PAGE);
        if (this.#next !== next) return;
        next.filter.addAll(page.fingerprints);
        after = page.last;
      }
      this.#filter = next.filter;
      this.#room = next.room;
      this.#next = undefined;
      this.#timer = undefined;
      this.#builtInMs = performance.now() - started;
    } catch {
      // Whoever writes to this store hears of its failure; here it only means to try again later.
      if (this.#isStarted) this.invalidate();
    }
  }
}
