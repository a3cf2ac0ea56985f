import type { Priority } from '../contract/index.ts';
import type { Worths } from './judge/line-worths.ts';
import type { ShapeClasses } from './judge/shape-classes.ts';
import type { LineRole } from './recognise/index.ts';
import { cutMiddle, MAX_CHARS } from './render/line-text.ts';
import type { KeptLine } from './render/render.ts';
import type { ScannedLog } from './scan/index.ts';
import type { Turns } from './scan/turns.ts';

/** Lines are read up to this many times the budget. */
const READ_AHEAD = 6;
/** Tokens that are read ahead in any case. */
const LEAST_AHEAD = 1_000;
/** Characters per token of logs, for a first guess; what may be kept is counted. */
const CHARS_PER_TOKEN = 3;
/** Share of the budget that one line may have, and from which worth on. */
const LINE_SHARE = 0.5;
const MATTERS = 20;
/** Share of the budget that any line may have: where there is room, nothing needs to be cut. */
const ANY_LINE_SHARE = 0.01;
/** Lines whose text is read at once, in the order of the log. */
const READ_AT_ONCE = 256;
/** Share of its worth that a line keeps whose very text is told elsewhere: enough to close a gap. */
const SAID_AGAIN = 0.1;
/** The first of the same text is told, unless a later one is worth so many times more. */
const CLEARLY_MORE = 1.25;
const ORDER: readonly Priority[] = ['critical', 'high', 'medium', 'low', 'verbose'];

/** A line that may be kept. */
export interface Candidate extends KeptLine {
  readonly worth: number;
  readonly priority: Priority;
  /** The line for whose sake it may be kept; -1 for none. */
  readonly anchor: number;
}

export interface CandidateOptions {
  readonly budget: number;
  readonly count: (text: string) => number;
  readonly maxByPriority: Readonly<Partial<Record<Priority, number>>>;
  readonly lowest: Priority;
  readonly factors: Readonly<Record<LineRole, number>>;
}

/** The log whose lines may be kept. */
export interface CandidateSources {
  readonly log: ScannedLog;
  readonly classes: ShapeClasses;
  readonly turns: Turns;
}

/** The most valuable lines, as far as the budget could ever reach, in the order of the log. @throws AbortedError */
export async function readCandidates(
  { log, classes, turns }: CandidateSources,
  worths: Worths,
  options: CandidateOptions,
): Promise<Candidate[]> {
  const { budget, factors } = options;
  const worth = worths.worth.map(
    (value, i) => value * factors[classes.ofLine(worths.lines[i] as number).role],
  );
  const order = Int32Array.from(worth.keys()).sort(
    (a, b) => (worth[b] as number) - (worth[a] as number) || a - b,
  );
  const textOf = linesAhead(log, worths.lines, order);
  const room = new Room(options);
  const charsOf = (share: number): number => Math.max(MAX_CHARS, budget * share * CHARS_PER_TOKEN);
  const [longest, usual] = [charsOf(LINE_SHARE), charsOf(ANY_LINE_SHARE)];
  const read: Candidate[] = [];
  let charsLeft = (budget + LEAST_AHEAD) * READ_AHEAD * CHARS_PER_TOKEN;
  for (const [at, index] of order.entries()) {
    if (charsLeft <= 0) break;
    if (turns.isDue) await turns.take();
    const line = worths.lines[index] as number;
    const { isBlank, priority } = classes.ofLine(line);
    if (isBlank || !room.isOpenTo(priority)) continue;
    const shown = classes.form.shown(textOf(at));
    const text = cutMiddle(shown, (worth[index] as number) >= MATTERS ? longest : usual);
    if (!room.take(priority, text)) continue;
    const anchor = worths.anchors[index] as number;
    read.push({ line, text, worth: worth[index] as number, priority, anchor });
    charsLeft -= text.length + 1;
  }
  return toldOnce(read.sort((a, b) => a.line - b.line));
}

/** Of lines with the same text one keeps its worth. */
function toldOnce(candidates: readonly Candidate[]): Candidate[] {
  const told = new Map<string, Candidate>();
  for (const candidate of candidates) {
    const text = candidate.text.trim();
    const before = told.get(text);
    if (before === undefined || candidate.worth > before.worth * CLEARLY_MORE) told.set(text, candidate);
  }
  return candidates.map((candidate) =>
    told.get(candidate.text.trim()) === candidate
      ? candidate
      : { ...candidate, worth: candidate.worth * SAID_AGAIN },
  );
}

/** Reads the lines of an order, some of them ahead: side by side in the log they are read together. */
function linesAhead(log: ScannedLog, lines: Int32Array, order: Int32Array): (at: number) => string {
  let texts: readonly string[] = [];
  let from = 0;
  return (at) => {
    if (at >= from + texts.length) {
      from = at;
      const ahead = Array.from(order.subarray(at, at + READ_AT_ONCE), (index) => lines[index] as number);
      const read = new Map<number, string>();
      for (const line of ahead.toSorted((a, b) => a - b)) read.set(line, log.text(line, line + 1)[0] ?? '');
      texts = ahead.map((line) => read.get(line) ?? '');
    }
    return texts[at - from] ?? '';
  };
}

/** What the caller lets each priority have. */
class Room {
  readonly #left: Partial<Record<Priority, number>>;
  readonly #last: number;
  readonly #count: (text: string) => number;

  constructor({ maxByPriority, lowest, count }: CandidateOptions) {
    this.#left = { ...maxByPriority };
    this.#last = ORDER.indexOf(lowest);
    this.#count = count;
  }

  isOpenTo(priority: Priority): boolean {
    return ORDER.indexOf(priority) <= this.#last;
  }

  /** True when there was room for the text; it is then taken. */
  take(priority: Priority, text: string): boolean {
    const left = this.#left[priority];
    if (left === undefined) return true;
    const tokens = this.#count(text) + 1;
    if (tokens > left) return false;
    this.#left[priority] = left - tokens;
    return true;
  }
}
