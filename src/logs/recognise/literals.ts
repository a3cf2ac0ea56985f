import { membersOf, WORD } from './char-class.ts';
import { type Literals, MOST_SETS, mostTelling } from './telling.ts';

/**
 * Finds in a pattern's source text that every match must hold, so that most patterns are ruled out by one scan
 * of the line. It knows the syntax that the tables use; what it does not know only costs speed, never a match:
 * it then says that nothing is certain.
 */

/** Characters, folded by `foldCode`, with which a text can begin; `null` where any can. */
type Firsts = ReadonlySet<number> | null;

/** What is certain of every match of a pattern. */
export interface Certain {
  /** The most telling first; none where nothing is certain. */
  readonly literals: readonly Literals[];
  /** The first characters, blanks aside, of a text that an anchored pattern matches. */
  readonly firsts: Firsts;
}

/** Letters fold to lower case, so that patterns with and without the flag `i` share one scan. */
export const foldCode = (code: number): number => (code > 127 ? (code & 127) | 128 : code) | 32;

interface Part {
  /** Told when asked for: most parts stand too late in their pattern to matter. */
  readonly firsts: () => Firsts;
  /** Whether it may match nothing, or nothing but blanks. */
  readonly skippable: boolean;
  /** Text that the part always is, `null` where it varies. */
  readonly exact: string | null;
  /** Of each of these the part holds at least one text. */
  readonly sets: readonly Literals[];
}

const VARIES: Part = { exact: null, sets: [], firsts: () => null, skippable: false };
const NONE: Firsts = new Set();
const NOTHING: Part = { exact: '', sets: [], firsts: () => NONE, skippable: true };
const BLANK: Part = { exact: null, sets: [], firsts: () => NONE, skippable: true };
const codes = (text: string): Firsts => new Set(Array.from(text, (one) => foldCode(one.charCodeAt(0))));
const WORD_CODES = codes(WORD);
const DIGIT_CODES = codes('0123456789');

function allFirsts(parts: readonly Part[]): Firsts {
  const all = new Set<number>();
  for (const part of parts) {
    const some = part.firsts();
    if (some === null) return null;
    for (const code of some) all.add(code);
  }
  return all;
}

function plainText(text: string): Part {
  const blank = text.trim() === '';
  return {
    exact: text,
    sets: [[text]],
    firsts: () => (blank ? NONE : codes(text.charAt(0))),
    skippable: blank,
  };
}

/** Most alternatives worth looking for; more make the pattern as good as unfiltered. */
const MAX_ALTERNATIVES = 80;

const QUANTIFIER = /(?:[*+?]|\{(\d+)(,\d*)?\})\??/y;
/** Characters that are themselves, the first of them no blank. */
const PLAIN = /[\w:,'"!@#%&~<>=;-][\w :,'"!@#%&~<>=;-]*(?![*+?{])/y;
const GROUP = /\?(?::|<[A-Za-z]\w*>|<?[=!])/y;

/** Matches a sticky pattern at a place. */
function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

/** Reads one pattern's source from left to right. */
class Reader {
  readonly #source: string;
  #at = 0;

  constructor(source: string) {
    this.#source = source;
  }

  alternation(): Part {
    const options: Part[] = [this.#sequence()];
    while (this.#source[this.#at] === '|') {
      this.#at += 1;
      options.push(this.#sequence());
    }
    const [only] = options;
    if (options.length === 1 && only !== undefined) return only;
    const oneOf = options.flatMap(({ sets }) => mostTelling(sets, 1)[0] ?? []);
    const certain = options.every(({ sets }) => sets.length > 0) && oneOf.length <= MAX_ALTERNATIVES;
    return {
      exact: null,
      sets: certain ? [oneOf] : [],
      firsts: () => allFirsts(options),
      skippable: options.some((option) => option.skippable),
    };
  }

  #sequence(): Part {
    const sets: Literals[] = [];
    let run = '';
    let exact: string | null = '';
    const heads: Part[] = [];
    let skippable = true;
    const endRun = (): void => {
      if (run !== '') sets.push([run]);
      run = '';
    };
    while (this.#at < this.#source.length && !'|)'.includes(this.#source[this.#at] ?? '')) {
      const part = this.#quantified();
      if (skippable) heads.push(part);
      skippable &&= part.skippable;
      if (part.exact === null) {
        endRun();
        exact = null;
        sets.push(...part.sets);
      } else {
        run += part.exact;
        if (exact !== null) exact += part.exact;
      }
    }
    endRun();
    return { exact, sets, firsts: () => allFirsts(heads), skippable };
  }

  #quantified(): Part {
    const plain = matchAt(PLAIN, this.#source, this.#at)?.[0];
    if (plain !== undefined) {
      this.#at += plain.length;
      return plainText(plain);
    }
    const part = this.#atom();
    if (!'*+?{'.includes(this.#source[this.#at] ?? 'x')) return part;
    const quantifier = matchAt(QUANTIFIER, this.#source, this.#at);
    if (quantifier === null) return part;
    const [text, least] = quantifier;
    this.#at += text.length;
    if (text.startsWith('*') || text.startsWith('?') || least === '0') {
      return { exact: null, sets: [], firsts: part.firsts, skippable: true };
    }
    const { sets, exact, firsts, skippable } = part;
    return { exact: null, sets: sets.length === 0 && exact ? [[exact]] : sets, firsts, skippable };
  }

  #atom(): Part {
    const one = this.#source[this.#at] ?? '';
    this.#at += 1;
    if (one === '(') return this.#group();
    if (one === '[') return this.#class();
    if (one === '\\') return this.#escape();
    if (one === '.') return VARIES;
    return one === '^' || one === '$' ? NOTHING : plainText(one);
  }

  #group(): Part {
    const opening = matchAt(GROUP, this.#source, this.#at);
    if (opening !== null) this.#at += opening[0].length;
    const inner = this.alternation();
    this.#at += 1;
    return opening !== null && /[=!]$/.test(opening[0]) ? NOTHING : inner;
  }

  #class(): Part {
    const start = this.#at;
    if (this.#source[this.#at] === '^') this.#at += 1;
    while (this.#at < this.#source.length && this.#source[this.#at] !== ']') {
      this.#at += this.#source[this.#at] === '\\' ? 2 : 1;
    }
    const inside = this.#source.slice(start, this.#at);
    this.#at += 1;
    const found = inside.startsWith('^') ? null : membersOf(inside);
    if (found === null) return VARIES;
    // `[Ee]` is one letter to the scan, which folds both.
    const sole = /^[A-Za-z]{2}$/.test(found) && found[0]?.toLowerCase() === found[1]?.toLowerCase();
    if (sole) return plainText(found.slice(0, 1));
    const marks = found.length <= 8 && /^[^\w\s]+$/.test(found);
    return {
      exact: null,
      sets: marks ? [Array.from(found)] : [],
      firsts: () => codes(found.trim()),
      skippable: /\s/.test(found),
    };
  }

  #escape(): Part {
    const one = this.#source[this.#at] ?? '';
    this.#at += 1;
    if (one === 'b' || one === 'B') return NOTHING;
    const hexDigits = { u: 4, x: 2 }[one];
    if (hexDigits !== undefined) {
      const code = this.#source.slice(this.#at, this.#at + hexDigits);
      this.#at += hexDigits;
      return plainText(String.fromCharCode(Number.parseInt(code, 16)));
    }
    if (one === 's' || one === 't') return BLANK;
    const firsts = { w: WORD_CODES, d: DIGIT_CODES }[one];
    if (firsts !== undefined) return { ...VARIES, firsts: () => firsts };
    return /[A-Za-z0-9]/.test(one) ? VARIES : plainText(one);
  }
}

/** What every match of `pattern` has. */
export function certainOf(pattern: RegExp): Certain {
  const { sets, firsts, skippable } = new Reader(pattern.source).alternation();
  // An alternative without `^` may match anywhere.
  const anchored = pattern.source.startsWith('^') && !/\|\^/.test(pattern.source);
  const outer = splitsAtTop(pattern.source);
  return {
    literals: mostTelling(sets, MOST_SETS),
    firsts: anchored && !outer && !skippable ? firsts() : null,
  };
}

/** Whether the pattern's outermost part is a choice, whose later options `^` does not bind. */
function splitsAtTop(source: string): boolean {
  let depth = 0;
  let inClass = false;
  for (let at = 0; at < source.length; at += 1) {
    const one = source[at];
    if (one === '\\') at += 1;
    else if (one === '[') inClass = true;
    else if (one === ']') inClass = false;
    else if (!inClass && one === '(') depth += 1;
    else if (!inClass && one === ')') depth -= 1;
    else if (!inClass && one === '|' && depth === 0) return true;
  }
  return false;
}
