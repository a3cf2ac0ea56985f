import { antonyms, OPPOSING_PREFIXES } from './data/antonyms.data.ts';
import { synonymGroups } from './data/synonyms.data.ts';
import { WORDNET_ANTONYMS, WORDNET_SYNONYMS } from './data/wordnet.gen.ts';
import { lemmaOf, stemOf } from './lemma.ts';

/** What ties a word of one text to one of another, from the surest to the loosest. */
export type Tie = 'same' | 'spelling' | 'synonym' | 'derived';

/** A word as relations see it: as it stands, and its lemma. */
export interface Form {
  readonly text: string;
  readonly key: string;
}

/** A form with what its spelling and its derivation are compared by. */
export interface FullForm extends Form {
  readonly stem: string;
  readonly plain: string;
}

/** A word ready to be compared with several others. */
export function fullForm({ text, key }: Form): FullForm {
  return { text, key, stem: stemOf(key), plain: text.replaceAll('-', '') };
}

const DOUBLED = /([a-z])\1/g;

/** What is known of pairs of words. */
export interface Relations {
  /** True when the words are opposites, by a table or by a prefix ("install", "uninstall"). */
  areOpposites(x: Form, y: Form): boolean;
  /** The tie between two words of content; null when nothing is known to tie them. */
  tieOf(x: FullForm, y: FullForm): Tie | null;
}

/** Sets up the tables, which takes some 10 milliseconds: once a judge, and not when the module is loaded. */
export function createRelations(): Relations {
  const groupsOf = byLemma(synonymGroups());
  const wordnet = pairs(WORDNET_SYNONYMS);
  const opposites = lemmaPairs();

  const areOpposites = (x: Form, y: Form): boolean =>
    opposites.get(x.text)?.has(y.text) === true ||
    opposites.get(x.key)?.has(y.key) === true ||
    differByPrefix(x.text, y.text) ||
    differByPrefix(x.key, y.key) ||
    differBySuffix(x.text, y.text);

  const areSynonyms = (x: Form, y: Form): boolean => {
    const [groups, others] = [groupsOf.get(x.key), groupsOf.get(y.key)];
    if (groups !== undefined && others !== undefined && groups.some((group) => others.includes(group)))
      return true;
    return wordnet.get(x.key)?.has(y.key) === true;
  };

  return {
    areOpposites,
    tieOf(x, y) {
      if (x.key === y.key) return 'same';
      if (areConfused(x.text, y.text)) return null;
      const tie = areSynonyms(x, y)
        ? areOfOneStem(x.key, y.key)
          ? 'spelling'
          : 'synonym'
        : looksAlike(x, y);
      return tie !== null && areOpposites(x, y) ? null : tie;
    },
  };
}

/** "differ" and "difference": what a table ties and the eye as well is one word in two forms. */
function areOfOneStem(x: string, y: string): boolean {
  return x.length > 4 && y.length > 4 && x.slice(0, 5) === y.slice(0, 5);
}

function looksAlike(x: FullForm, y: FullForm): Tie | null {
  if (isSpellingOf(x.plain, y.plain)) return 'spelling';
  return x.stem.length >= 4 && x.stem === y.stem && isAgent(x.text) === isAgent(y.text) ? 'derived' : null;
}

/** Pairs that are spelled or derived alike, and are two words. */
const CONFUSED: ReadonlySet<string> = new Set(
  (
    'moral morale,historic historical,economic economical,generic general,industrial industrious,authority authorization,' +
    'complement compliment,desert dessert,discreet discrete,personal personnel,classic classical,principal principle'
  ).split(','),
);

function areConfused(x: string, y: string): boolean {
  return CONFUSED.has(`${x} ${y}`) || CONFUSED.has(`${y} ${x}`);
}

/** Who or what does it: "pollutant" is not "pollution". */
function isAgent(text: string): boolean {
  return /(?:ants?|ents)$/.test(text) && !/ments?$/.test(text);
}

/** Hyphens, and letters that are often doubled or not. */
function isSpellingOf(x: string, y: string): boolean {
  if (x === y) return true;
  if (x.length - y.length > 1 || y.length - x.length > 1 || x.length < 6 || x.charAt(0) !== y.charAt(0))
    return false;
  return (
    x.replace(DOUBLED, '$1') === y.replace(DOUBLED, '$1') || unstressed(x) === unstressed(y) || isSlip(x, y)
  );
}

/** "prevalance" and "prevalence", "accessable" and "accessible": endings that sound the same. */
function unstressed(word: string): string {
  return word.replace(/[ae](nc[ey]?|nts?|nces)$/, 'e$1').replace(/[ai](bl[ey]?)$/, 'i$1');
}

const LEAST_SWAPPED = 8;
const LEAST_LEFT_OUT = 9;

/** Two letters swapped, or one left out, inside a word so long that hardly another word is that near. */
function isSlip(x: string, y: string): boolean {
  const [long, short] = x.length >= y.length ? [x, y] : [y, x];
  let at = 0;
  while (at < short.length && long.charAt(at) === short.charAt(at)) at += 1;
  if (long.length > short.length) {
    return short.length >= LEAST_LEFT_OUT && at < short.length && long.slice(at + 1) === short.slice(at);
  }
  return (
    short.length >= LEAST_SWAPPED &&
    long.charAt(at) === short.charAt(at + 1) &&
    long.charAt(at + 1) === short.charAt(at) &&
    long.slice(at + 2) === short.slice(at + 2)
  );
}

function differByPrefix(x: string, y: string): boolean {
  if (x.length === y.length) {
    return x.length > 5 && twin(x, y);
  }
  const [long, short] = x.length > y.length ? [x, y] : [y, x];
  if (short.length < 3 || !long.endsWith(short)) return false;
  return OPPOSING_PREFIXES.includes(long.slice(0, -short.length));
}

const TWINS: readonly (readonly [string, string])[] = [
  ['en', 'de'],
  ['in', 'de'],
  ['in', 'ex'],
  ['im', 'ex'],
  ['over', 'under'],
  ['pre', 'post'],
  ['hyper', 'hypo'],
  ['inter', 'intra'],
  ['micro', 'macro'],
  ['pro', 'anti'],
  ['up', 'down'],
  ['as', 'des'],
];

function twin(x: string, y: string): boolean {
  return TWINS.some(
    ([p, q]) =>
      (x.startsWith(p) && y.startsWith(q) && x.slice(p.length) === y.slice(q.length)) ||
      (y.startsWith(p) && x.startsWith(q) && y.slice(p.length) === x.slice(q.length)),
  );
}

const OPPOSING_SUFFIXES: readonly (readonly [string, string])[] = [
  ['ful', 'less'],
  ['er', 'ee'],
  ['or', 'ee'],
];

/** "hopeful" and "hopeless"; "employer" and "employee". */
function differBySuffix(x: string, y: string): boolean {
  return OPPOSING_SUFFIXES.some(
    ([p, q]) =>
      (x.endsWith(p) && y.endsWith(q) && x.slice(0, -p.length) === y.slice(0, -q.length)) ||
      (y.endsWith(p) && x.endsWith(q) && y.slice(0, -p.length) === x.slice(0, -q.length)),
  );
}

function byLemma(groups: ReadonlyMap<string, readonly number[]>): ReadonlyMap<string, readonly number[]> {
  const table = new Map<string, number[]>();
  for (const [word, numbers] of groups) {
    const key = lemmaOf(word);
    const list = table.get(key);
    if (list === undefined) table.set(key, [...numbers]);
    else for (const number of numbers) if (!list.includes(number)) list.push(number);
  }
  return table;
}

function pairs(text: string): ReadonlyMap<string, ReadonlySet<string>> {
  const table = new Map<string, Set<string>>();
  for (const entry of text.split(' ')) {
    const [x = '', y = ''] = entry.split('/').map(lemmaOf);
    if (x === y) continue;
    put(table, x, y);
    put(table, y, x);
  }
  return table;
}

function lemmaPairs(): ReadonlyMap<string, ReadonlySet<string>> {
  const table = new Map<string, Set<string>>();
  for (const [word, others] of antonyms())
    for (const other of others) {
      put(table, word, other);
      put(table, lemmaOf(word), lemmaOf(other));
    }
  for (const [word, others] of pairs(WORDNET_ANTONYMS)) for (const other of others) put(table, word, other);
  return table;
}

function put(table: Map<string, Set<string>>, key: string, value: string): void {
  if (key === value) return;
  const set = table.get(key);
  if (set === undefined) table.set(key, new Set([value]));
  else set.add(value);
}
