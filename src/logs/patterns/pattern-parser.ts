import { InputError } from '../../contract/index.ts';

/** A regular expression as a tree; sets and characters stay as they were written. */
export type PatternNode =
  | { readonly kind: 'set'; readonly source: string }
  | { readonly kind: 'assert'; readonly source: '^' | '$' | '\\b' | '\\B' }
  | { readonly kind: 'all'; readonly parts: readonly PatternNode[] }
  | { readonly kind: 'any'; readonly choices: readonly PatternNode[] }
  | { readonly kind: 'repeat'; readonly part: PatternNode; readonly min: number; readonly max: number };

const MOST_DEPTH = 100;
/** Lengths of what follows a backslash: `\x41`, `\u0041`, `\cA`. */
const ESCAPES = /^\\(?:x[\da-f]{2}|u[\da-f]{4}|c[a-z]|[\s\S])/i;
const COUNT = /^\{(\d{1,9})(?:(,)(\d{0,9}))?\}/;
const GROUP = /^\((?:\?:|\?<[A-Za-z_$][\w$]*>|(?!\?))/;

/**
 * Parses a regular expression that JavaScript accepts. What needs backtracking is refused: it can take longer
 * than anybody waits.
 *
 * @throws InputError `unsafe_pattern`
 */
export function parsePattern(source: string): PatternNode {
  const parser = new Parser(source);
  return parser.parse();
}

class Parser {
  readonly #source: string;
  #at = 0;
  #depth = 0;

  constructor(source: string) {
    this.#source = source;
  }

  parse(): PatternNode {
    return this.#alternatives();
  }

  #alternatives(): PatternNode {
    if (++this.#depth > MOST_DEPTH) throw refused(this.#source, 'groups within groups, too deep');
    const choices = [this.#sequence()];
    while (this.#source[this.#at] === '|') {
      this.#at++;
      choices.push(this.#sequence());
    }
    this.#depth--;
    return choices.length === 1 ? (choices[0] as PatternNode) : { kind: 'any', choices };
  }

  #sequence(): PatternNode {
    const parts: PatternNode[] = [];
    for (;;) {
      const next = this.#source[this.#at];
      if (next === undefined || next === '|' || next === ')') return { kind: 'all', parts };
      parts.push(this.#repeated(this.#atom(next)));
    }
  }

  #repeated(part: PatternNode): PatternNode {
    const bounds = this.#quantifier();
    if (bounds === undefined) return part;
    // Lazy or not, the same lines match.
    if (this.#source[this.#at] === '?') this.#at++;
    return { kind: 'repeat', part, ...bounds };
  }

  #quantifier(): { readonly min: number; readonly max: number } | undefined {
    const next = this.#source[this.#at];
    if (next === '*' || next === '+' || next === '?') {
      this.#at++;
      return { min: next === '+' ? 1 : 0, max: next === '?' ? 1 : Number.POSITIVE_INFINITY };
    }
    const [whole, least, comma, most] = COUNT.exec(this.#source.slice(this.#at)) ?? [];
    if (whole === undefined) return undefined;
    this.#at += whole.length;
    const min = Number(least);
    if (comma === undefined) return { min, max: min };
    return { min, max: most === '' || most === undefined ? Number.POSITIVE_INFINITY : Number(most) };
  }

  #atom(next: string): PatternNode {
    if (next === '(') return this.#group();
    if (next === '[') return this.#class();
    if (next === '\\') return this.#escape();
    this.#at++;
    if (next === '^' || next === '$') return { kind: 'assert', source: next };
    if (next === '.') return { kind: 'set', source: next };
    // A brace that begins no count stands for itself, and so does a bracket that ends nothing.
    return { kind: 'set', source: /[{}\]]/.test(next) ? `\\${next}` : next };
  }

  #group(): PatternNode {
    const [head] = GROUP.exec(this.#source.slice(this.#at)) ?? [];
    if (head === undefined) throw refused(this.#source, 'a look-around or a modifier, "(?"');
    this.#at += head.length;
    const inner = this.#alternatives();
    this.#at++;
    return inner;
  }

  #class(): PatternNode {
    const from = this.#at++;
    while (this.#source[this.#at] !== ']') this.#at += this.#source[this.#at] === '\\' ? 2 : 1;
    this.#at++;
    return { kind: 'set', source: this.#source.slice(from, this.#at) };
  }

  #escape(): PatternNode {
    const [source = '\\'] = ESCAPES.exec(this.#source.slice(this.#at)) ?? [];
    if (/^\\[1-9k]/.test(source)) throw refused(this.#source, `a reference to an earlier group, "${source}"`);
    this.#at += source.length;
    if (source === '\\b' || source === '\\B') return { kind: 'assert', source };
    return { kind: 'set', source };
  }
}

/** The error for what could stall. */
export function refused(source: string, what: string): InputError {
  return new InputError(
    'unsafe_pattern',
    `The pattern "${source}" has ${what}, which could take forever on a long line. Write it without.`,
  );
}
