import type { Analysis, Word } from '../analysis.ts';
import { FUNCTION_WORDS } from '../data/function-words.data.ts';
import { lemmaOf } from '../lemma.ts';
import { type Gate, type Pair, versus } from './gate.ts';
import { orderGate } from './order.ts';
import { personsGate } from './persons.ts';
import { rolesGate } from './roles.ts';
import { hasSymmetry } from './symmetry.ts';

/** Prepositions that change what is asked when they come or go. */
const STRICT = new Set([
  'from',
  'before',
  'after',
  'without',
  'than',
  'against',
  'under',
  'over',
  'above',
  'below',
  'between',
  'behind',
  'since',
  'until',
  'till',
  'during',
  'outside',
  'beyond',
  'versus',
  'vs',
  'instead_of',
  'except',
  'by',
  'to',
]);
/** Those that may stand for a strict one. */
const ALIKE = new Set(
  (
    'under below,over above,till until,vs versus,vs and,from off,from through,from via,from using,by with,by via,by through,' +
    'by using,to -,to for,to into,to with,to onto,to towards,during in,through on,about of,about regarding,for towards,over in,between of,between in,into in,across in,among in,among of,amongst in,amongst of,as for,as of,per in'
  )
    .split(',')
    .flatMap((entry) => [entry, entry.split(' ').reverse().join(' ')]),
);
/** Prepositions that may stand for each other. */
const LOOSE = new Set(['in', 'on', 'at', 'of', 'for', 'within', 'upon']);
const SYMMETRIC_MARKERS = new Set(['-', 'between', 'from', 'with', 'to', 'vs', 'versus', 'and', 'of', 'in']);

/** What hangs on which preposition, what comes before what, and who does what to whom must be the same. */
export const directionGate: Gate = (pair) =>
  prepositions(pair) ??
  conjunctions(pair) ??
  markers(pair) ??
  orderGate(pair) ??
  personsGate(pair) ??
  rolesGate(pair);

/** A preposition in the place of another: "go through", "go with". */
function prepositions(pair: Pair): string | null {
  const { a, b } = pair;
  if (hasSymmetry(a) && hasSymmetry(b)) return null;
  const [x, y] = [lonePrepositions(a, b), lonePrepositions(b, a)];
  if (isOfSite(pair) && [...x, ...y].every((word) => SITES.has(word))) return null;
  if ([...x, ...y].every((word) => word === 'of' || word === 'to') && (hasWay(pair) || hasBenefit(pair)))
    return null;
  const strict = [...x.filter(isTelling), ...y.filter(isTelling)];
  if (strict.length > 0 && !strict.every((one) => [...x, ...y].some((other) => ALIKE.has(`${one} ${other}`))))
    return versus(x, y);
  if (x.length === 0 || y.length === 0) return null;
  const isLoose = x.every((one) => LOOSE.has(one)) && y.every((one) => LOOSE.has(one));
  const isAlike = x.every((one) => y.some((other) => ALIKE.has(`${one} ${other}`)));
  return isLoose || isAlike ? null : versus(x, y);
}

/** Conjunctions that open clauses of other meanings; "if" and "when" may stand for each other. */
const CONJUNCTIONS = ['if', 'because', 'while', 'unless', 'although', 'though', 'whether', 'once'];

/** "if I quit", "because I quit"; what holds unless something is never what holds. */
function conjunctions({ a, b }: Pair): string | null {
  const [x, y] = [a, b].map(({ functions }, k) => {
    const other = k === 0 ? b : a;
    return CONJUNCTIONS.filter((word) => functions.has(word) && !other.functions.has(word));
  }) as [string[], string[]];
  if (x.includes('unless') || y.includes('unless')) return versus(x, y);
  if (x.length === 0 && y.length === 0) return null;
  const opens = (words: readonly string[], { functions }: Analysis) =>
    words.length > 0 || functions.has('when');
  const isIf = [...x, ...y].every((word) => word === 'if' || word === 'whether' || word === 'once');
  return !isIf && opens(x, a) && opens(y, b) ? versus(x, y) : null;
}

const SITES: ReadonlySet<string> = new Set(['in', 'on', 'from', 'at']);
const ON_SITES: ReadonlySet<string> = new Set(
  ['delete', 'remove', 'earn', 'earnmoney', 'recover', 'retrieve', 'download'].map(lemmaOf),
);

/** "delete a photo from Flickr", "delete a photo on Flickr": where it is done is what it is taken from. */
function isOfSite({ a, b }: Pair): boolean {
  return [a, b].every(
    ({ words, frames, functions }) =>
      !functions.has('to') &&
      frames.every(({ type }) => type === 'how' || type === 'what' || type === 'where') &&
      words.some(({ key }) => ON_SITES.has(key)) &&
      words.filter(({ marker }) => marker !== null && SITES.has(marker)).length <= 1,
  );
}

const BENEFITS: ReadonlySet<string> = new Set(
  'benefit advantage disadvantage drawback solution alternative answer'.split(' ').map(lemmaOf),
);

/** "the benefits of tea", "the benefits to tea". */
function hasBenefit({ a, b }: Pair): boolean {
  return [a, b].every(
    ({ words, frames }) => frames.length === 1 && words.some(({ key }, i) => i <= 1 && BENEFITS.has(key)),
  );
}

function hasWay({ a, b, alignment }: Pair): boolean {
  return alignment.matches.some(({ a: i, b: j }) => {
    const [x, y] = [a.words[i] as Word, b.words[j] as Word];
    return isWay(x, y) || isWay(y, x);
  });
}

/** "a way of getting", "a way to get". */
const isWay = (x: Word, y: Word) => x.marker === 'of' && x.text.endsWith('ing') && y.marker === 'to';

const DISTANCE = lemmaOf('distance');

function isDistance({ words }: Analysis): boolean {
  return words.some(({ key }) => key === DISTANCE);
}

/** Verbs that another preposition turns into others, or that say where something is put. */
const PREPOSITIONAL: ReadonlySet<string> = new Set(
  (
    'look work talk speak wait apply ask call go come pay vote run stand play fight listen travel sit sleep park put hide turn take ' +
    'cook bake wash write send order search deliver give hand bring keep hold set get stay drive fly walk jump climb sail swim eat live care stick pass break fill point shout throw laugh'
  )
    .split(' ')
    .map(lemmaOf),
);

/** "book a table at two", "book a table for two". */
function changesNumber({ kind }: Word, [m, n]: readonly [string, string]): boolean {
  return (
    kind === 'number' && m !== '-' && n !== '-' && (m === 'for' || n === 'for') && !ALIKE.has(`${m} ${n}`)
  );
}

/** "look at a dog", "look after a dog". */
function changesVerb({ a, b, alignment }: Pair, i: number, j: number): boolean {
  const [x, y] = [a.words[i - 1], b.words[j - 1]];
  if (x === undefined || y === undefined || alignment.mateOfA[i - 1] !== j - 1) return false;
  return PREPOSITIONAL.has(x.key) && a.words[i]?.isName !== true;
}

/** Says something on its own, whatever hangs on it. */
const TELLING = new Set(
  'before after without until till since during against except instead_of under below beyond behind inside outside near between beside above'.split(
    ' ',
  ),
);
const isTelling = (word: string) => TELLING.has(word);

function lonePrepositions(one: Analysis, two: Analysis): string[] {
  return [...one.functions]
    .filter(([word, count]) => {
      return FUNCTION_WORDS.get(word) === 'preposition' && count > (two.functions.get(word) ?? 0);
    })
    .map(([word]) => word);
}

function markers(pair: Pair): string | null {
  const { a, b, alignment } = pair;
  const isSymmetric = hasSymmetry(a) && hasSymmetry(b);
  for (const { a: i, b: j } of alignment.matches) {
    const [x, y] = [a.words[i] as Word, b.words[j] as Word];
    const [m, n] = [x.marker ?? '-', y.marker ?? '-'];
    // "what is a cat", "what is in a cat"
    if (i === 0 && j === 0 && m !== n && isShort(a) && isShort(b)) return versus([m, x.text], [n, y.text]);
    // Distances are the same both ways; nothing else that goes from one to another is.
    if (`${m} ${n}` === 'from to' || `${m} ${n}` === 'to from') {
      if (isDistance(a) && isDistance(b)) continue;
      return versus([m, x.text], [n, y.text]);
    }
    if (isSymmetric && SYMMETRIC_MARKERS.has(m) && SYMMETRIC_MARKERS.has(n)) continue;
    // "stop them from asking", "stop them asking".
    if (x.text.endsWith('ing') && y.text.endsWith('ing') && (m === '-' || n === '-')) continue;
    if (m !== n && m !== '-' && n !== '-' && changesVerb(pair, i, j)) return versus([m, x.text], [n, y.text]);
    if (SITES.has(m) && SITES.has(n) && isOfSite(pair)) continue;
    if (isWay(x, y) || isWay(y, x)) continue;
    if (m === n) continue;
    if (changesNumber(x, [m, n])) return versus([m, x.text], [n, y.text]);
    // "from Oslo to Rome", "to Rome via Oslo".
    const passes =
      [m, n].some((word) => word === 'via' || word === 'through') &&
      (a.functions.has('to') || b.functions.has('to'));
    if ((!STRICT.has(m) && !STRICT.has(n)) || (ALIKE.has(`${m} ${n}`) && !passes)) continue;
    return versus([m, x.text], [n, y.text]);
  }
  return null;
}

/** A question for what a thing is. */
function isShort({ words, frames }: Analysis): boolean {
  return words.length <= 2 && frames.every(({ type }) => type === 'what' || type === 'topic');
}
