import { DATE_WORDS } from './data/dates.data.ts';
import { UNIT_NAMES } from './data/units.data.ts';
import type { RawToken } from './tokens.ts';

const LIKERS = /^(?:i|you|we|they|do|does|did|not|to|really|would|who|people|also|women|men|girls|guys)$/;
const BEFORE_DATES = /^(?:in|on|until|till|since|by|next|last|this|every|of|during)$/;

/** "this year", which points at a time rather than at a text; and "too" at the end, which is no step. */
export function isIdle(tokens: readonly RawToken[], i: number): boolean {
  const [word, after] = [tokens[i]?.text, tokens[i + 1]];
  if (word === 'too') return after === undefined || after.kind === 'stop';
  if (word !== 'this' && word !== 'these') return false;
  return after !== undefined && (UNIT_NAMES.has(after.text) || DATE_WORDS.has(after.text));
}

/** "I like", "do not like": a verb; "sites like": none. */
export function isLiking(tokens: readonly RawToken[], i: number): boolean {
  return LIKERS.test(tokens[i - 1]?.text ?? '');
}

/** "how do I thank my boss": a verb; "thank you": none. */
export function isThanking(tokens: readonly RawToken[], i: number): boolean {
  const [token, after] = [tokens[i], tokens[i + 1]];
  return token?.opensSentence === false && after?.kind === 'word' && !/^(?:you|u|god)$/.test(after.text);
}

/** "in may", "may 5", "5 march": a month; "may i": none. */
export function isDateAmongWords(tokens: readonly RawToken[], i: number, hasCase: boolean): boolean {
  const [before, token, after] = [tokens[i - 1], tokens[i], tokens[i + 1]];
  if (before?.kind === 'number' || after?.kind === 'number') return true;
  if (hasCase && token !== undefined && !token.opensSentence && /^[A-Z]/.test(token.raw)) return true;
  return before !== undefined && BEFORE_DATES.test(before.text);
}

/** False when all words are in one case, or most begin with a capital: case then tells no names. */
export function hasTellingCase(tokens: readonly RawToken[]): boolean {
  let capitals = 0;
  let words = 0;
  for (const { kind, raw, opensSentence } of tokens) {
    if (kind !== 'word' || opensSentence) continue;
    words += 1;
    if (raw.charAt(0) !== raw.charAt(0).toLowerCase()) capitals += 1;
  }
  return capitals > 0 && (words < 4 || capitals / words < 0.7);
}

/** True when its letters' case says that a word is a name. @param hasCase false where case tells nothing */
export function looksLikeName({ raw, opensSentence, kind }: RawToken, hasCase: boolean): boolean {
  if (kind !== 'word' || !hasCase) return false;
  const first = raw.charAt(0);
  if (first === first.toLowerCase()) return false;
  if (raw.length > 1 && raw === raw.toUpperCase()) return true;
  return !opensSentence && raw !== 'I' && !raw.startsWith("I'") && !raw.startsWith('I’');
}
