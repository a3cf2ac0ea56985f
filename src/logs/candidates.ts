import type { Priority } from '../contract/index.ts';
import type { ShapeClasses } from './judge/shape-classes.ts';
import type { Worths } from './judge/worth.ts';
import type { LineRole } from './recognise/index.ts';
import { cutMiddle, MAX_CHARS } from './render/line-text.ts';
import type { KeptLine } from './render/render.ts';
import type { ScannedLog } from './scan/index.ts';

/** Lines are read up to this many times the budget. */
const READ_AHEAD = 6;
/** Tokens that are read ahead in any case. */
const LEAST_AHEAD = 1_000;
/** Characters per token of logs, for a first guess; what may be kept is counted. */
const CHARS_PER_TOKEN = 3;
/** Share of the budget that one line may have, and from which worth on. */
const LINE_SHARE = 0.5;
const MATTERS = 20;
const ORDER: readonly Priority[] = ['critical', 'high', 'medium', 'low', 'verbose'];

/** A line that may be kept. */
export interface Candidate extends KeptLine {
  readonly worth: number;
  readonly priority: Priority;
}

export interface CandidateOptions {
  readonly budget: number;
  readonly count: (text: string) => number;
  readonly maxByPriority: Readonly<Partial<Record<Priority, number>>>;
  readonly lowest: Priority;
  readonly factors: Readonly<Record<LineRole, number>>;
}

/** The most valuable lines, as far as the budget could ever reach, in the order of the log. */
export function readCandidates(
  { log, classes }: { readonly log: ScannedLog; readonly classes: ShapeClasses },
  worths: Worths,
  options: CandidateOptions,
): Candidate[] {
  const { budget, factors } = options;
  const worth = worths.worth.map(
    (value, i) => value * factors[classes.ofLine(worths.lines[i] as number).role],
  );
  const order = Array.from(worth.keys());
  order.sort((a, b) => (worth[b] as number) - (worth[a] as number) || a - b);
  const room = new Room(options);
  const longest = Math.max(MAX_CHARS, budget * LINE_SHARE * CHARS_PER_TOKEN);
  const read: Candidate[] = [];
  let charsLeft = (budget + LEAST_AHEAD) * READ_AHEAD * CHARS_PER_TOKEN;
  for (const index of order) {
    if (charsLeft <= 0) break;
    const line = worths.lines[index] as number;
    const { isBlank, priority } = classes.ofLine(line);
    if (isBlank || !room.isOpenTo(priority)) continue;
    const shown = classes.form.shown(log.text(line, line + 1)[0] ?? '');
    const text = cutMiddle(shown, (worth[index] as number) >= MATTERS ? longest : MAX_CHARS);
    if (!room.take(priority, text)) continue;
    read.push({ line, text, worth: worth[index] as number, priority });
    charsLeft -= text.length + 1;
  }
  return read.sort((a, b) => a.line - b.line);
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
