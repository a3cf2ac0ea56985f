// When a line counts as kept: what both sides are freed of before they are compared.
import { stripVTControlCharacters } from 'node:util';

/** Line numbers of the data sets hold over this split; a lone CR also ends a line. */
const LINE_END = /\r\n|\r|\n/;
const STAMP = String.raw`\[?(?:task )?(?:\d{4}[-/.]\d\d[-/.]\d\d[T ])?\d\d:\d\d:\d\d(?:[.,:]\d+)?(?:Z|[+-]\d\d:?\d\d)?\]?`;
/** A clock time or a date with one, twice at most; `gh run view --log` puts job and step before it. */
const LEADING_STAMP = new RegExp(
  String.raw`^(?:[^\t]+\t[^\t]+\t(?=\d{4}-\d\d-\d\dT))?(?:${STAMP}(?:\s+|$)){1,2}`,
);

/** The lines of a text, as the labels number them. */
export function linesOf(text: string): string[] {
  return text.split(LINE_END);
}

/** One line without escape sequences, its blanks made single. */
export function plain(line: string): string {
  return stripVTControlCharacters(line).replaceAll(/\s+/g, ' ').trim();
}

/** What of a labelled line must stand in the output: escapes and a leading timestamp do not count. */
export function needleOf(line: string): string {
  return plain(stripVTControlCharacters(line).replace('\uFEFF', '').trimStart().replace(LEADING_STAMP, ''));
}

/** An output, made ready to be searched. */
export interface Haystack {
  readonly lines: readonly string[];
  /** Plain lines, one below the other: nothing is found across two of them. */
  readonly byLine: string;
  /** The same as one line, for values that the log wraps. */
  readonly flat: string;
}

/** Makes an output ready to be searched. */
export function haystackOf(output: string): Haystack {
  const lines = linesOf(stripVTControlCharacters(output)).map((line) => line.replaceAll(/\s+/g, ' ').trim());
  return { lines, byLine: lines.join('\n'), flat: lines.join(' ').replaceAll(/ +/g, ' ') };
}

/** A test for lines of this form: `<*>` stands for anything, also for `<*>` or `…` in the output. */
export function templatePattern(template: string): RegExp {
  const parts = plain(template).split('<*>');
  return new RegExp(parts.map((part) => part.replaceAll(/[$()*+.?[\\\]^{|}]/g, String.raw`\$&`)).join('.*?'));
}
