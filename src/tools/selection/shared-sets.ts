import { BoundedMap } from '../../support/index.ts';

/** Beginnings that are remembered; the least used are forgotten. */
const MOST_SETS = 1024;
/**
 * Sessions that begin alike before the tools are chosen anew, by what was called until then. In replayed runs 25 cost
 * more where one agent does much the same in all its sessions, and no less elsewhere.
 */
const MOST_SESSIONS = 10;

/** The tools of a beginning. */
interface Beginning {
  /** Names of those that are loaded. */
  readonly names: ReadonlySet<string>;
  /** Names of those that are sent at all, loaded or not, where they are more than the provider takes; else none. */
  readonly listed: ReadonlySet<string>;
}

interface Shared extends Beginning {
  sessions: number;
  sentAt: number;
}

/**
 * The tools with which a tenant's sessions begin where the others are deferred. Sessions of one account that begin with
 * the same tools read them from the provider's cache, each other's; another choice in each would be written anew in
 * each, for which a search now and then is no match. Bounded (INV-S4).
 */
export class SharedSets {
  readonly #sets = new BoundedMap<string, Shared>(MOST_SETS);

  /**
   * The tools of a session that begins now; undefined where the provider has forgotten those of others, where they were
   * begun with often enough, or where one is missing that this session must have.
   *
   * @param key who, which tools, which model: what shares a cache
   * @param lifeMs how long the provider's cache holds; 0 for never
   */
  begin(
    key: string,
    {
      required,
      now,
      lifeMs,
    }: { readonly required: Iterable<string>; readonly now: number; readonly lifeMs: number },
  ): Beginning | undefined {
    const shared = this.#sets.get(key);
    if (shared === undefined) return undefined;
    if (now - shared.sentAt >= lifeMs || shared.sessions >= MOST_SESSIONS) {
      this.#sets.delete(key);
      return undefined;
    }
    for (const name of required) if (!shared.names.has(name)) return undefined;
    shared.sessions += 1;
    return shared;
  }

  /** Notes what a session sends: it keeps others' beginning in the cache, or is a beginning for those to come. */
  note(key: string, sent: Beginning, { isFirst, now, lifeMs }: NotedRequest): void {
    const shared = this.#sets.get(key);
    if (shared !== undefined && isEqual(shared.names, sent.names) && isEqual(shared.listed, sent.listed))
      shared.sentAt = now;
    else if (isFirst && lifeMs > 0 && shared === undefined)
      this.#sets.set(key, {
        names: new Set(sent.names),
        listed: new Set(sent.listed),
        sessions: 1,
        sentAt: now,
      });
  }
}

interface NotedRequest {
  /** Whether it may be a beginning: it is a session's first. */
  readonly isFirst: boolean;
  /** Epoch milliseconds. */
  readonly now: number;
  readonly lifeMs: number;
}

function isEqual(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return a.size === b.size && [...a].every((name) => b.has(name));
}
