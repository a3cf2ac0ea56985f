import { setImmediate } from 'node:timers/promises';
import {
  AbortedError,
  type Clock,
  type Embedder,
  type EventSink,
  embedderKey,
  type MaybePromise,
  type SemanticEntry,
  type SemanticStore,
  type VectorIndex,
} from '../../contract/index.ts';
import { embedAnew } from './embed-anew.ts';

/** What the entries are kept in and found by. */
export interface EntriesOptions {
  readonly store: SemanticStore;
  /** Empty; of the embedder's dimensions. */
  readonly index: VectorIndex;
  readonly embedder: Embedder;
  readonly onEvent: EventSink;
  readonly now: Clock;
  /** Entries kept; the oldest go first. */
  readonly maxEntries: number;
  /** Longest time that an entry waits to be written, in milliseconds. */
  readonly flushMs: number;
}

/** An entry that was found near a text. */
export interface NearEntry {
  readonly entry: SemanticEntry;
  /** Cosine, -1 to 1. */
  readonly similarity: number;
}

/** Entries written, embedded anew or removed at a time, so that requests are served in between. */
const PAGE = 64;
/** Entries that may wait to be written; beyond it new ones are not kept. */
const MOST_WAITING = 5000;
/** Old or surplus entries removed at a time. */
const EVICTED = 500;
const SWEEP_MS = 60_000;
/** How often another process's changes are looked for, at most. */
const RELOAD_MS = 30_000;
/** One in so many entries of the index may be gone from the store. */
const MOST_GHOSTS = 16;
const REPORT_EVERY_MS = 10_000;

/**
 * Keeps the store and the index of the entries together. The index is filled in the background from what the store
 * has of this embedder (INV-C10); what another embedder made is embedded anew, once: what comes later is written by
 * another process with another embedder, and the two would take each other's entries for ever.
 */
export class Entries {
  readonly embedder: string;
  /** Settled when what was stored before can be found. */
  ready: Promise<void>;
  readonly #options: EntriesOptions;
  readonly #waiting = new Map<number, SemanticEntry>();
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();
  #token: number | string | undefined;
  #reloadedAt: number;
  #sweptAt = Number.NEGATIVE_INFINITY;
  #reportedAt = Number.NEGATIVE_INFINITY;
  readonly #closing = new AbortController();
  #loaded: 'loading' | 'whole' | 'in part' = 'loading';
  #foreign: 'to be embedded' | 'embedded' | 'told of' = 'to be embedded';

  constructor(options: EntriesOptions) {
    this.#options = options;
    this.embedder = embedderKey(options.embedder.identity);
    this.#token = options.store.changeToken?.();
    this.#reloadedAt = options.now();
    this.ready = this.#load();
  }

  get size(): number {
    return this.#options.index.size;
  }

  /** The nearest entries of a scope that are still good, nearest first. Entries that are gone are forgotten. */
  nearest(scopeKey: string, vector: Float32Array, limit: number): MaybePromise<readonly NearEntry[]> {
    this.#reloadIfChanged();
    const matches = this.#options.index.nearest(scopeKey, vector, limit);
    if (matches.length === 0) return [];
    const missing = matches.map(({ id }) => id).filter((id) => !this.#waiting.has(id));
    const found = missing.length === 0 ? [] : this.#options.store.get(missing);
    const join = (stored: readonly SemanticEntry[]): NearEntry[] => this.#join(scopeKey, matches, stored);
    return found instanceof Promise ? found.then(join) : join(found);
  }

  /** Adds an entry, or replaces the one of the same answer; false when it cannot be kept for now. */
  add(entry: SemanticEntry): boolean {
    if (this.#closing.signal.aborted || this.#waiting.size >= MOST_WAITING) return false;
    this.#options.index.put(entry.id, entry.scopeKey, entry.vector);
    this.#waiting.set(entry.id, entry);
    this.#timer ??= setTimeout(() => void this.flush(), this.#options.flushMs).unref();
    return true;
  }

  /** Takes entries out, here and in the store. */
  async remove(ids: readonly number[]): Promise<number> {
    for (const id of ids) {
      this.#options.index.delete(id);
      this.#waiting.delete(id);
    }
    await this.#writing;
    return this.#options.store.delete(ids);
  }

  /** Forgets an entry whose answer is gone; told to the store in the background. */
  forget(id: number): void {
    this.#options.index.delete(id);
    this.#waiting.delete(id);
    void this.#inTurn(async () => void (await this.#options.store.delete([id])));
  }

  /** Moves entries to another group of answers. */
  regroup(groups: ReadonlyMap<number, number>): void {
    for (const [id, answerGroup] of groups) {
      const entry = this.#waiting.get(id);
      if (entry !== undefined) this.#waiting.set(id, { ...entry, answerGroup });
    }
    void this.#inTurn(async () => this.#options.store.regroup(groups));
  }

  /** Writes what waits, and removes what is too old or too much. Never throws: what cannot be written is reported. */
  flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    return this.#inTurn(async () => {
      const entries = [...this.#waiting.values()];
      for (let from = 0; from < entries.length; from += PAGE) {
        const page = entries.slice(from, from + PAGE);
        await this.#options.store.putMany(page);
        for (const entry of page) if (this.#waiting.get(entry.id) === entry) this.#waiting.delete(entry.id);
      }
      await this.#sweep();
    });
  }

  async close(): Promise<void> {
    // Not waited for: a model that is being loaded may take minutes.
    this.#closing.abort();
    await this.ready;
    await this.flush();
    this.#options.index.clear();
    await this.#options.store.close();
  }

  #join(
    scopeKey: string,
    matches: ReturnType<VectorIndex['nearest']>,
    stored: readonly SemanticEntry[],
  ): NearEntry[] {
    const byId = new Map(stored.map((entry) => [entry.id, entry]));
    const now = this.#options.now();
    return matches.flatMap(({ id, similarity }) => {
      const entry = this.#waiting.get(id) ?? byId.get(id);
      if (entry === undefined || entry.expiresAt <= now) {
        this.#options.index.delete(id);
        return [];
      }
      // The index filters by scope already; an answer that crosses it must not depend on one check.
      if (entry.scopeKey === scopeKey && entry.embedder === this.embedder) return [{ entry, similarity }];
      this.#options.index.delete(id);
      return [];
    });
  }

  /** One after the other, in the order of the calls. */
  #inTurn(work: () => Promise<void>): Promise<void> {
    this.#writing = this.#writing.then(work).catch((error: unknown) => this.#failed('write', error));
    return this.#writing;
  }

  async #sweep(): Promise<void> {
    const { store, index, now, maxEntries } = this.#options;
    for (let ids = [0]; index.size > maxEntries && ids.length > 0; ) {
      ids = [...(await store.evict(maxEntries, EVICTED))];
      for (const id of ids) index.delete(id);
    }
    // Looking for what expired reads every row.
    if (now() - this.#sweptAt < SWEEP_MS) return;
    this.#sweptAt = now();
    for (const id of await store.deleteExpired(now(), EVICTED)) index.delete(id);
  }

  async #load(): Promise<void> {
    this.#loaded = 'loading';
    try {
      await this.#fill();
      if (this.#foreign === 'to be embedded') await this.#embedForeign();
      else await this.#tellForeign();
      await this.#forgetGhosts();
      this.#loaded = 'whole';
    } catch (error) {
      if (error instanceof AbortedError) return;
      this.#loaded = 'in part';
      this.#failed('read', error);
    }
  }

  async #fill(): Promise<void> {
    const { store, index } = this.#options;
    for await (const page of store.vectors(this.embedder)) {
      if (this.#closing.signal.aborted) return;
      for (const { id, scopeKey, vector } of page) index.put(id, scopeKey, vector);
      await setImmediate();
    }
  }

  /** What another process deleted stays in the index until it is found, which may be never: once it is much, all is read anew. */
  async #forgetGhosts(): Promise<void> {
    const { store, index } = this.#options;
    const ghosts = index.size - this.#waiting.size - (await store.count());
    if (this.#closing.signal.aborted || ghosts * MOST_GHOSTS <= index.size) return;
    index.clear();
    for (const { id, scopeKey, vector } of this.#waiting.values()) index.put(id, scopeKey, vector);
    await this.#fill();
  }

  /** Vectors of two embedders are never compared, so those of another one are made anew from their texts. */
  async #embedForeign(): Promise<void> {
    const { store, index, embedder } = this.#options;
    const { signal } = this.#closing;
    for (;;) {
      const foreign = await store.foreign(this.embedder, PAGE);
      if (signal.aborted) return;
      if (foreign.length === 0) break;
      const { made, refused } = await embedAnew(foreign, embedder, signal);
      await store.reembed(made, this.embedder);
      for (const { id, scopeKey, vector } of await store.get(made.map(({ id }) => id)))
        index.put(id, scopeKey, vector);
      if (refused.length > 0) await this.#giveUp(refused.map(({ id }) => id));
      await setImmediate();
    }
    this.#foreign = 'embedded';
  }

  /** An entry without a vector is never found; its answer stays where the exact cache finds it. */
  async #giveUp(ids: readonly number[]): Promise<void> {
    await this.#options.store.delete(ids);
    this.#options.onEvent({
      level: 'warn',
      code: 'semantic_texts_refused',
      message: `The embedder refuses ${ids.length} stored texts that another one took; they are no longer found by meaning.`,
      details: { entries: ids.length },
    });
  }

  async #tellForeign(): Promise<void> {
    if (this.#foreign === 'told of' || (await this.#options.store.foreign(this.embedder, 1)).length === 0)
      return;
    this.#foreign = 'told of';
    this.#options.onEvent({
      level: 'warn',
      code: 'semantic_embedders_differ',
      message:
        'Another process uses the same data folder with another embedder; neither finds by meaning what the other stored.',
    });
  }

  /** Entries that another process added are found, and deleted ones forgotten, a while later; so is what failed. */
  #reloadIfChanged(): void {
    const { store, now } = this.#options;
    if (this.#loaded === 'loading' || now() - this.#reloadedAt < RELOAD_MS) return;
    this.#reloadedAt = now();
    const token = store.changeToken?.();
    if (token === this.#token && this.#loaded === 'whole') return;
    this.#token = token;
    this.ready = this.#load();
  }

  #failed(what: 'read' | 'write', error: unknown): void {
    const now = this.#options.now();
    if (now - this.#reportedAt < REPORT_EVERY_MS) return;
    this.#reportedAt = now;
    const why = error instanceof Error ? error.message : String(error);
    this.#options.onEvent({
      level: 'warn',
      code: `semantic_${what}_failed`,
      message: `The entries of the semantic cache could not be ${what === 'read' ? 'read' : 'written'} (${why}); it answers from what it has.`,
    });
  }
}
