/** What a masked part of a message is. `word` is a part that the miner found to vary without knowing what it is. */
export type SlotKind =
  | 'num'
  | 'hex'
  | 'uuid'
  | 'ip'
  | 'host'
  | 'mac'
  | 'path'
  | 'url'
  | 'email'
  | 'time'
  | 'duration'
  | 'size'
  | 'version'
  | 'id'
  | 'null'
  | 'text'
  | 'word';

/** A message with one character of the private use area for each masked part. */
export interface Masked {
  readonly text: string;
  /** The masked parts, in order. */
  readonly values: readonly string[];
}

/** Kinds by the offset of their mark from `FIRST_MARK`. */
const KINDS: readonly SlotKind[] = [
  'num',
  'hex',
  'uuid',
  'ip',
  'host',
  'mac',
  'path',
  'url',
  'email',
  'time',
  'duration',
  'size',
  'version',
  'id',
  'null',
  'text',
  'word',
];
const FIRST_MARK = 0xe0_00;
const MARKS = /[\uE000-\uE010]/g;

/** The mark of a kind in masked text. */
export function markOf(kind: SlotKind): string {
  return String.fromCharCode(FIRST_MARK + KINDS.indexOf(kind));
}

/** The kind that a character of masked text stands for, if it is a mark. */
export function kindOf(mark: string): SlotKind | undefined {
  return KINDS[mark.charCodeAt(0) - FIRST_MARK];
}

const MONTH = '(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}';
const DAY = '(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]{0,6}';
const CLOCK = '\\d{1,2}:\\d{2}:\\d{2}(?:[.,:]\\d{1,9})?(?:Z|\\s?[+-]\\d{2}:?\\d{2}(?!\\d))?';
const SEGMENT = '[\\w@%+~$.*-]{0,250}[\\w@%+~$*-]';
const HEX = '[0-9a-fA-F]';

/**
 * What varies by its form, tried in this order where a word begins with a character that `starts` allows.
 * All repetitions are bounded, or of a class that the next part cannot begin with: linear in the length.
 */
const PARTS: readonly { readonly kind: SlotKind; readonly starts: RegExp; readonly source: string }[] = [
  // A quotation is a value where a key stands before it; elsewhere it may be what tells messages apart.
  { kind: 'text', starts: /"/, source: '(?<=[=:]\\s?)"[^"]{0,300}"' },
  { kind: 'url', starts: /[A-Za-z]/, source: `[A-Za-z][A-Za-z0-9+.-]{1,20}:\\/\\/[^\\s"'<>|,;)\\]}]+` },
  {
    kind: 'email',
    starts: /\w/,
    source: '\\w[\\w.+-]{0,63}@[A-Za-z][\\w-]{0,62}(?:\\.[A-Za-z][\\w-]{0,62}){1,6}',
  },
  {
    kind: 'uuid',
    starts: /[0-9a-fA-F]/,
    source: `${HEX}{8}-${HEX}{4}-${HEX}{4}-${HEX}{4}-${HEX}{12}(?![\\w-])`,
  },
  {
    kind: 'time',
    starts: /\d/,
    source: [
      '\\d{4}([-/.])\\d{1,2}\\1\\d{1,2}(?:[T\\s_-]{1,2}\\d{1,2}[:.]\\d{2}(?:[:.]\\d{2}(?:[.,:]\\d{1,9})?)?(?:Z|\\s?[+-]\\d{2}:?\\d{2}(?!\\d))?)?(?![\\w-])',
      `\\d{1,2}[/\\s-]${MONTH}[/\\s-]\\d{2,4}(?:[:\\s]${CLOCK})?(?![\\w-])`,
      `${CLOCK}(?![\\w:])`,
    ].join('|'),
  },
  {
    kind: 'time',
    starts: /[ADFJMNOSTW]/,
    source: [
      `(?:${DAY},?\\s{1,2})?${MONTH}\\s{1,2}\\d{1,2},?\\s(?:\\d{4},?\\s)?${CLOCK}(?:\\s[A-Z]{3,4}(?=\\s\\d{4}))?(?:\\s\\d{4})?(?![\\w-])`,
      `${DAY},?\\s{1,2}\\d{1,2}[/\\s-]${MONTH}[/\\s-]\\d{2,4}(?:[:\\s]${CLOCK})?(?![\\w-])`,
    ].join('|'),
  },
  { kind: 'mac', starts: /[0-9a-fA-F]/, source: `${HEX}{2}([:-])(?:${HEX}{2}\\1){4}${HEX}{2}(?![\\w:-])` },
  // Java writes host/address:port, and /address:port where the name is not known.
  {
    kind: 'ip',
    starts: /[\dA-Za-z/]/,
    source:
      '(?:(?<![\\w./])(?:[A-Za-z][\\w.-]{0,60})?\\/)?\\d{1,3}(?:\\.\\d{1,3}){3}(?::\\d{1,5}|\\/\\d{1,2})?(?![\\w-]|\\.\\d)',
  },
  {
    kind: 'ip',
    starts: /[0-9a-fA-F:]/,
    source: [
      `(?:${HEX}{1,4}:){7}${HEX}{1,4}(?:%\\w{1,16})?(?![\\w:])`,
      `(?=[a-fA-F:]{0,20}\\d)(?:${HEX}{1,4}(?::${HEX}{1,4}){0,6})?::(?:${HEX}{1,4}(?::${HEX}{1,4}){0,6})?(?:%\\w{1,16})?(?![\\w:])`,
    ].join('|'),
  },
  {
    kind: 'host',
    starts: /[A-Za-z0-9]/,
    source: '[A-Za-z0-9][\\w-]{0,62}(?:\\.[\\w-]{1,63}){1,8}:\\d{1,5}(?![\\w:.-])',
  },
  {
    kind: 'hex',
    starts: /[0-9a-fA-F]/,
    source: `0[xX]${HEX}+(?!\\w)|(?=\\d{0,63}[a-fA-F])(?=[a-fA-F]{0,63}\\d)${HEX}{6,}(?![\\w-])`,
  },
  {
    kind: 'path',
    starts: /[/~.]/,
    source: [
      `(?<!\\w)(?:~|\\.{1,2})?(?!\\/\\d{1,3}\\.\\d{1,3}\\.\\d)(?:\\/${SEGMENT}){2,}\\/?`,
      '(?<!\\w)(?:~|\\.{1,2})?\\/(?!\\d{1,3}\\.\\d{1,3}\\.\\d)[\\w@%+~$-]{0,250}[.\\d][\\w@%+~$.*-]{0,250}[\\w*]',
      `(?<!\\w)(?:~|\\.{1,2})\\/${SEGMENT}`,
    ].join('|'),
  },
  {
    kind: 'path',
    starts: /[\w\\]/,
    source: [
      `[A-Za-z]:[\\\\/][^\\s"'<>|,;)\\]}]+`,
      `\\\\\\\\[^\\s"'<>|,;)\\]}]+`,
      '\\w[\\w.@-]{0,127}(?:\\/[\\w.@+-]{1,250}){2,}',
    ].join('|'),
  },
  {
    kind: 'version',
    starts: /[\dv]/,
    source: 'v?\\d{1,9}(?:\\.\\d{1,9}){2,6}(?:[-+.][A-Za-z][\\w.]{0,40})?(?![\\w-])',
  },
  { kind: 'duration', starts: /\d/, source: '\\d{1,3}:\\d{2}(?![\\w:.])' },
  {
    kind: 'duration',
    starts: /[\d+-]/,
    source: [
      '[-+]?(?:\\d{1,15}(?:\\.\\d{1,15})?(?:ns|us|µs|μs|ms|msecs?|s|secs?|m|mins?|h|hrs?|d|days?)){1,6}(?!\\w)',
      '\\d{1,15}(?:\\.\\d{1,15})?\\s(?:sec|secs|seconds?|msec|ms|minutes?|mins?|hours?|hrs?|days?)(?!\\w)',
    ].join('|'),
  },
  {
    kind: 'size',
    starts: /[\d+-]/,
    source: '[-+]?\\d{1,20}(?:\\.\\d{1,15})?(?:\\s?[KMGTPkmgtp]i?[Bb]|[KMGTPB]|bytes)(?!\\w)',
  },
  {
    kind: 'num',
    starts: /[\d+-]/,
    source: '(?<![\\w)\\]])[-+]?\\d+(?:[.,]\\d+)*(?:[eE][-+]?\\d{1,3})?%?(?!\\w)(?!-\\w)',
  },
  { kind: 'num', starts: /\d/, source: '\\d+(?:[.,]\\d+)*%?(?!\\w)(?!-\\w)' },
];

interface Part {
  readonly kind: SlotKind;
  readonly pattern: RegExp;
}

const ASCII = 128;
/** By the code of the first character, what it may begin. */
const PARTS_BY_START: readonly (readonly Part[])[] = /* @__PURE__ */ (() => {
  const parts = PARTS.map(({ kind, starts, source }) => ({
    kind,
    starts,
    pattern: new RegExp(source, 'y'),
  }));
  return Array.from({ length: ASCII }, (_, code) =>
    parts.filter(({ starts }) => starts.test(String.fromCharCode(code))),
  );
})();
const NO_PARTS: readonly Part[] = [];

const WORD = /[A-Za-z0-9_$][\w$-]*/y;
/** A word of letters that ends here is none of the parts; months and days may begin one. */
const PLAIN =
  /(?!(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec|Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*[\s,])[A-Za-z]+(?=[\s,;=)\]}(>|]|$)/y;

const NOTHING = new Set(['null', 'None', 'nil', 'undefined', 'NULL']);
/** After these such a word is a value and not a word of the sentence. */
const VALUE_FOLLOWS = /[=:([{,]\s?$/;

/** Digits inside a name that is a name all the same: `log4j`, `Base64Decoder`. */
const NAME_WITH_DIGIT = /^[A-Za-z]{3,40}\d{1,2}[A-Za-z$]{1,40}$/;
const NUMBERED = /^([A-Za-z$]{1,40})(\d+)$/;
/** A letter or two do not make a name: `R02`, `sn12`. */
const CODE = /^[A-Za-z]{1,2}\d/;
const COUNTED = /^(\d+)((?:-[A-Za-z]+)+)$/;

/** How much of a word is fixed: its head and its tail; what lies between is masked as `kind`. */
interface Cut {
  readonly head: number;
  readonly tail: number;
  readonly kind: SlotKind;
}

/** Which part of a word with digits varies. */
function cutWord(word: string): Cut | undefined {
  if (!/\d/.test(word) || NAME_WITH_DIGIT.test(word)) return undefined;
  const counted = COUNTED.exec(word);
  if (counted !== null) return { head: 0, tail: counted[2]?.length ?? 0, kind: 'num' };
  let start = 0;
  for (const piece of word.split(/(?<=[_-])/)) {
    if (/\d/.test(piece)) {
      const numbered = start + piece.length === word.length ? NUMBERED.exec(piece) : null;
      if (numbered !== null && !CODE.test(piece))
        return { head: start + (numbered[1]?.length ?? 0), tail: 0, kind: 'num' };
      // The sign of a number that follows a separator: blk_-123.
      const head = word.slice(0, start).endsWith('_-') ? start - 1 : start;
      return { head, tail: 0, kind: /^-?\d+$/.test(word.slice(head)) ? 'num' : 'id' };
    }
    start += piece.length;
  }
  return undefined;
}

/** What a part at this place is, and where it ends. */
function partAt(text: string, at: number): { readonly kind: SlotKind; readonly end: number } | undefined {
  for (const { kind, pattern } of PARTS_BY_START[text.charCodeAt(at)] ?? NO_PARTS) {
    pattern.lastIndex = at;
    if (pattern.test(text)) return { kind, end: pattern.lastIndex };
  }
  return undefined;
}

function endOfWord(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : at;
}

/** Marks what varies in a message by its form alone: numbers, ids, addresses, paths, times. */
export function mask(message: string): Masked {
  const clean = message.replaceAll(MARKS, '\uFFFD');
  const values: string[] = [];
  let text = '';
  let from = 0;
  const slot = (kind: SlotKind, start: number, end: number): void => {
    text += clean.slice(from, start) + markOf(kind);
    values.push(clean.slice(start, end));
    from = end;
  };
  for (let at = 0; at < clean.length; ) {
    const plain = endOfWord(PLAIN, clean, at);
    const part = plain === at ? partAt(clean, at) : undefined;
    if (part !== undefined) {
      slot(part.kind, at, part.end);
      at = part.end;
      continue;
    }
    const end = plain === at ? endOfWord(WORD, clean, at) : plain;
    if (end === at) {
      at++;
      continue;
    }
    const word = clean.slice(at, end);
    const cut = plain === at ? cutWord(word) : undefined;
    if (cut !== undefined) slot(cut.kind, at + cut.head, end - cut.tail);
    else if (NOTHING.has(word) && VALUE_FOLLOWS.test(clean.slice(Math.max(0, at - 2), at))) {
      slot('null', at, end);
    }
    at = end;
  }
  return { text: text + clean.slice(from), values };
}

/** Masked text with the names of the slots: `took <DURATION> for <IP>`. */
export function nameSlots(masked: string): string {
  return masked.replaceAll(MARKS, (mark) => `<${(kindOf(mark) ?? 'word').toUpperCase()}>`);
}
