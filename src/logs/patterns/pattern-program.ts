import { type PatternNode, refused } from './pattern-parser.ts';

const MOST_STEPS = 10_000;
const ASCII = 128;

/** One step: what it takes, and where it goes on. */
export type Step =
  | { readonly op: 'take'; readonly takes: (code: number) => boolean }
  | { readonly op: 'assert'; readonly source: '^' | '$' | '\\b' | '\\B' }
  | { op: 'fork'; first: number; second: number }
  | { readonly op: 'done' };

/** Tells whether a text matches, in time that grows with the text and the pattern and not with their product's powers. */
export class PatternProgram {
  readonly #steps: Step[] = [];
  readonly #source: string;
  readonly #flags: string;
  /** For each step, the position at which it was last reached. */
  readonly #reached: Float64Array;

  /** @throws InputError `unsafe_pattern` for a pattern that is too long when its counts are written out */
  constructor(node: PatternNode, { source, flags }: { readonly source: string; readonly flags: string }) {
    this.#source = source;
    this.#flags = flags;
    this.#add(node);
    this.#push({ op: 'done' });
    this.#reached = new Float64Array(this.#steps.length);
  }

  /** The steps, the first of which it begins with. */
  get steps(): readonly Step[] {
    return this.#steps;
  }

  /** True when the pattern occurs in the text. */
  test(text: string): boolean {
    this.#reached.fill(-1);
    let current: number[] = [];
    for (let at = 0; at <= text.length; at++) {
      // The steps of this position were reached from the one before; it may also begin here.
      if (this.#reach(0, at, { text, into: current })) return true;
      if (at === text.length) return false;
      const code = text.charCodeAt(at);
      const next: number[] = [];
      for (const index of current) {
        const step = this.#steps[index];
        if (step?.op === 'take' && step.takes(code) && this.#reach(index + 1, at + 1, { text, into: next })) {
          return true;
        }
      }
      current = next;
    }
    return false;
  }

  /** Follows what takes nothing; true when that is the end. */
  #reach(
    start: number,
    at: number,
    { text, into }: { readonly text: string; readonly into: number[] },
  ): boolean {
    const open = [start];
    for (let index = open.pop(); index !== undefined; index = open.pop()) {
      if (this.#reached[index] === at) continue;
      this.#reached[index] = at;
      const step = this.#steps[index];
      if (step === undefined || step.op === 'done') return true;
      if (step.op === 'take') into.push(index);
      else if (step.op === 'fork') open.push(step.second, step.first);
      else if (holds(step.source, text, at)) open.push(index + 1);
    }
    return false;
  }

  #add(node: PatternNode): void {
    switch (node.kind) {
      case 'set':
        this.#push({ op: 'take', takes: takesOf(node.source, this.#flags) });
        return;
      case 'assert':
        this.#push({ op: 'assert', source: node.source });
        return;
      case 'all':
        for (const part of node.parts) this.#add(part);
        return;
      case 'any':
        this.#addChoices(node.choices);
        return;
      case 'repeat':
        this.#addRepeat(node);
    }
  }

  #addChoices(choices: readonly PatternNode[]): void {
    const ends: number[] = [];
    for (const [i, choice] of choices.entries()) {
      if (i === choices.length - 1) {
        this.#add(choice);
        continue;
      }
      const fork = this.#fork();
      this.#add(choice);
      ends.push(this.#fork());
      this.#direct(fork, fork + 1, this.#steps.length);
    }
    for (const end of ends) this.#direct(end, this.#steps.length, this.#steps.length);
  }

  #addRepeat({ part, min, max }: Extract<PatternNode, { kind: 'repeat' }>): void {
    if (min > MOST_STEPS || (Number.isFinite(max) && max > MOST_STEPS)) throw this.#tooLong();
    for (let i = 0; i < min; i++) this.#add(part);
    if (!Number.isFinite(max)) {
      const fork = this.#fork();
      this.#add(part);
      const back = this.#fork();
      this.#direct(back, fork, fork);
      this.#direct(fork, fork + 1, this.#steps.length);
      return;
    }
    const forks: number[] = [];
    for (let i = min; i < max; i++) {
      forks.push(this.#fork());
      this.#add(part);
    }
    for (const fork of forks) this.#direct(fork, fork + 1, this.#steps.length);
  }

  #fork(): number {
    return this.#push({ op: 'fork', first: 0, second: 0 });
  }

  #direct(index: number, first: number, second: number): void {
    const step = this.#steps[index];
    if (step?.op !== 'fork') return;
    step.first = first;
    step.second = second;
  }

  #push(step: Step): number {
    if (this.#steps.length >= MOST_STEPS) throw this.#tooLong();
    return this.#steps.push(step) - 1;
  }

  #tooLong(): Error {
    return refused(this.#source, 'counts like {1000} that make it very long');
  }
}

/** What one character of a pattern takes, as JavaScript says. */
function takesOf(source: string, flags: string): (code: number) => boolean {
  const one = new RegExp(`^(?:${source})$`, flags);
  const ascii = Uint8Array.from({ length: ASCII }, (_, code) =>
    one.test(String.fromCharCode(code)) ? 1 : 0,
  );
  return (code) => (code < ASCII ? ascii[code] === 1 : one.test(String.fromCharCode(code)));
}

function holds(source: '^' | '$' | '\\b' | '\\B', text: string, at: number): boolean {
  if (source === '^') return at === 0;
  if (source === '$') return at === text.length;
  const isBoundary = isWord(text, at - 1) !== isWord(text, at);
  return source === '\\b' ? isBoundary : !isBoundary;
}

function isWord(text: string, at: number): boolean {
  return at >= 0 && at < text.length && /\w/.test(text.charAt(at));
}
