import type { Analysis, Head } from '../analysis.ts';
import { LIGHT_WORDS } from '../data/function-words.data.ts';
import { lemmaOf } from '../lemma.ts';
import { type Gate, type Pair, versus } from './gate.ts';

/** Verbs that other gates let come and go: what is done hangs on them when they open what is asked for. */
const WEAK_KEYS: ReadonlySet<string> = new Set(
  [...LIGHT_WORDS, 'get', 'have', 'do', 'be', 'getting', 'having', 'doing'].map(lemmaOf),
);
/** "start learning Python", "learn Python": the second verb says what is done. */
const OPENING_KEYS: ReadonlySet<string> = new Set('start begin try want get go'.split(' ').map(lemmaOf));
/** "take a photo of", "photograph"; "make a decision", "decide": the noun says what is done. */
const SUPPORT_KEYS: ReadonlySet<string> = new Set(
  'take make do have give get go perform'.split(' ').map(lemmaOf),
);
/** Pairs that say the same of any object. */
const ALIKE: ReadonlySet<string> = new Set(
  'get find,make do,start begin,want need,suggest recommend,explain describe,help assist,take do,be become'
    .split(',')
    .flatMap((pair) => {
      const keys = pair.split(' ').map(lemmaOf);
      return [keys.join(' '), keys.toReversed().join(' ')];
    }),
);
/** Pairs that say the same of what a clause says: "how do I tell if", "how do I know if". */
const ALIKE_OF_CLAUSES: ReadonlySet<string> = new Set(
  ['know', 'tell', 'find', 'see', 'understand', 'say', 'believe', 'think', 'feel'].map(lemmaOf),
);
/** Pairs that say the same of what someone is to be: "get rich", "become rich"; not "get a partner". */
const ALIKE_OF_QUALITIES: ReadonlySet<string> = new Set(['get', 'become', 'be'].map(lemmaOf));
const NOUN = /^(?:a|an|the|my|your|his|her|our|their|some|any|one)$/;
const CLAUSE = /^(?:if|whether|that|what|who|which|when|where|why|how|about)$/;
const ARTICLE = /^(?:a|an|the|to|my|your|some|in|into)$/;

/** The verb that opens what is asked for ("how do I ...") must be the same, light verbs too. */
export const headsGate: Gate = (pair) => {
  const { a, b } = pair;
  if (a.heads.length !== b.heads.length) return null;
  for (const [k, x] of a.heads.entries()) {
    const y = b.heads[k] as Head;
    if (!mayStand(pair, x, y)) return versus([x.text], [y.text]);
  }
  return null;
};

function mayStand({ a, b, alignment }: Pair, x: Head, y: Head): boolean {
  const [isWeakX, isWeakY] = [WEAK_KEYS.has(x.key), WEAK_KEYS.has(y.key)];
  if (x.key === y.key || (!isWeakX && !isWeakY)) return true;
  const mates = alignment.matches;
  const [inA, inB] = [wordAt(a, x.at), wordAt(b, y.at)];
  if (mates.some((match) => match.a === inA && match.b === inB)) return true;
  if (isWeakX && isWeakY) {
    if (ALIKE.has(`${x.key} ${y.key}`)) return true;
    const isOfQuality = !NOUN.test(x.next) && !NOUN.test(y.next);
    if (isOfQuality && ALIKE_OF_QUALITIES.has(x.key) && ALIKE_OF_QUALITIES.has(y.key)) return true;
    const isOfClause = CLAUSE.test(x.next) || CLAUSE.test(y.next);
    if (isOfClause && ALIKE_OF_CLAUSES.has(x.key) && ALIKE_OF_CLAUSES.has(y.key)) return true;
  }
  const mateOfY = mates.find((match) => match.b === inB)?.a ?? -1;
  const mateOfX = mates.find((match) => match.a === inA)?.b ?? -1;
  return (isWeakX && follows(a, x, mateOfY)) || (isWeakY && follows(b, y, mateOfX));
}

/** What the other text does stands right behind the light verb. */
function follows({ words }: Analysis, head: Head, mate: number): boolean {
  const word = words[mate];
  if (word === undefined) return false;
  const distance = word.at - head.at;
  const isNext =
    distance === 1 || (distance === 2 && ARTICLE.test(head.next)) || (distance === 3 && head.next === 'a');
  return isNext && (OPENING_KEYS.has(head.key) || SUPPORT_KEYS.has(head.key));
}

function wordAt({ words }: Analysis, at: number): number {
  return words.findIndex((word) => word.at === at);
}
