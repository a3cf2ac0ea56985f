import { ANTONYMS, OPPOSING_PREFIXES } from './data/antonyms.data.ts';
import { SYNONYM_GROUPS } from './data/synonyms.data.ts';
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
const LEMMA_GROUPS = byLemma(SYNONYM_GROUPS);
const WORDNET = pairs(WORDNET_SYNONYMS);
const OPPOSITES = lemmaPairs();

/** True when the words are opposites, by a table or by a prefix ("install", "uninstall"). */
export function areOpposites(x: Form, y: Form): boolean {
  if (OPPOSITES.get(x.text)?.has(y.text) === true || OPPOSITES.get(x.key)?.has(y.key) === true) return true;
  return differByPrefix(x.text, y.text) || differByPrefix(x.key, y.key) || differBySuffix(x.text, y.text);
}

/** The tie between two words of content; null when nothing is known to tie them. */
export function tieOf(x: FullForm, y: FullForm): Tie | null {
  if (x.key === y.key) return 'same';
  const tie = shareGroup(x, y)
    ? 'synonym'
    : isSpellingOf(x.plain, y.plain)
      ? 'spelling'
      : x.stem.length >= 4 && x.stem === y.stem && isAgent(x.text) === isAgent(y.text)
        ? 'derived'
        : null;
  return tie !== null && areOpposites(x, y) ? null : tie;
}

/** Who or what does it: "pollutant" is not "pollution". */
function isAgent(text: string): boolean {
  return /(?:ants?|ents)$/.test(text) && !/ments?$/.test(text);
}

function shareGroup(x: Form, y: Form): boolean {
  const groups = LEMMA_GROUPS.get(x.key);
  const others = LEMMA_GROUPS.get(y.key);
  if (groups !== undefined && others !== undefined && groups.some((group) => others.includes(group)))
    return true;
  return WORDNET.get(x.key)?.has(y.key) === true;
}

/** Hyphens, and letters that are often doubled or not. */
function isSpellingOf(x: string, y: string): boolean {
  if (x === y) return true;
  if (x.length - y.length > 1 || y.length - x.length > 1 || x.length < 6 || x.charAt(0) !== y.charAt(0))
    return false;
  return x.replace(DOUBLED, '$1') === y.replace(DOUBLED, '$1');
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
  for (const [word, others] of ANTONYMS)
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
