import { BLANKS, type LineForm, MARGIN, NUMBER } from './line-form.ts';
import type { PatternProgram, Step } from './pattern-program.ts';

/** Whether a pattern matches all lines of a form, none, or some, depending on what varies. */
export type Verdict = 'all' | 'none' | 'some';

const codesOf = (text: string): readonly number[] => Array.from(text, (char) => char.charCodeAt(0));
/** What a mark can stand for. */
const NUMBER_CODES = codesOf('0123456789abcdefABCDEF-');
const BLANK_CODES = codesOf(' \t');

/**
 * Decides what a pattern says of all lines of a form, by following it through the form: to `none` where it does
 * not match whatever stands at the marks, to `all` where it matches without touching them. `some` is always a
 * safe answer, and given where the pattern needs what varies.
 */
export function verdictOf(program: PatternProgram, form: LineForm): Verdict {
  if (!new Walk(program.steps, form, true).matches()) return 'none';
  return new Walk(program.steps, form, false).matches() ? 'all' : 'some';
}

/** One way through the form: a generous one takes whatever could stand at a mark, a strict one nothing. */
class Walk {
  readonly #steps: readonly Step[];
  readonly #form: LineForm;
  readonly #isGenerous: boolean;
  #isDone = false;

  constructor(steps: readonly Step[], form: LineForm, isGenerous: boolean) {
    this.#steps = steps;
    this.#form = form;
    this.#isGenerous = isGenerous;
  }

  matches(): boolean {
    let current = new Set<number>();
    for (let at = 0; at <= this.#form.length; at++) {
      this.#reach(0, at, current);
      if (this.#isDone || at === this.#form.length) return this.#isDone;
      current = this.#after(current, at);
    }
    return this.#isDone;
  }

  /** The steps that are reached behind one place of the form. */
  #after(current: ReadonlySet<number>, at: number): Set<number> {
    const code = this.#form[at] as number;
    const next = new Set<number>();
    if (code >= 0) {
      for (const index of current) this.#take(index, (takes) => takes(code), { at: at + 1, into: next });
      return next;
    }
    if (!this.#isGenerous) return next;
    const codes = code === NUMBER ? NUMBER_CODES : BLANK_CODES;
    const mayTake = (takes: (code: number) => boolean): boolean => codes.some((one) => takes(one));
    if (code === MARGIN) for (const index of current) next.add(index);
    // As often as there is something new; a match may also begin in the middle.
    const open = [...current];
    this.#reach(0, at, next);
    for (const index of next) if (!current.has(index)) open.push(index);
    for (let index = open.pop(); index !== undefined; index = open.pop()) {
      const before = next.size;
      this.#take(index, mayTake, { at: at + 1, into: next });
      if (next.size > before) open.push(...[...next].slice(before));
    }
    return next;
  }

  #take(
    index: number,
    isTaken: (takes: (code: number) => boolean) => boolean,
    { at, into }: { readonly at: number; readonly into: Set<number> },
  ): void {
    const step = this.#steps[index];
    if (step?.op === 'take' && isTaken(step.takes)) this.#reach(index + 1, at, into);
  }

  /** Follows what takes nothing. */
  #reach(start: number, at: number, into: Set<number>): void {
    const open = [start];
    const seen = new Set<number>();
    for (let index = open.pop(); index !== undefined; index = open.pop()) {
      if (seen.has(index)) continue;
      seen.add(index);
      const step = this.#steps[index];
      if (step === undefined || step.op === 'done') this.#isDone = true;
      else if (step.op === 'take') into.add(index);
      else if (step.op === 'fork') open.push(step.first, step.second);
      else if (this.#holds(step.source, at)) open.push(index + 1);
    }
  }

  #holds(source: '^' | '$' | '\\b' | '\\B', at: number): boolean {
    // Where the message begins and ends is not known to the blank.
    if (source === '^') return this.#isGenerous && at <= 1;
    if (source === '$') return this.#isGenerous && at >= this.#form.length - 1;
    if (this.#isGenerous) return true;
    const isBoundary = isWord(this.#form[at - 1]) !== isWord(this.#form[at]);
    return source === '\\b' ? isBoundary : !isBoundary;
  }
}

function isWord(code: number | undefined): boolean {
  if (code === undefined || code === BLANKS || code === MARGIN) return false;
  return code === NUMBER || /\w/.test(String.fromCharCode(code));
}
