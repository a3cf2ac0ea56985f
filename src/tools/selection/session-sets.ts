import type { Clock } from '../../contract/index.ts';
import { BoundedMap } from '../../support/index.ts';

/** What went to the provider last: the chosen tools, or all of them. */
export type LastSent = 'chosen' | 'all';

/** The tools of one session. */
export interface SessionSet {
  /** Names chosen so far, in the order of their choice. It only ever grows (INV-P4). */
  readonly names: ReadonlySet<string>;
  /** Names that the provider's own search found so far. */
  readonly found: ReadonlySet<string>;
  /** Names that the latest answer found and called. */
  readonly foundLast: readonly string[];
  /** True where the session's tools are deferred; undefined before the first request that was sent. */
  readonly isNative: boolean | undefined;
  /** Names of the tools to which all were cut down, loaded or not, where they are more than the provider takes. */
  readonly listed: ReadonlySet<string>;
  readonly lastSent: LastSent;
  /** Epoch milliseconds of the last request that was sent. */
  readonly sentAt: number;
}

interface Entry {
  readonly names: Set<string>;
  readonly called: Set<string>;
  readonly found: Set<string>;
  foundLast: readonly string[];
  isNative: boolean | undefined;
  listed: ReadonlySet<string>;
  lastSent: LastSent;
  sentAt: number;
  usedAt: number;
}

/** Remembers which tools a session has, for a bounded number of sessions and a bounded time (INV-S4). */
export class SessionSets {
  readonly #entries: BoundedMap<string, Entry>;
  readonly #ttlMs: number;
  readonly #now: Clock;

  constructor({
    maxSessions,
    ttlMs,
    now,
  }: {
    readonly maxSessions: number;
    /** Milliseconds without a request after which a session is forgotten. */
    readonly ttlMs: number;
    readonly now: Clock;
  }) {
    this.#entries = new BoundedMap(maxSessions);
    this.#ttlMs = ttlMs;
    this.#now = now;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** The session's tools; undefined for one that is not known or was silent for too long. */
  get(key: string): SessionSet | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    const now = this.#now();
    if (now - entry.usedAt > this.#ttlMs) {
      this.#entries.delete(key);
      return undefined;
    }
    entry.usedAt = now;
    return entry;
  }

  /** Adds tools to the session's; it becomes known by that. */
  grow(key: string, names: Iterable<string>): void {
    const entry = this.#open(key);
    for (const name of names) entry.names.add(name);
  }

  /** Remembers whether a session's tools are deferred, so that it goes on as it began. */
  begin(key: string, isNative: boolean): void {
    this.#open(key).isNative ??= isNative;
  }

  /** Remembers to which tools all were cut down: the model sees deferred ones too, and the provider caches them. */
  list(key: string, names: ReadonlySet<string>): void {
    this.#open(key).listed = names;
  }

  /** Remembers what the provider's own search found, for callers that do not send the conversation. */
  noteFound(key: string, names: readonly string[], called: readonly string[]): void {
    const entry = this.#open(key);
    for (const name of names) entry.found.add(name);
    entry.foundLast = names.filter((name) => called.includes(name));
  }

  /**
   * Notes what the provider was sent and which tools it called then; tells which of them it called for the first time.
   */
  note(key: string, lastSent: LastSent, called: readonly string[]): string[] {
    const entry = this.#open(key);
    entry.lastSent = lastSent;
    entry.sentAt = entry.usedAt;
    const fresh = called.filter((name) => !entry.called.has(name));
    for (const name of fresh) entry.called.add(name);
    return [...new Set(fresh)];
  }

  #open(key: string): Entry {
    const now = this.#now();
    const entry = this.#entries.get(key) ?? {
      names: new Set(),
      called: new Set(),
      found: new Set(),
      foundLast: [],
      isNative: undefined,
      listed: new Set(),
      lastSent: 'chosen',
      sentAt: now,
      usedAt: now,
    };
    entry.usedAt = now;
    this.#entries.set(key, entry);
    return entry;
  }
}
