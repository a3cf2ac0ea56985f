import { CONTRACTIONS } from './data/contractions.data.ts';
import { CODE_CHUNK, casedUnit, LONE_SIGNS, roleOfSigns, SIGNED_WORD } from './signs.ts';

/** What a token is, as far as its letters tell. */
export type TokenKind =
  | 'word'
  | 'number'
  | 'time'
  | 'date'
  | 'version'
  | 'identifier'
  | 'path'
  | 'url'
  | 'quotation'
  | 'code'
  | 'symbol'
  | 'emoji'
  | 'foreign'
  | 'stop';

/** A word, a number, or another unit of a text. */
export interface RawToken {
  readonly kind: TokenKind;
  /** As it stands in the text. */
  readonly raw: string;
  /** Lower case, typographic signs made plain; of a quotation, code and names in code what it holds, as it stands. */
  readonly text: string;
  /** True when nothing but signs stands before it in its sentence. */
  readonly opensSentence: boolean;
  /** True when a comma, a colon or a semicolon stands before it. */
  readonly opensClause: boolean;
}

const PIECES: readonly (readonly [TokenKind | 'mark' | 'initials' | 'signs', string])[] = [
  ['code', '```[^]*?(?:```|$)|`[^`\\n]+`'],
  ['url', '(?:https?|ftp)://[^\\s"\'<>)]+|www\\.[^\\s"\'<>)]+|[\\w.+-]+@[\\w-]+(?:\\.[\\w-]+)+'],
  [
    'quotation',
    '""[^"]{1,300}""|"[^"]{1,300}"|“[^”]{1,300}”|«[^»]{1,300}»|(?<![\\p{L}\\d])[\'‘][^\'’\\n]{1,80}[\'’](?![\\p{L}\\d])',
  ],
  [
    'path',
    '(?:[A-Za-z]:\\\\|(?<![\\w.])(?:~|\\.{1,2})?/(?=[\\w.]))[\\w.\\-/\\\\]*[\\w/\\\\]|[\\w.-]+(?:/[\\w.-]+)+\\.\\w{1,5}\\b|[\\w.-]+(?:/[\\w.-]+){2,}',
  ],
  ['signs', LONE_SIGNS],
  ['code', `${CODE_CHUNK}|${SIGNED_WORD}`],
  ['date', '\\d{1,4}([-/.])\\d{1,2}\\1\\d{1,4}(?![\\d.])'],
  ['time', '\\d{1,2}:\\d{2}(?::\\d{2})?(?:\\s?[ap]\\.?m\\b)?|\\d{1,2}\\s?[ap]\\.?m\\b'],
  ['version', 'v\\d+(?:\\.\\d+)*|\\d+(?:\\.\\d+){2,}(?:-?(?:alpha|beta|rc)\\.?\\d*)?'],
  ['initials', '(?<![\\p{L}\\d.])\\p{Lu}(?:\\.\\p{Lu})+\\.?(?![\\p{L}\\d])'],
  [
    'identifier',
    '--?[A-Za-z][\\w-]*|[\\w.:]+\\(\\)|[\\p{L}_$][\\w$]*(?:_+[\\w$]+)+|_+\\w+|\\.[A-Za-z]\\w*|[a-z][\\w-]*(?:\\.[A-Za-z_]\\w*)+|[A-Z]\\w*(?:\\.[A-Za-z]\\w+)+|[@#][A-Za-z]\\w*',
  ],
  [
    'number',
    '(?:(?<![\\w)])[-+−])?[$€£¥₹]?(?:\\d{1,3}(?:,\\d{2,3})+|\\d+)(?:\\.\\d+)?(?:\\s?%|(?:st|nd|rd|th|k|m|bn|x)(?![\\p{L}\\d]))?',
  ],
  [
    'word',
    "\\p{L}[\\p{L}\\p{M}]*(?:\\d[\\p{L}\\d]*)?(?:(?:['’]|-(?=\\p{L}))[\\p{L}\\p{M}]+)*(?:\\+\\+|#(?![\\p{L}\\d]))?",
  ],
  [
    'emoji',
    '\\p{Extended_Pictographic}(?:[\\u200d\\ufe0f\\u{1f3fb}-\\u{1f3ff}]|\\p{Extended_Pictographic})*',
  ],
  ['stop', '[.?!]+(?=\\s|$)|\\n+'],
  ['mark', '[,:;]'],
  ['symbol', '[^\\s\\p{L}\\d]'],
];

const SCANNER = new RegExp(
  PIECES.map(
    ([, source]) => `(${source.replace('([-/.])', '(?<sep>[-/.])').replace('\\1', '\\k<sep>')})`,
  ).join('|'),
  'gu',
);
/** The group of each kind: the named group of dates takes one place. */
const DATE = PIECES.findIndex(([kind]) => kind === 'date');
const GROUPS = PIECES.map(([kind], i) => ({ kind, group: i + 1 + (i > DATE ? 1 : 0) }));
const WORD_GROUP = GROUPS.find(({ kind }) => kind === 'word')?.group ?? 0;
const PLAIN = /^[!-~ ]*$/;
const LATIN = /^[\p{Script=Latin}\p{M}'’\-+#\d]+$/u;
const ALNUM = /[\p{L}\d]/u;
/** A number or a single letter, blanks apart. */
const TERM_BEFORE = /(?:^|[^\p{L}\d])(?:\p{L}|\d+)\s*$/u;
const TERM_AFTER = /^\s*(?:\p{L}|\d+)(?![\p{L}\d])/u;
const CASED_NAME = /^-|_|\(\)$/;
const OPERATORS = /^[-+*/^=<>≤≥≠±×÷%&|−√∞]$/u;

/** The tokens of a text, contractions written out, signs that say nothing left out. Linear in its length. */
export function tokensOf(text: string): readonly RawToken[] {
  const found: RawToken[] = [];
  let opensSentence = true;
  let opensClause = false;
  for (const match of text.matchAll(SCANNER)) {
    const raw = match[0];
    const seen = kindOf(match);
    const role = seen === 'signs' ? roleOfSigns(text, match.index, raw) : seen;
    const kind = role === 'literal' ? 'symbol' : role;
    if (kind === 'silent') continue;
    if (kind === 'mark') {
      opensClause = true;
      continue;
    }
    if (kind === 'symbol' && role !== 'literal' && !saysSomething(text, match.index, raw)) {
      // "Uber/Lyft" lists, "500/1000" may divide.
      if ((raw === '/' && !/\d/.test(text.charAt(match.index + 1))) || raw === '&') opensClause = true;
      continue;
    }
    const token: RawToken = { kind, raw, text: plain(kind, raw), opensSentence, opensClause };
    if (kind === 'stop') {
      if (!opensSentence) found.push(token);
      opensSentence = true;
      opensClause = false;
      continue;
    }
    push(found, token);
    opensSentence = false;
    opensClause = false;
  }
  return found;
}

function kindOf(match: RegExpExecArray): TokenKind | 'mark' | 'signs' {
  if (match[WORD_GROUP] !== undefined && PLAIN.test(match[0])) return 'word';
  for (const { kind, group } of GROUPS) {
    if (match[group] !== undefined) {
      if (kind === 'initials') return 'word';
      return kind === 'word' && !PLAIN.test(match[0]) && !LATIN.test(match[0]) ? 'foreign' : kind;
    }
  }
  return 'symbol';
}

function push(found: RawToken[], token: RawToken): void {
  const parts = token.kind === 'word' ? CONTRACTIONS.get(token.text) : undefined;
  if (parts !== undefined) {
    for (const [i, part] of parts.entries()) {
      found.push({ ...token, text: part, ...(i > 0 ? { opensSentence: false, opensClause: false } : {}) });
    }
    return;
  }
  const unit = found.at(-1)?.kind === 'number' ? casedUnit(token.raw) : undefined;
  if (unit !== undefined) {
    found.push({ ...token, text: unit });
    return;
  }
  if (token.kind === 'word' && token.text.endsWith("'s")) {
    found.push({ ...token, raw: token.raw.slice(0, -2), text: token.text.slice(0, -2) });
    return;
  }
  found.push(token);
}

function plain(kind: TokenKind, raw: string): string {
  if (kind === 'quotation') return raw.replace(/^["'“‘«]+|["'”’»]+$/gu, '').trim();
  if (kind === 'code') return raw.replace(/^`+|`+$/g, '').trim();
  // `-d` and `-D` are two options, `MAX_SIZE` and `max_size` two names.
  if (kind === 'identifier' && CASED_NAME.test(raw)) return raw;
  if (kind === 'path' || kind === 'url') return raw.replace(/[.,;:!?/]+$/, '');
  if (PLAIN.test(raw)) {
    const lower = raw.toLowerCase();
    return kind === 'word' && lower.includes('.') ? lower.replaceAll('.', '') : lower;
  }
  const lower = raw.normalize('NFKC').toLowerCase().replace(/’/g, "'").replace(/−/g, '-');
  if (kind !== 'word') return lower;
  return lower
    .normalize('NFD')
    .replace(/\p{Mn}+/gu, '')
    .normalize('NFC');
}

/** An operator between numbers, single letters or parts of code says something; dashes, lists and stars around words do not. */
function saysSomething(text: string, at: number, sign: string): boolean {
  if (!OPERATORS.test(sign)) return /[\p{Sc}\p{Sm}\p{So}\p{N}§#@]/u.test(sign);
  if (/[=<>≤≥≠±×÷√∞^%|]/u.test(sign)) return true;
  const end = at + sign.length;
  const [before, after] = [text.charAt(at - 1), text.charAt(end)];
  if (sign !== '/' && (/\d/.test(before) || /\d/.test(after))) return true;
  const isBetween = ALNUM.test(before) && ALNUM.test(after);
  if (sign === '+' || sign === '*') return isBetween || (/\s/.test(before) && /\s/.test(after));
  // "x - 2", "a / b": terms at both sides.
  return (
    /\s/.test(before) &&
    /\s/.test(after) &&
    TERM_BEFORE.test(text.slice(Math.max(0, at - 8), at)) &&
    TERM_AFTER.test(text.slice(end, end + 8))
  );
}
