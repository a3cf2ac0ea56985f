import type { Analysis } from './analysis.ts';
import { FUNCTION_WORDS } from './data/function-words.data.ts';
import { readForms } from './forms.ts';
import { languageOf } from './language.ts';
import { layoutOf } from './layout.ts';
import { joinNumbers } from './numbers.ts';
import { readPhrases } from './phrases.ts';
import { pointersOf } from './pointers.ts';
import { Reader } from './reader.ts';
import { type RawToken, tokensOf } from './tokens.ts';

/** Longer texts are compared as a whole only. */
const MOST_CHARS = 2_000;
const MOST_TOKENS = 400;

/**
 * Reads a text. Linear in its length.
 *
 * @param isPlain true to read its words in the order in which they stand, whatever their form says
 */
export function analyse(text: string, isPlain = false): Analysis {
  const isShort = text.length <= MOST_CHARS;
  const tokens = isShort ? tokensOf(text) : [];
  const isComparable = isShort && tokens.length <= MOST_TOKENS;
  if (!isComparable) return incomparable(text);
  const phrased = readPhrases(tokens);
  const turned: string[] = [];
  const formed = isPlain ? phrased : readForms(phrased, turned);
  const read = joinNumbers(formed);
  const reader = new Reader(read);
  reader.run();
  return {
    text,
    skeleton: skeletonOf(text, tokens),
    isComparable: true,
    isReformed: formed !== phrased,
    turned,
    layout: layoutOf(text),
    language: languageOf(tokens),
    words: reader.words,
    functions: reader.functions,
    frames: reader.frames,
    heads: reader.heads,
    negations: reader.negations,
    objects: reader.objects,
    asksForAll: /^(?:what|which) are all (?:of )?(?:the |my |your )/i.test(text),
    past: reader.past,
    moods: reader.moods,
    joins: reader.joins,
    pointers: pointersOf(read),
    weight: reader.words.reduce((sum, { weight }) => sum + weight, 0),
  };
}

/** Signs that say nothing on their own; what the others say is kept, and what is no ASCII digit. */
const SILENT = /[\s\p{L}\p{M}\d.,;:!?¿¡'"“”‘’«»()…–—-]+/gu;
const ALL_CAPITALS = /^[A-Z]{2,}$/;
const ASCII = /^[!-~’]*$/;

function skeletonOf(text: string, tokens: readonly RawToken[]): string {
  const hasSmall = tokens.some(({ kind, raw }) => kind === 'word' && /[a-z]/.test(raw));
  const said = withoutPlease(tokens.filter(({ kind }) => kind !== 'stop'));
  const words = said.map((token) => bareWord(token, hasSmall));
  if (words.length === 0) return '';
  return `${words.join(' ')}\n${text.replace(SILENT, '')}\n${layoutOf(text)}`;
}

const PLEASE: ReadonlySet<string> = new Set(['please', 'pls', 'plz']);
const ASKED: ReadonlySet<string> = new Set(['can', 'could', 'would', 'will']);
/** Verbs whose object a "please" may be: "how do you spell please". */
const SAYING =
  /^(?:say|said|write|written|spell|type|translate|pronounce|mean|use|word|words|called|named|love|like|hate|try|want)s?$/;

/** Without a "please" that only asks: in front, at the end behind a word of content, and in "could you please". */
function withoutPlease(tokens: readonly RawToken[]): readonly RawToken[] {
  if (tokens.length < 3 || !tokens.some(isPlease)) return tokens;
  return tokens.filter((token, at) => {
    if (!isPlease(token)) return true;
    if (at === 0) return false;
    const [before, earlier] = [tokens[at - 1], tokens[at - 2]];
    if (before?.text === 'you' && at < tokens.length - 1) return !ASKED.has(earlier?.text ?? '');
    const isContent = before?.kind === 'word' && !FUNCTION_WORDS.has(before.text);
    return !(at === tokens.length - 1 && isContent && !SAYING.test(before.text));
  });
}

function isPlease({ kind, text }: RawToken): boolean {
  return kind === 'word' && PLEASE.has(text);
}

/** A word as it must stand in both texts: with its accents, and with its capitals where "IT" is not "it". */
function bareWord({ kind, raw, text }: RawToken, hasSmall: boolean): string {
  if (kind !== 'word') return text;
  if (hasSmall && ALL_CAPITALS.test(raw) && FUNCTION_WORDS.has(raw.toLowerCase())) return raw;
  return ASCII.test(raw) ? text : raw.normalize('NFC').toLowerCase().replaceAll('’', "'");
}

function incomparable(text: string): Analysis {
  return {
    text,
    skeleton: text.replace(/\r\n?/g, '\n').trim(),
    isComparable: false,
    isReformed: false,
    turned: [],
    layout: '',
    language: 'other',
    words: [],
    functions: new Map(),
    frames: [],
    heads: [],
    negations: [],
    objects: [],
    asksForAll: false,
    past: 0,
    moods: new Set(),
    joins: new Set(),
    pointers: [],
    weight: 0,
  };
}
