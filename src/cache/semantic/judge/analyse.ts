import type { Analysis } from './analysis.ts';
import { languageOf } from './language.ts';
import { joinNumbers } from './numbers.ts';
import { readPhrases } from './phrases.ts';
import { pointersOf } from './pointers.ts';
import { Reader } from './reader.ts';
import { tokensOf } from './tokens.ts';

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
    skeleton: read
      .map((token) => (token.kind === 'stop' ? '' : token.text))
      .filter((part) => part !== '')
      .join(' '),
    isComparable: true,
    language: languageOf(tokens),
    words: reader.words,
    functions: reader.functions,
    frames: reader.frames,
    negations: reader.negations,
    past: reader.past,
    moods: reader.moods,
    joins: reader.joins,
    pointers: pointersOf(read),
    weight: reader.words.reduce((sum, { weight }) => sum + weight, 0),
  };
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
    negations: [],
    past: 0,
    moods: new Set(),
    joins: new Set(),
    pointers: [],
    weight: 0,
  };
}
