import { BoundedMap } from '../../support/index.ts';
import type { ToolTransitions } from '../options.ts';
import { createToolTransitions, type LearnedTransitions } from '../transitions.ts';

/** Sets of tools, by tenant, whose habits are remembered; the least used are forgotten. */
const MOST_SETS = 256;
/** Sessions after which what was long ago counts half. */
const MOST_SESSIONS = 200;
/** A tool is usual from this share of the sessions on; nothing is before there were this many. */
const USUAL_SHARE = 0.1;
const FEWEST_SESSIONS = 5;

interface Habit {
  sessions: number;
  readonly counts: Map<string, number>;
  readonly transitions: LearnedTransitions;
}

/**
 * Learns which tools the sessions of a tenant use of a set, whatever they ask for, and which follows which: what an
 * agent does in many of its sessions (fetch, list, save) its requests rarely say. Bounded by sets and by the tools of each (INV-S4).
 */
export class ToolHabits {
  readonly #habits = new BoundedMap<string, Habit>(MOST_SETS);

  /** Counts a session that began. */
  begin(set: string): void {
    const habit = this.#habits.get(set) ?? {
      sessions: 0,
      counts: new Map(),
      transitions: createToolTransitions(),
    };
    this.#habits.set(set, habit);
    habit.sessions += 1;
    if (habit.sessions < MOST_SESSIONS) return;
    habit.sessions /= 2;
    for (const [name, count] of habit.counts) {
      if (count < 1) habit.counts.delete(name);
      else habit.counts.set(name, count / 2);
    }
  }

  /** Counts the first call of a tool in a session. */
  use(set: string, name: string): void {
    const counts = this.#habits.get(set)?.counts;
    counts?.set(name, (counts.get(name) ?? 0) + 1);
  }

  /** Learns which tool was called after which; each pair is passed once. */
  follow(set: string, calls: readonly string[]): void {
    this.#habits.get(set)?.transitions.learn(calls);
  }

  /** What usually follows what; undefined until there were enough sessions. */
  transitions(set: string): ToolTransitions | undefined {
    const habit = this.#habits.get(set);
    return habit === undefined || habit.sessions < FEWEST_SESSIONS ? undefined : habit.transitions;
  }

  /** The tools that sessions usually call, the most usual first, at most `most`. */
  usual(set: string, most: number): string[] {
    const habit = this.#habits.get(set);
    if (habit === undefined || habit.sessions < FEWEST_SESSIONS) return [];
    return [...habit.counts]
      .filter(([, count]) => count / (habit.sessions + 1) >= USUAL_SHARE)
      .toSorted(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
      .slice(0, most)
      .map(([name]) => name);
  }
}
