import type { JsonObject, JsonValue, StateStore } from '../../contract/index.ts';
import type { ErrorMemory, SeenBefore } from '../options.ts';

const ERRORS = 'log-errors';
const RUNS = 'log-runs';
const MOST_ERRORS = 5_000;
const MOST_RUNS = 1_000;

/** Options of `createErrorMemory`. */
export interface ErrorMemoryOptions {
  readonly state: StateStore;
  /** @default Date.now */
  readonly now?: () => number;
  /** Errors that are remembered; those that were not seen for longest are forgotten. @default 5000 */
  readonly mostErrors?: number;
  /** Logs that are known to be counted. @default 1000 */
  readonly mostRuns?: number;
}

/** What is kept of an error: no text of it. */
interface Entry {
  readonly firstSeen: number;
  readonly lastSeen: number;
  readonly runs: number;
  /** The log that was counted last. */
  readonly lastRun: string;
}

/**
 * Returns a memory of errors in the state store: of each its digest, when it was first and last seen, and in how
 * many logs. A log that comes again counts once.
 */
export function createErrorMemory(options: ErrorMemoryOptions): ErrorMemory {
  return new StoredErrorMemory(options);
}

class StoredErrorMemory implements ErrorMemory {
  readonly #state: StateStore;
  readonly #now: () => number;
  readonly #mostErrors: number;
  readonly #mostRuns: number;
  /** Logs that were first counted here: their errors may come in several parts. */
  readonly #begun = new Set<string>();

  constructor(options: ErrorMemoryOptions) {
    this.#state = options.state;
    this.#now = options.now ?? Date.now;
    this.#mostErrors = options.mostErrors ?? MOST_ERRORS;
    this.#mostRuns = options.mostRuns ?? MOST_RUNS;
  }

  async seen(errors: readonly string[], log: string): Promise<readonly (SeenBefore | undefined)[]> {
    const isKnown = (await this.#state.get(RUNS, log)) !== undefined;
    const isOld = isKnown && !this.#begun.has(log);
    const now = this.#now();
    const found = new Map<string, SeenBefore | undefined>();
    let isNew = false;
    for (const id of new Set(errors)) {
      const known = toEntry(await this.#state.get(ERRORS, id));
      if (known === undefined) isNew = true;
      const isCounted = known !== undefined && (isOld || known.lastRun === log);
      // Where this log was counted before, the others are one fewer.
      const others = (known?.runs ?? 0) - (isCounted ? 1 : 0);
      found.set(id, known !== undefined && others > 0 ? { runs: others, since: known.firstSeen } : undefined);
      await this.#put(id, {
        firstSeen: known?.firstSeen ?? now,
        lastSeen: now,
        runs: (known?.runs ?? 0) + (isCounted ? 0 : 1),
        lastRun: isCounted ? known.lastRun : log,
      });
    }
    if (isNew) await this.#forget(ERRORS, 'last_seen', this.#mostErrors);
    if (!isKnown && errors.length > 0) {
      this.#begun.add(log);
      await this.#state.put(RUNS, log, { counted_at: now });
      await this.#forget(RUNS, 'counted_at', this.#mostRuns);
    }
    return errors.map((id) => found.get(id));
  }

  async #put(id: string, { firstSeen, lastSeen, runs, lastRun }: Entry): Promise<void> {
    const document = { first_seen: firstSeen, last_seen: lastSeen, runs, last_run: lastRun };
    await this.#state.put(ERRORS, id, document);
  }

  /** Forgets the oldest documents beyond a bound. */
  async #forget(collection: string, time: string, most: number): Promise<void> {
    const all = await this.#state.list(collection);
    if (all.length <= most) return;
    const newestFirst = all
      .map(({ id, value }) => ({ id, at: numberIn(value, time) ?? 0 }))
      .toSorted((a, b) => b.at - a.at);
    for (const { id } of newestFirst.slice(most)) await this.#state.delete(collection, id);
  }
}

/** The entry that was stored; `undefined` for what is none (a later Pare's, or damaged). */
function toEntry(value: JsonValue | undefined): Entry | undefined {
  const firstSeen = numberIn(value, 'first_seen');
  const lastSeen = numberIn(value, 'last_seen');
  const runs = numberIn(value, 'runs');
  const lastRun = fieldOf(value, 'last_run');
  if (firstSeen === undefined || lastSeen === undefined || runs === undefined) return undefined;
  return { firstSeen, lastSeen, runs, lastRun: typeof lastRun === 'string' ? lastRun : '' };
}

function numberIn(value: JsonValue | undefined, name: string): number | undefined {
  const found = fieldOf(value, name);
  return typeof found === 'number' ? found : undefined;
}

function fieldOf(value: JsonValue | undefined, name: string): JsonValue | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return (value as JsonObject)[name];
}
