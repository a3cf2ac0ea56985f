import { findProtectedSpans, type Span } from './protected-spans.ts';

/** How much of a prompt's spelling the key ignores. @see normalizeProse */
export type Normalization = 'none' | 'safe' | 'loose';

/** Changes whenever the same text may normalize differently; a part of every key. */
export const NORMALIZATION_VERSION = 2;

const MASK = '\0';
const BLANK_LINE = /^[ \t]*$/;
const UPPER_CASE = /\p{Lu}|\p{Lt}/u;
// A question about the very blanks or the very case: nothing of that kind is folded. Both are tried on
// composed lower case and without word boundaries, so that folding never changes what they say.
const ABOUT_BLANKS =
  /(?:how many|number of|count|length|exact|double|extra|leading|trailing|multiple|consecutive)[^.?!\n]{0,40}(?:space|blank|character|chars|tabs|indent)/;
/** Cheaper, and true wherever `ABOUT_BLANKS` is. */
const MENTIONS_BLANKS = /space|blank|char|tab|indent/i;
const ABOUT_CASE =
  /(?:upper|lower|title|camel|mixed)[- ]?case|capitali[sz]|capital letter|case[- ](?:in)?sensitiv/;
const MENTIONS_CASE = /case|capital/i;
// Signs that a paragraph is code, a table, a quotation, a diff or markup rather than prose.
const CODE_LIKE = new RegExp(
  [
    String.raw`[\t=<>|\\^]`,
    String.raw`;[ ]*$`,
    String.raw`::|//|/\*|&&|\w\(`,
    String.raw`^ +\S`,
    String.raw`^(?:[$%] |#!|[+-][^\s+-]|@\w)`,
    String.raw`^(?:def|class|if|for|while|elif|else|try|except|with|case|switch)\b.*:[ ]*$`,
    String.raw`^(?:import|from|function|const|let|var|return|package|using|select|SELECT) `,
  ].join('|'),
  'm',
);
// Blanks that may be columns: between figures or signs, or in more than one line of a paragraph.
const FIGURE_COLUMNS = /[^\p{L}\s.?!,;:\0] {2,}[^\p{L}\s\0]/u;
const COLUMN = /[^\s.?!] {2,}\S/;

/**
 * Returns the text with everything folded that cannot change its meaning, for keys only; what is
 * sent never changes.
 *
 * - `safe`: line ends become `\n`; in prose, trailing and repeated blanks go and Unicode is composed
 *   (NFC). Code (fenced, inline, indented or merely looking like it), quotations, JSON, tables and
 *   aligned text stay as they are, as do leading blanks everywhere.
 * - `loose`: the same, and prose is folded to lower case.
 * - `none`: the text itself.
 *
 * Idempotent, and linear in the length of the text.
 */
export function normalizeProse(text: string, mode: Normalization): string {
  if (mode === 'none' || isNormal(text, mode)) return text;
  const unified = text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text;
  if (unified.trim() === '') return unified;
  return new ProseFolder(unified, mode).run();
}

/** The cheap check that most texts pass: nothing in them can be folded. */
function isNormal(text: string, mode: Normalization): boolean {
  if (text.endsWith(' ') || text.endsWith('\n') || text.includes('\r') || / [ \n]/.test(text)) return false;
  if (Buffer.byteLength(text) === text.length) return mode === 'safe' || !/[A-Z]/.test(text);
  if (mode === 'loose' && UPPER_CASE.test(text)) return false;
  return text.normalize('NFC') === text;
}

/** The text with every protected character replaced, so that all offsets stay the same. */
function maskSpans(text: string, spans: readonly Span[]): string {
  let masked = '';
  let at = 0;
  for (const span of spans) {
    masked += text.slice(at, span.start) + MASK.repeat(span.end - span.start);
    at = span.end;
  }
  return at === 0 ? text : masked + text.slice(at);
}

class ProseFolder {
  readonly #text: string;
  readonly #mode: 'safe' | 'loose';
  readonly #spans: readonly Span[];
  readonly #masked: string;
  readonly #foldsBlanks: boolean;
  readonly #foldsCase: boolean;
  /** The first span that ends after what was written. */
  #span = 0;
  #output = '';

  constructor(text: string, mode: 'safe' | 'loose') {
    this.#text = text;
    this.#mode = mode;
    this.#spans = findProtectedSpans(text);
    this.#masked = maskSpans(text, this.#spans);
    this.#foldsBlanks = !(MENTIONS_BLANKS.test(text) && ABOUT_BLANKS.test(plain(text)));
    this.#foldsCase = mode === 'loose' && !(MENTIONS_CASE.test(text) && ABOUT_CASE.test(plain(text)));
  }

  run(): string {
    const masked = this.#masked;
    let paragraph: Span | undefined;
    let last: Span | undefined;
    for (let start = 0; start <= masked.length; ) {
      const newline = masked.indexOf('\n', start);
      const line = { start, end: newline === -1 ? masked.length : newline };
      const isBlank = BLANK_LINE.test(masked.slice(line.start, line.end));
      if (!isBlank) last = line;
      if (!isBlank && !this.#isBlock(line)) {
        paragraph = { start: paragraph?.start ?? line.start, end: line.end };
        last = paragraph;
      } else {
        if (paragraph !== undefined) this.#emit(paragraph);
        paragraph = undefined;
        this.#emitBetween(line, isBlank);
      }
      start = line.end + 1;
    }
    if (paragraph !== undefined) this.#emit(paragraph);
    // Every line was written with a newline; the last one had none.
    const output = this.#output.slice(0, -1);
    return last !== undefined && this.#isTailFoldable(last) ? withoutTrailing(output, '\n') : output;
  }

  /** Blanks at the end of the text may go, unless it ends in something that is not prose. */
  #isTailFoldable(last: Span): boolean {
    const masked = this.#masked;
    if (!this.#foldsBlanks || masked.charAt(masked.length - 1) === MASK) return false;
    return this.#isBlock(last) || isProse(masked.slice(last.start, last.end));
  }

  /** True for a fence or other protected lines, which part the paragraphs around them. */
  #isBlock({ start, end }: Span): boolean {
    if (this.#masked.charAt(start) !== MASK || this.#masked.charAt(end - 1) !== MASK) return false;
    return this.#text.slice(start, end).includes('\n');
  }

  #emitBetween(line: Span, isBlank: boolean): void {
    const raw = this.#text.slice(line.start, line.end);
    this.#output += isBlank && this.#foldsBlanks && !raw.includes('\t') ? '\n' : `${raw}\n`;
  }

  #emit(paragraph: Span): void {
    const raw = this.#text.slice(paragraph.start, paragraph.end);
    // The cheap check first: most paragraphs have nothing to fold.
    if (isNormal(raw, this.#mode) || !isProse(this.#masked.slice(paragraph.start, paragraph.end))) {
      this.#output += `${raw}\n`;
      return;
    }
    for (let start = paragraph.start; start < paragraph.end; ) {
      const newline = this.#masked.indexOf('\n', start);
      const end = newline === -1 || newline > paragraph.end ? paragraph.end : newline;
      this.#emitLine({ start, end });
      start = end + 1;
    }
  }

  #emitLine({ start, end }: Span): void {
    let at = start;
    while (at < end) {
      const span = this.#spans[this.#span];
      if (span !== undefined && span.end <= at) this.#span++;
      else if (span === undefined || span.start >= end) {
        const piece = this.#text.slice(at, end);
        this.#output += this.#foldPiece(this.#foldsBlanks ? withoutTrailing(piece, ' ') : piece);
        at = end;
      } else {
        if (span.start > at) this.#output += this.#foldPiece(this.#text.slice(at, span.start));
        this.#output += this.#text.slice(Math.max(at, span.start), Math.min(end, span.end));
        at = Math.min(end, span.end);
      }
    }
    this.#output += '\n';
  }

  #foldPiece(piece: string): string {
    let folded = this.#foldsBlanks ? piece.replace(/ {2,}/g, ' ') : piece;
    if (this.#foldsCase) folded = folded.toLowerCase();
    // U+1FEF composes to a backtick, which would open code that was not there.
    return folded.includes('\u1fef') ? folded : folded.normalize('NFC');
  }
}

function plain(text: string): string {
  return text.toLowerCase().normalize('NFC');
}

/** A loop, since `/ +$/` takes quadratic time on runs that are not at the end. */
function withoutTrailing(text: string, character: string): string {
  let end = text.length;
  while (end > 0 && text.charAt(end - 1) === character) end--;
  return text.slice(0, end);
}

function isProse(paragraph: string): boolean {
  if (CODE_LIKE.test(paragraph) || FIGURE_COLUMNS.test(paragraph)) return false;
  if (!paragraph.includes('  ')) return true;
  let aligned = 0;
  for (const line of paragraph.split('\n')) if (COLUMN.test(line)) aligned++;
  return aligned < 2;
}
