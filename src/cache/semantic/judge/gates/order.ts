import type { Analysis, Word } from '../analysis.ts';
import { type Gate, type Pair, versus } from './gate.ts';
import { hasSymmetry } from './symmetry.ts';

const OF = new Set(['of', 'for', 'in', 'on', 'about', 'at', 'with', 'from']);
const MOST_PAIRS = 24;

/** Words that stand in another order than their counterparts, unless grammar allows that. */
export const orderGate: Gate = (pair) => {
  const { a, b, alignment } = pair;
  if (hasSymmetry(a) && hasSymmetry(b)) return null;
  const matches = alignment.matches
    .filter(({ a: i, b: j }) => isFixed(a.words[i] as Word) && isFixed(b.words[j] as Word))
    .slice(0, MOST_PAIRS)
    .sort((x, y) => x.a - y.a);
  for (const [k, one] of matches.entries()) {
    for (const two of matches.slice(k + 1)) {
      if (one.b < two.b || one.a === two.a || one.b === two.b) continue;
      const x: Place = { a: one.a, b: one.b };
      const y: Place = { a: two.a, b: two.b };
      if (mayMove(pair, x, y) || isPassive([a, b], y, x) || isPassive([b, a], mirror(x), mirror(y))) continue;
      return versus([textOf(a, x.a), textOf(a, y.a)], [textOf(b, y.b), textOf(b, x.b)]);
    }
  }
  return null;
};

interface Place {
  readonly a: number;
  readonly b: number;
}

const textOf = ({ words }: Analysis, at: number) => words[at]?.text ?? '';

/** Nouns for what something has: they stand before it ("examples of") or in a question behind. */
const ATTRIBUTES =
  /^(?:examples?|pros?|cons?|advantages?|disadvantages?|meaning|definition|differences?|characteristics|symptoms)$/;
/** "how much should I eat a day", "how much a day should I eat". */
const RHYTHMS = /^(?:day|week|month|year|hour)$/;

/** Words that stand anywhere: adverbs, which end in -ly behind four letters or are these. */
const MOBILE =
  /[a-z]{4}ly$|^(?:only|early|daily|badly|newly|fully|truly|oddly|sadly|duly|online|together|alone|abroad)$/;
/** Verbs and nouns that end like an adverb. */
const NO_ADVERBS: ReadonlySet<string> = new Set(
  'supply resupply comply multiply reapply misapply family assembly anomaly monopoly butterfly dragonfly'.split(
    ' ',
  ),
);

/** "quickly", "online"; not "fly", "family", "Kimberly". */
function isMobile({ text, isName }: Word): boolean {
  return !isName && MOBILE.test(text) && !NO_ADVERBS.has(text);
}

/** Adverbs and light words stand anywhere. */
function isFixed(word: Word): boolean {
  const { weight, text, kind, at, marker, literal } = word;
  if (at < 0 || ATTRIBUTES.test(text) || (literal === 'unit' && RHYTHMS.test(text))) return false;
  const isYear =
    kind === 'number' &&
    /^(?:19|20)\d\d$/.test(text) &&
    !/^(?:to|from|than|after|before|until|since)$/.test(marker ?? '');
  return (
    (weight > 0.5 || /^(?:people|person|man|someone|guy|human)$/.test(text)) &&
    !isMobile(word) &&
    kind !== 'date' &&
    !isYear
  );
}

function mayMove({ a, b }: Pair, x: Place, y: Place): boolean {
  const [xa, xb] = [a.words[x.a] as Word, b.words[x.b] as Word];
  const [ya, yb] = [a.words[y.a] as Word, b.words[y.b] as Word];
  if (keepsItsPreposition([xa, xb], [ya, yb]) || keepsItsPreposition([ya, yb], [xa, xb])) return true;
  if (xa.clause !== xb.clause || ya.clause !== yb.clause) return false;
  if (xa.clause !== ya.clause && xb.clause !== yb.clause) return true;
  const isSequence = a.functions.has('then') || b.functions.has('then');
  if (!isSequence && isJoined(a, x.a, y.a) && isJoined(b, y.b, x.b))
    return next(a, x.a) === next(b, x.b) && next(a, y.a) === next(b, y.b);
  if (isPredicate([xa, ya], [xb, yb]) || isPredicate([ya, xa], [yb, xb])) return true;
  return isCompound(a.words.slice(x.a, y.a), yb, xb) || isCompound(b.words.slice(y.b, x.b), xa, ya);
}

function keepsItsPreposition([xa, xb]: readonly [Word, Word], [ya, yb]: readonly [Word, Word]): boolean {
  return (
    xa.marker !== null && xa.marker === xb.marker && (ya.marker !== xa.marker || yb.marker !== xb.marker)
  );
}

/** Joined by "and", "or", a comma, with one thing at each side. */
function isJoined({ words, joins }: Analysis, from: number, to: number): boolean {
  const [start, end] = [words[from]?.at ?? 0, words[to]?.at ?? 0];
  if (end - start > 6) return false;
  for (let at = start + 1; at <= end; at += 1) if (joins.has(at)) return true;
  return false;
}

function next({ words }: Analysis, at: number): string {
  return words[at]?.joinsNext === true ? (words[at + 1]?.key ?? '') : '';
}

/** "the fastest animal", "which animal is the fastest". */
function isPredicate([one, two]: readonly [Word, Word], [other, last]: readonly [Word, Word]): boolean {
  if (one.degree !== 'est' && one.degree !== 'least') return false;
  return one.degree === other.degree && Math.abs(one.at - two.at) <= 3 && Math.abs(other.at - last.at) <= 3;
}

/** "dog food" and "food for dogs": what stood before hangs on a preposition. */
function isCompound(run: readonly Word[], head: Word, hung: Word): boolean {
  if (!run.every(({ joinsNext }) => joinsNext)) return false;
  return hung.marker !== null && OF.has(hung.marker) && head.marker !== hung.marker && hung.at - head.at <= 4;
}

const mirror = ({ a, b }: Place): Place => ({ a: b, b: a });

/** "how is a tank emptied", "how do you empty a tank": the verb moves, and nobody else acts. */
function isPassive([passive, active]: readonly [Analysis, Analysis], verb: Place, object: Place): boolean {
  if (![passive, active].every(({ frames }) => frames.every(({ type }) => type === 'how'))) return false;
  if (passive.functions.has('by') || active.functions.has('by')) return false;
  const [done, does] = [passive.words[verb.a], active.words[verb.b]];
  return (
    done !== undefined &&
    does !== undefined &&
    verb.a === passive.words.length - 1 - trailing(passive, verb.a) &&
    /(?:ed|en|wn|lt|nt|ght|un|old|ade)$/.test(done.text) &&
    done.text !== does.text &&
    object.a < verb.a
  );
}

/** Words behind one that hang on prepositions. */
function trailing({ words }: Analysis, at: number): number {
  return words.slice(at + 1).filter(({ marker }) => marker !== null).length;
}
