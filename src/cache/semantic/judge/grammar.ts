import type { Literal } from './analysis.ts';
import { FREE_WORDS, type FunctionRole, LIGHT_WORDS } from './data/function-words.data.ts';
import { lemmaOf } from './lemma.ts';
import type { RawToken } from './tokens.ts';

/** The weight of words that say little. */
export const LIGHT = 0.25;

/** Tokens that are compared exactly, and as what. */
export const LITERALS: Readonly<Partial<Record<RawToken['kind'], Literal>>> = {
  version: 'version',
  identifier: 'identifier',
  path: 'path',
  url: 'url',
  quotation: 'quotation',
  code: 'code',
  symbol: 'symbol',
  emoji: 'emoji',
  foreign: 'foreign',
};

/** Lemmas of the words that say little. */
export const LIGHT_KEYS: ReadonlySet<string> = new Set([...LIGHT_WORDS, ...FREE_WORDS].map(lemmaOf));
/** Auxiliaries in the past. */
export const PAST = new Set(['was', 'were', 'did', 'had']);
/** Modal verbs and the mood of each. */
export const MODALS: ReadonlyMap<string, string> = new Map([
  ['can', 'can'],
  ['could', 'can'],
  ['able', 'can'],
  ['should', 'should'],
  ['must', 'must'],
  ['may', 'may'],
  ['might', 'may'],
  ['would', 'would'],
  ['will', 'future'],
  ["'ll", 'future'],
  ['shall', 'should'],
]);
/** Conjunctions that open a clause. */
export const CLAUSES = new Set([
  'if',
  'because',
  'while',
  'although',
  'though',
  'whether',
  'when',
  'unless',
  'once',
  'so',
]);
/** Words that join two things. */
export const JOINING = new Set(['and', 'or', '&', 'plus', 'vs', 'versus']);
/** What may stand between a preposition and what hangs on it. */
export const STAYS_IN_PHRASE: ReadonlySet<FunctionRole> = new Set([
  'article',
  'quantifier',
  'first',
  'second',
  'third',
]);
