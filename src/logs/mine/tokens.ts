import { kindOf, type Masked, type SlotKind } from './mask.ts';

/** One word of a message: fixed text, or fixed text around one part that varies. */
export interface Word {
  readonly prefix: string;
  /** What the varying part is; absent where the word is fixed and all of it is `prefix`. */
  readonly kind?: SlotKind;
  readonly suffix: string;
  /** The varying part as it stands in the message. */
  readonly value: string;
  /** Equal for words that agree: the text with `WILD` for the varying part. */
  readonly key: string;
}

/** A message as the miner sees it: words, and what stands around them. */
export interface Tokens {
  readonly words: readonly Word[];
  /** One more than words: before the first, between, after the last. */
  readonly gaps: readonly string[];
}

/** The varying part in the key of a word. */
export const WILD = '\u0000';

/** Words of a message beyond this are one word that varies. */
const MAX_WORDS = 120;

const MARKS = /[\uE000-\uE010]/g;
const FIRST_MARK = 0xe0_00;
const LAST_MARK = 0xe0_10;
/** Between words: spaces, and the signs that structure messages. */
const GAP = 1;
/** In a word, but not at its edges. */
const INNER = 2;
const CLASSES = /* @__PURE__ */ Uint8Array.from({ length: 128 }, (_, code) => {
  const sign = String.fromCharCode(code);
  if (/[\s=,:;()[\]{}<>"'|]/.test(sign)) return GAP;
  return /\w/.test(sign) ? 0 : INNER;
});
const DOT = 46;

/** A word of fixed text. */
export function fixedWord(text: string): Word {
  return { prefix: text, suffix: '', value: '', key: text };
}

/** A word all of which varies. */
export function wildWord(kind: SlotKind, value: string): Word {
  return { prefix: '', kind, suffix: '', value, key: WILD };
}

const isMark = (code: number): boolean => code >= FIRST_MARK && code <= LAST_MARK;

/** A word with marks, whose values begin at `used`; several marks and what is between them become one varying part. */
function toWord(text: string, values: readonly string[], used: number): Word {
  let first = 0;
  while (!isMark(text.charCodeAt(first))) first++;
  let last = text.length - 1;
  while (!isMark(text.charCodeAt(last))) last--;
  const prefix = text.slice(0, first);
  const suffix = text.slice(last + 1);
  const isOne = first === last;
  const value = isOne ? (values[used] ?? '') : unmask(text.slice(first, last + 1), values, used);
  // Several parts with dots between, one of which varies: a host, a file, a version.
  if (dotsIn(prefix) + dotsIn(suffix) > 1) return wildWord('id', prefix + value + suffix);
  const kind = isOne ? (kindOf(text.charAt(first)) ?? 'id') : 'id';
  return { prefix, kind, suffix, value, key: prefix + WILD + suffix };
}

function dotsIn(text: string): number {
  let dots = 0;
  for (let at = text.indexOf('.'); at >= 0; at = text.indexOf('.', at + 1)) dots++;
  return dots;
}

function marksIn(text: string): number {
  let marks = 0;
  for (let at = 0; at < text.length; at++) if (isMark(text.charCodeAt(at))) marks++;
  return marks;
}

/** Where words stand in masked text: start and end of each, in turn. */
function spansOf(text: string): number[] {
  const spans: number[] = [];
  let start = -1;
  let end = -1;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    const kind = CLASSES[code] ?? 0;
    if (kind === 0) {
      if (start < 0) start = at;
      end = at + 1;
    } else if (start >= 0 && (kind === GAP || (code === DOT && text.charCodeAt(at + 1) === DOT))) {
      spans.push(start, end);
      start = -1;
    }
  }
  if (start >= 0) spans.push(start, end);
  return spans;
}

/** Cuts a masked message into words and the gaps around them. */
export function tokenize(masked: Masked): Tokens {
  const { text, values } = masked;
  const words: Word[] = [];
  const gaps: string[] = [];
  let from = 0;
  let used = 0;
  const spans = spansOf(text);
  for (let span = 0; span < spans.length; span += 2) {
    const start = spans[span] ?? 0;
    const end = spans[span + 1] ?? 0;
    gaps.push(text.slice(from, start));
    if (words.length === MAX_WORDS) {
      words.push(wildWord('word', unmask(text.slice(start), values, used)));
      gaps.push('');
      return { words, gaps };
    }
    const slice = text.slice(start, end);
    const marks = marksIn(slice);
    words.push(marks === 0 ? fixedWord(slice) : toWord(slice, values, used));
    used += marks;
    from = end;
  }
  gaps.push(text.slice(from));
  return { words, gaps };
}

function unmask(text: string, values: readonly string[], from: number): string {
  let next = from;
  return text.replaceAll(MARKS, () => values[next++] ?? '');
}

/** A gap without its spaces. */
export function bareGap(gap: string): string {
  const trimmed = gap.trim();
  return trimmed.length < 2 ? trimmed : trimmed.replaceAll(/\s+/g, '');
}

/** Number of words and the signs around them: messages that differ here are not compared. */
export function signatureOf({ words, gaps }: Tokens): string {
  return `${words.length}\u0001${gaps.map(bareGap).join('\u0001')}`;
}
