import type { Analysis } from '../analysis.ts';
import { SELLER } from '../form-rules.ts';
import { CLAUSES } from '../grammar.ts';
import { lemmaOf } from '../lemma.ts';
import { type Gate, versus } from './gate.ts';

/** Questions whose "you" is the one who is asked. */
const PERSONAL = new Set(['what', 'who', 'yesno', 'topic', 'request']);
const FIRST = ['i', 'me', 'my', 'mine', 'myself', 'we', 'us', 'our', 'ours', 'ourselves'];
const SECOND = ['you', 'your', 'yours', 'yourself', 'yourselves', 'u', 'ur'];
const THIRDS = [
  ['he', 'him', 'his', 'himself'],
  ['she', 'her', 'hers', 'herself'],
];

/** Groups of words for people and numbers of them that trade places: "is he taller than she is". */
const TRADERS: readonly (readonly string[])[] = [
  ['he', 'him'],
  ['she', 'her'],
  ['they', 'them'],
  ['i', 'me'],
  ['you'],
  ['we', 'us'],
  ['someone', 'somebody', 'anyone', 'anybody'],
  ['everyone', 'everybody', 'all'],
  ['one'],
];

const REFLEXIVES = [
  'myself',
  'yourself',
  'himself',
  'herself',
  'themselves',
  'itself',
  'oneself',
  'ourselves',
  'yourselves',
];

const ANYONE = ['someone', 'somebody', 'anyone', 'anybody'];
const OWN = ['my', 'your', 'our'];
const OTHERS = ['they', 'them', 'their', 'theirs'];
const PRONOUNS: ReadonlySet<string> = new Set([...FIRST, ...SECOND, ...THIRDS.flat(), ...OTHERS, SELLER]);

/** Who speaks, who is spoken to, and who is spoken of. */
export const personsGate: Gate = ({ a, b }) => {
  const [x, y] = [personsOf(a), personsOf(b)];
  if (isSold(a, y) || isSold(b, x)) return versus([x.text], [y.text]);
  const [self, other] = [a, b].map(({ functions }) => REFLEXIVES.some((word) => functions.has(word)));
  if (self !== other) return versus([x.text], [y.text]);
  for (const [k, third] of THIRDS.entries()) {
    const other = THIRDS[1 - k] as string[];
    if (third.some((word) => a.functions.has(word)) !== third.some((word) => b.functions.has(word))) {
      if (other.some((word) => a.functions.has(word) || b.functions.has(word)) || x.third !== y.third)
        return versus([x.text], [y.text]);
    }
  }
  if (tradesPlaces(a, b) || swapsOthers(a, b) || swapsOwner(a, b)) return versus([x.text], [y.text]);
  const detail = versus([x.text], [y.text]);
  if (changesObject(a, b) || changesObject(b, a)) return detail;
  // "who called", "who I called".
  if (
    [a, b].every(({ frames }) => frames.some(({ type }) => type === 'who')) &&
    (x.order === '') !== (y.order === '')
  )
    return detail;
  // "your favourite film", "the best film".
  if (x.first === y.first && [a, b].every(asksForFavourite)) return null;
  const isGeneral = [a, b].every(({ frames }) => frames.every((frame) => frame.isGeneral));
  if (x.first === y.first && x.second === y.second) {
    return (x.order !== y.order && x.order !== '' && y.order !== '') ||
      (x.own !== y.own && x.own !== '' && y.own !== '')
      ? detail
      : null;
  }
  // One general person for another: "how do I", "how do you".
  if (isGeneral && isOneActor(x) && isOneActor(y) && hasOneOwner(x, y)) return null;
  // "my card", "the card"; but not "what does it mean", "what does it mean to you".
  if (x.second === y.second && x.order.replaceAll('1', '') === y.order.replaceAll('1', '')) {
    return x.order === y.order || isGeneral || x.order === '' || y.order === '' ? null : detail;
  }
  const isPersonal = [...a.frames, ...b.frames].some(({ type }) => PERSONAL.has(type));
  return isPersonal || x.first || y.first ? detail : null;
};

/** "do you accept cards", "do I accept cards". */
function isSold({ functions }: Analysis, other: Persons): boolean {
  return functions.has(SELLER) && other.order.includes('1');
}

const FAVOURITES: ReadonlySet<string> = new Set(['favorite', 'favourite', 'best'].map(lemmaOf));

function asksForFavourite({ words, functions, frames }: Analysis): boolean {
  const isAsked = frames.length === 1 && (frames[0]?.type === 'what' || frames[0]?.type === 'who');
  return isAsked && !functions.has('you') && words.some(({ key }, i) => i === 0 && FAVOURITES.has(key));
}

const isOneActor = ({ first, second }: Persons) => !(first && second);

/** What is owned in both texts is the actor's: "how do I improve my", "how do you improve your". */
function hasOneOwner(x: Persons, y: Persons): boolean {
  return x.own === '' || y.own === '' || (x.own === x.order && y.own === y.order);
}

/** "is he taller than she is", "to one instead of all": the same in another order, and no clause that moved. */
function tradesPlaces(a: Analysis, b: Analysis): boolean {
  if ([a, b].some(({ functions }) => [...CLAUSES].some((word) => functions.has(word)))) return false;
  const [x, y] = [tradersOf(a), tradersOf(b)];
  return x.length === y.length && x.every((group) => y.includes(group)) && x.join() !== y.join();
}

/** The groups that a text speaks of, in the order in which it does first. */
function tradersOf({ functions }: Analysis): number[] {
  const groups = [...functions.keys()].map((word) => TRADERS.findIndex((group) => group.includes(word)));
  return [...new Set(groups)].filter((group) => group >= 0);
}

/** "they have", "we have": others in the place of those who speak. */
function swapsOthers(a: Analysis, b: Analysis): boolean {
  const [x, y] = [lonePronouns(a, b), lonePronouns(b, a)];
  const others = (words: readonly string[]) => words.some((word) => OTHERS.includes(word));
  const known = (words: readonly string[]) => words.some((word) => !OTHERS.includes(word));
  return (others(x) && known(y)) || (others(y) && known(x));
}

function lonePronouns({ functions }: Analysis, other: Analysis): string[] {
  return [...functions]
    .filter(([word, count]) => PRONOUNS.has(word) && count > (other.functions.get(word) ?? 0))
    .map(([word]) => word);
}

/** "remind me to call Bob", "remind Bob to call me": both verbs stand in both texts, and another one has the object. */
function changesObject(one: Analysis, two: Analysis): boolean {
  return one.objects.some((object) => {
    if (two.objects.includes(object)) return false;
    const [verb = '', person = ''] = object.split(' ');
    return (
      two.words.some(({ key }) => key === verb) && two.objects.some((other) => other.endsWith(` ${person}`))
    );
  });
}

/** "my password", "someone's password"; "may someone use my card", "may I use someone's card". */
function swapsOwner(a: Analysis, b: Analysis): boolean {
  return givesAway(a, b) || givesAway(b, a) || tradesOwner(a, b) || tradesOwner(b, a);
}

function tradesOwner({ functions: owned }: Analysis, { functions: used }: Analysis): boolean {
  if (![owned, used].every((functions) => ANYONE.some((word) => functions.has(word)))) return false;
  return owned.has('my') && !owned.has('i') && used.has('i') && !used.has('my');
}

function givesAway({ functions }: Analysis, other: Analysis): boolean {
  const isOfAnyone = ANYONE.some((word) => functions.has(word) && !other.functions.has(word));
  if (!isOfAnyone || OTHERS.some((word) => functions.has(word))) return false;
  return OWN.some((word) => other.functions.has(word) && !functions.has(word));
}

interface Persons {
  readonly first: boolean;
  readonly second: boolean;
  readonly third: boolean;
  /** Who acts and who is acted on, in order: `12` for "I ... you". */
  readonly order: string;
  /** Whose something is. */
  readonly own: string;
  readonly text: string;
}

function personsOf({ functions }: Analysis): Persons {
  const said = [...functions.keys()].filter(
    (word) => FIRST.includes(word) || SECOND.includes(word) || THIRDS.flat().includes(word),
  );
  return {
    first: said.some((word) => FIRST.includes(word)),
    second: said.some((word) => SECOND.includes(word)),
    third: said.some((word) => THIRDS.flat().includes(word)),
    order: said
      .map((word) => (/^(?:i|me|we|us)$/.test(word) ? '1' : /^(?:you|u)$/.test(word) ? '2' : ''))
      .join('')
      .replace(/(.)\1+/g, '$1'),
    own: said
      .map((word) => (/^(?:my|our|mine)$/.test(word) ? '1' : /^(?:your|yours|ur)$/.test(word) ? '2' : ''))
      .join(''),
    text: said.join(' '),
  };
}
