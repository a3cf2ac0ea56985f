import { InputError, type JsonValue } from '../contract/index.ts';
import type { ToolTransitions } from './options.ts';

/** Calls that a tool is taken to have been followed by nothing, so that one sequence proves little. */
const SHRINKAGE = 3;
const MOST_TOOLS = 1_000;
const MOST_FOLLOWERS = 32;
/** Counts are halved from here on, so that what is usual now outweighs what was. */
const MOST_COUNT = 1_000;

/** Options of `createToolTransitions`. */
export interface ToolTransitionsOptions {
  /** What `snapshot` gave earlier. @default nothing was learned yet */
  readonly snapshot?: JsonValue;
}

/** What usually follows what, learned while it goes. A `ToolTransitions` itself: hand it to `createToolIndex`. */
export interface LearnedTransitions extends ToolTransitions {
  /** Learns from the calls of one session, oldest first; pass each pair once. */
  learn(calls: readonly string[]): void;
  /** All that was learned, as JSON. */
  snapshot(): JsonValue;
}

/**
 * Returns transitions that learn from sequences of calls. The share of a follower is its count over the calls of
 * the tool plus 3, so that few calls weigh little. At most 1,000 tools with 32 followers each are kept, those learned
 * from longest ago forgotten first (INV-S4).
 *
 * @throws InputError `invalid_snapshot`
 * @example
 * const transitions = createToolTransitions();
 * transitions.learn(['search_flights', 'book_flight']);
 * const index = createToolIndex({ tools, transitions });
 */
export function createToolTransitions({ snapshot }: ToolTransitionsOptions = {}): LearnedTransitions {
  const transitions = new CountedTransitions();
  if (snapshot !== undefined) transitions.restore(snapshot);
  return transitions;
}

class CountedTransitions implements LearnedTransitions {
  readonly #counts = new Map<string, Map<string, number>>();

  learn(calls: readonly string[]): void {
    for (let i = 0; i + 1 < calls.length; i += 1) this.#add(calls[i] as string, calls[i + 1] as string, 1);
  }

  get(name: string): ReadonlyMap<string, number> | undefined {
    const counts = this.#counts.get(name);
    if (counts === undefined) return undefined;
    const sum = [...counts.values()].reduce((total, count) => total + count, SHRINKAGE);
    return new Map([...counts].map(([follower, count]) => [follower, count / sum]));
  }

  snapshot(): JsonValue {
    return Object.fromEntries([...this.#counts].map(([name, counts]) => [name, Object.fromEntries(counts)]));
  }

  /** @throws InputError `invalid_snapshot` */
  restore(snapshot: JsonValue): void {
    const invalid = new InputError('invalid_snapshot', 'The snapshot is none that snapshot() gave.');
    if (typeof snapshot !== 'object' || snapshot === null || Array.isArray(snapshot)) throw invalid;
    for (const [name, counts] of Object.entries(snapshot)) {
      if (typeof counts !== 'object' || counts === null || Array.isArray(counts)) throw invalid;
      for (const [follower, count] of Object.entries(counts)) {
        if (typeof count !== 'number' || !Number.isFinite(count) || count < 0) throw invalid;
        this.#add(name, follower, count);
      }
    }
  }

  #add(name: string, follower: string, by: number): void {
    const counts = this.#counts.get(name) ?? new Map<string, number>();
    const count = (counts.get(follower) ?? 0) + by;
    // Put last: the first is the one that was seen longest ago.
    counts.delete(follower);
    counts.set(follower, count);
    if (count > MOST_COUNT) for (const [other, own] of counts) counts.set(other, own / 2);
    const oldest = counts.size > MOST_FOLLOWERS ? counts.keys().next().value : undefined;
    if (oldest !== undefined) counts.delete(oldest);
    this.#counts.delete(name);
    this.#counts.set(name, counts);
    const stalest = this.#counts.size > MOST_TOOLS ? this.#counts.keys().next().value : undefined;
    if (stalest !== undefined) this.#counts.delete(stalest);
  }
}
