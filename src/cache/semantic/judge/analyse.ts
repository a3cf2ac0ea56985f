import type { Analysis } from './analysis.ts';
import { languageOf } from './language.ts';
import { joinNumbers } from './numbers.ts';
import { readPhrases } from './phrases.ts';
import { pointersOf } from './pointers.ts';
import { Reader } from './reader.ts';
import { type RawToken, tokensOf } from './tokens.ts';

/** Longer texts are compared as a whole only. */
const MOST_CHARS = 2_000;
const MOST_TOKENS = 400;

/** Reads a text. Linear in its length. */
export function analyse(text: string): Analysis {
  const isShort = text.length <= MOST_CHARS;
  const tokens = isShort ? tokensOf(text) : [];
  const isComparable = isShort && tokens.length <= MOST_TOKENS;
  if (!isComparable) return incomparable(text);
  const read = joinNumbers(readPhrases(tokens));
  const reader = new Reader(read);
  reader.run();
  return {
    text,
    skeleton: skeletonOf(text, tokens),
    isComparable: true,
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

/** Signs that say nothing on their own; what the others say is kept. */
const SILENT = /[\s\p{L}\p{M}\p{N}.,;:!?¿¡'"“”‘’«»()…–—-]+/gu;

function skeletonOf(text: string, tokens: readonly RawToken[]): string {
  const words = tokens.filter(({ kind }) => kind !== 'stop').map((token) => token.text);
  return words.length === 0 ? '' : `${words.join(' ')}\n${text.replace(SILENT, '')}`;
}

function incomparable(text: string): Analysis {
  return {
    text,
    skeleton: text.toLowerCase().replace(/\s+/g, ' ').trim(),
    isComparable: false,
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
