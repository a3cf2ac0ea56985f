import {
  FRACTION_WORDS,
  MULTIPLIERS,
  NUMBER_WORDS,
  ORDINAL_WORDS,
  ROMAN_NUMERALS,
  SUFFIXES,
} from './data/numbers.data.ts';
import { UNIT_NAMES } from './data/units.data.ts';
import type { RawToken } from './tokens.ts';

const MONEY: Readonly<Record<string, string>> = {
  $: 'dollar',
  '€': 'euro',
  '£': 'pound',
  '¥': 'yen',
  '₹': 'rupee',
};
/** Words that a number may begin with. */
const STARTS: ReadonlySet<string> = new Set([
  ...NUMBER_WORDS.keys(),
  ...MULTIPLIERS.keys(),
  ...ORDINAL_WORDS.keys(),
  ...FRACTION_WORDS.keys(),
]);
/** Units that may stand before their number. */
const PREFIXED: ReadonlyMap<string, string> = new Map([
  ['rs', 'rupee'],
  ['inr', 'rupee'],
  ['usd', 'dollar'],
  ['eur', 'euro'],
  ['gbp', 'pound'],
]);
const NUMERAL = /^([-+]?)([$€£¥₹]?)([\d,]+(?:\.\d+)?)\s?(%|st|nd|rd|th|k|m|bn|x)?$/;

/** True for words that are numbers of their own: "seven", "half", "third". */
export function isNumberWord(text: string): boolean {
  return (
    (NUMBER_WORDS.has(text) && text !== 'one') ||
    MULTIPLIERS.has(text) ||
    FRACTION_WORDS.has(text) ||
    ORDINAL_WORDS.has(text)
  );
}

/**
 * The tokens with numbers read: each becomes one token whose text is its value with its unit, however it is
 * written ("5 km", "five kilometers", "$1.5m"). Times become minutes of the day.
 */
export function joinNumbers(tokens: readonly RawToken[]): readonly RawToken[] {
  const read: RawToken[] = [];
  for (let i = 0; i < tokens.length; ) {
    const token = tokens[i] as RawToken;
    if (token.kind === 'time') {
      read.push({ ...token, text: `time ${minutesOf(token.text)}` });
      i += 1;
      continue;
    }
    const number = numberAt(tokens, i);
    if (number === null) {
      read.push(token);
      i += 1;
      continue;
    }
    const end = i + number.length;
    const unit = number.unit ?? unitAt(tokens, end, token);
    const spans = number.unit === null && unit !== null ? number.length + 1 : number.length;
    const money = unit === null ? PREFIXED.get(read.at(-1)?.text ?? '') : undefined;
    if (money !== undefined) {
      read[read.length - 1] = { ...token, kind: 'number', raw: token.raw, text: `${number.value} ${money}` };
      i += spans;
      continue;
    }
    const raw = tokens
      .slice(i, i + spans)
      .map(({ raw }) => raw)
      .join(' ');
    read.push({
      ...token,
      kind: 'number',
      raw,
      text: unit === null ? number.value : `${number.value} ${unit}`,
    });
    i += spans;
  }
  return read;
}

interface Number_ {
  readonly value: string;
  readonly unit: string | null;
  readonly length: number;
}

function numberAt(tokens: readonly RawToken[], at: number): Number_ | null {
  const token = tokens[at] as RawToken;
  if (token.kind === 'number') return numeralAt(tokens, at);
  if (token.kind !== 'word') return null;
  const { text } = token;
  // Most words are no number: look no further.
  if (!STARTS.has(text) && !text.includes('-') && !ROMAN_NUMERALS.has(token.raw)) return null;
  const roman = ROMAN_NUMERALS.get(token.raw);
  if (roman !== undefined && at > 0) return { value: String(roman), unit: null, length: 1 };
  const ordinal = ORDINAL_WORDS.get(token.text);
  if (ordinal !== undefined) return { value: `#${ordinal}`, unit: null, length: 1 };
  const fraction = FRACTION_WORDS.get(token.text);
  if (fraction !== undefined) return { value: fraction, unit: null, length: 1 };
  return wordsAt(tokens, at);
}

function numeralAt(tokens: readonly RawToken[], at: number): Number_ | null {
  const match = NUMERAL.exec((tokens[at] as RawToken).text);
  if (match === null) return null;
  const [, sign = '', money = '', digits = '', suffix = ''] = match;
  let value = Number(digits.replaceAll(',', ''));
  let length = 1;
  if (suffix in SUFFIXES) value *= SUFFIXES[suffix] as number;
  for (let next = tokens[at + length]; next !== undefined; next = tokens[at + length]) {
    const factor = MULTIPLIERS.get(next.text);
    if (factor === undefined) break;
    value *= factor;
    length += 1;
  }
  // Trailing zeros of a decimal may name a version: "3.10" is not "3.1".
  const written =
    digits.includes('.') && money === '' && length === 1 && suffix === ''
      ? digits.replaceAll(',', '')
      : String(value);
  const text = /^(?:st|nd|rd|th)$/.test(suffix)
    ? `#${written}`
    : `${sign === '-' ? '-' : ''}${suffix === 'x' ? 'x' : ''}${written}`;
  const unit = suffix === '%' ? 'percent' : (MONEY[money] ?? null);
  return { value: text, unit, length };
}

function wordsAt(tokens: readonly RawToken[], at: number): Number_ | null {
  let total = 0;
  let current = 0;
  let length = 0;
  for (let i = at; i < tokens.length; i += 1) {
    const parts = (tokens[i] as RawToken).text.split('-');
    const values = parts.map((part) => NUMBER_WORDS.get(part));
    const factor = MULTIPLIERS.get((tokens[i] as RawToken).text);
    if (factor !== undefined) {
      current = (current === 0 ? 1 : current) * factor;
      if (factor >= 1_000) {
        total += current;
        current = 0;
      }
    } else if (values.every((value) => value !== undefined)) {
      const value = values.reduce<number>((sum, part) => sum + (part ?? 0), 0);
      if (length > 0 && !continues(current, value)) break;
      current += value;
    } else break;
    length += 1;
  }
  if (length === 0) return null;
  // "one" alone is a pronoun more often than a number.
  if (
    length === 1 &&
    (tokens[at] as RawToken).text === 'one' &&
    unitAt(tokens, at + 1, tokens[at] as RawToken) === null
  )
    return null;
  return { value: String(total + current), unit: null, length };
}

/** "twenty" goes on with "one", "hundred" with anything below; "one two three" is three numbers. */
function continues(current: number, value: number): boolean {
  const open = current % 100;
  return open === 0 ? value < 100 : open >= 20 && open % 10 === 0 && value < 10;
}

/** The unit that stands behind a number, or before it ("Rs 500"). */
function unitAt(tokens: readonly RawToken[], at: number, first: RawToken): string | null {
  const next = tokens[at];
  if (next === undefined || next.kind === 'stop' || next.opensClause || first.text.startsWith('#'))
    return null;
  if (next.kind !== 'word' && next.kind !== 'symbol') return null;
  return UNIT_NAMES.get(next.text) ?? null;
}

function minutesOf(text: string): string {
  const match = /^(\d{1,2})(?::(\d{2}))?(?::(\d{2}))?\s?([ap])?/.exec(text);
  if (match === null) return text;
  const [, hours = '0', minutes = '0', seconds = '0', half] = match;
  let hour = Number(hours);
  if (half !== undefined) hour = (hour % 12) + (half === 'p' ? 12 : 0);
  return `${hour * 60 + Number(minutes)}${seconds === '0' ? '' : `:${seconds}`}${half === undefined && hour < 13 ? '?' : ''}`;
}
