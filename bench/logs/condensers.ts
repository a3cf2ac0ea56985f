// What is compared: ours, and what people do without it. All get the same budget in tokens.
import { existsSync } from 'node:fs';
import { stripVTControlCharacters } from 'node:util';
import type { LogReport } from '../../src/contract/logs.ts';
import type { LogCase } from './cases.ts';
import { linesOf } from './match.ts';

/** Makes of a log what a model would get, in at most `budget` tokens. */
export type Condense = (input: { path: string; text: string }, budget: number) => Promise<string>;

type Count = (text: string) => number;

const ALARM = /error|fail|fatal|exception|panic|traceback/i;
const CONTEXT_LINES = 3;

interface Prepared {
  readonly lines: readonly string[];
  /** Indexes of lines that `grep -C 3` would print. */
  readonly alarms: readonly number[];
}

function prepare(text: string): Prepared {
  // Escapes are dropped and no `--` is set between groups: both leave the baselines more room.
  const lines = linesOf(stripVTControlCharacters(text));
  const alarms = new Set<number>();
  for (const [index, line] of lines.entries()) {
    if (!ALARM.test(line)) continue;
    const end = Math.min(lines.length - 1, index + CONTEXT_LINES);
    for (let near = Math.max(0, index - CONTEXT_LINES); near <= end; near++) alarms.add(near);
  }
  return { lines, alarms: [...alarms].toSorted((a, b) => a - b) };
}

/** Takes lines in this order until the next one does not fit. */
function take(
  lines: readonly string[],
  order: Iterable<number>,
  limit: { budget: number; count: Count },
): number[] {
  const taken: number[] = [];
  let used = 0;
  for (const index of order) {
    used += limit.count(`${lines[index] ?? ''}\n`);
    if (used > limit.budget) break;
    taken.push(index);
  }
  return taken;
}

type Pick = (log: Prepared, limit: { budget: number; count: Count }) => number[];

function indexes(size: number): number[] {
  return Array.from({ length: size }, (_, index) => index);
}

/** One half by `first`; the rest of the budget by the second order, without what is there already. */
function both(first: Pick, orderOf: (log: Prepared) => readonly number[]): Pick {
  return (log, { budget, count }) => {
    const taken = first(log, { budget: Math.floor(budget / 2), count });
    const known = new Set(taken);
    const rest = orderOf(log).filter((index) => !known.has(index));
    return [...taken, ...take(log.lines, rest, { budget: Math.ceil(budget / 2), count })];
  };
}

const tail: Pick = (log, limit) => take(log.lines, indexes(log.lines.length).toReversed(), limit);

const PICKS = {
  tail,
  'head+tail': both(tail, (log) => indexes(log.lines.length)),
  grep: (log, limit) => take(log.lines, log.alarms, limit),
  'grep-last': (log, limit) => take(log.lines, log.alarms.toReversed(), limit),
  'grep+tail': both(tail, (log) => log.alarms),
} as const satisfies Record<string, Pick>;

/** The baselines by name. */
export function createBaselines(count: Count): Record<keyof typeof PICKS, Condense> {
  let last = { text: '', log: prepare('') };
  const condenser =
    (pick: Pick): Condense =>
    async ({ text }, budget) => {
      if (last.text !== text) last = { text, log: prepare(text) };
      const { lines } = last.log;
      for (let room = budget; ; ) {
        const taken = pick(last.log, { budget: room, count }).toSorted((a, b) => a - b);
        const output = taken.map((index) => lines[index]).join('\n');
        const over = count(output) - budget;
        // Lines together may count more than apart.
        if (over <= 0) return output;
        room -= over;
      }
    };
  return Object.fromEntries(Object.entries(PICKS).map(([name, pick]) => [name, condenser(pick)])) as Record<
    keyof typeof PICKS,
    Condense
  >;
}

/** Knows the labels and keeps nothing else: what no condenser of whole lines can surpass by much. */
export function createCeiling(cases: readonly LogCase[], count: Count): Condense {
  const byPath = new Map(cases.map((log) => [log.path, log]));
  return async ({ path }, budget) => {
    const { items = [], set } = byPath.get(path) ?? {};
    const wanted = items
      .filter(({ rank }) => rank === 'required')
      .map(({ text, needles }) => needles[0] ?? text);
    const ends = set === 'logchunks' ? [wanted[0], wanted.at(-1)] : [];
    const shortFirst = wanted.toSorted((a, b) => a.length - b.length);
    const rest = items.filter(({ rank }) => rank === 'other').map(({ text, needles }) => needles[0] ?? text);
    const distinct = [...new Set([...ends, ...shortFirst, ...rest].filter((text) => text !== undefined))];
    const taken = take(distinct, indexes(distinct.length), { budget, count });
    return taken.map((index) => distinct[index]).join('\n');
  };
}

/** Ours, or why it cannot be had: it may be half written while the bench is used. */
export async function loadOurs(count: Count): Promise<Condense | string> {
  const module = new URL('../../src/logs/index.ts', import.meta.url);
  if (!existsSync(module)) return 'src/logs/index.ts is not there yet';
  try {
    const { condenseLog } = (await import(module.href)) as {
      condenseLog: (
        input: { path: string },
        options: { limits: { tokenBudget: number }; count: Count },
      ) => Promise<LogReport>;
    };
    if (typeof condenseLog !== 'function') return 'src/logs/index.ts exports no condenseLog yet';
    return async ({ path }, budget) =>
      (await condenseLog({ path }, { limits: { tokenBudget: budget }, count })).text;
  } catch (cause) {
    return `src/logs/index.ts cannot be loaded: ${String(cause)}`;
  }
}
