import type { Analysis } from '../analysis.ts';
import { DOABLE_WORDS } from '../data/function-words.data.ts';
import { lemmaOf } from '../lemma.ts';

/** What both texts ask for, as far as it lets one question word stand for another. */
export interface Asked {
  /** The best person or company of some kind. */
  readonly isOfBest: boolean;
  readonly isOfDifference: boolean;
  readonly isOfPlace: boolean;
  /** What has to be done, in the world or at a device, by the one who asks. */
  readonly isOfDoing: boolean;
  /** Whether there is a way, in one of them. */
  readonly isOfWay: boolean;
}

/** Reads what two texts ask for. */
export function askedOf(a: Analysis, b: Analysis): Asked {
  return {
    isOfBest: [a, b].every((text) => isOfBest(text) && namesPeople(text)),
    isOfDifference: [a, b].every(({ words }) => words.some(({ key }) => DIFFERENCES.has(key))),
    isOfPlace: [a, b].every(namesPlace) || [a, b].every((text) => isOfBest(text) && namesVenue(text)),
    isOfDoing: isOfDoing(a, b),
    isOfWay: (a.moods.has(WAY) && canDo(b)) || (b.moods.has(WAY) && canDo(a)),
  };
}

const DOABLE: ReadonlySet<string> = new Set(DOABLE_WORDS.map(lemmaOf));

/** "reset my password" and "help me reset my password", which ask how: both begin with what is to be done. */
function isOfDoing(a: Analysis, b: Analysis): boolean {
  const [x, y] = [a.words[0], b.words[0]];
  return x !== undefined && x.key === y?.key && DOABLE.has(x.key) && begins(a) && begins(b);
}

/** The verb stands first, or right behind an opening that asks how or for help. */
function begins({ frames, moods, words }: Analysis): boolean {
  const [frame] = frames;
  if (frame === undefined || frames.length > 1) return false;
  if (frame.type === 'topic') return words[0]?.at === frame.length;
  return frame.type === 'how' || (frame.type === 'request' && moods.has('frame:help'));
}

const WAY = 'frame:way';
const DIFFERENCES: ReadonlySet<string> = new Set(
  ['difference', 'differ', 'different', 'distinction'].map(lemmaOf),
);

const PLACES: ReadonlySet<string> = new Set(['place', 'spot', 'location'].map(lemmaOf));
const BEST: ReadonlySet<string> = new Set(['best', 'top', 'favorite', 'favourite'].map(lemmaOf));

const VENUES: ReadonlySet<string> = new Set(
  'school college university institute hospital clinic hotel restaurant shop store cafe bar gym center beach park market library museum'
    .split(' ')
    .map(lemmaOf),
);

/** "where is the best hotel", "which is the best hotel". */
function namesVenue({ words }: Analysis): boolean {
  return words.some(({ key }) => VENUES.has(key));
}

/** Whom "who" asks for, and what "which" may ask for as well. */
const PEOPLE: ReadonlySet<string> = new Set(
  (
    'person man woman people guy girl boy child human band team group club actor actress singer rapper musician artist painter player athlete ' +
    'politician president minister king queen leader scientist author writer poet comedian celebrity character hero heroine villain superhero ' +
    'teacher doctor lawyer dentist coach trainer company provider manufacturer entrepreneur director youtuber model footballer batsman bowler'
  )
    .split(' ')
    .map(lemmaOf),
);

function namesPeople({ words }: Analysis): boolean {
  return words.some(({ key }) => PEOPLE.has(key));
}

function namesPlace({ words }: Analysis): boolean {
  return words.some(({ key }) => PLACES.has(key));
}

/** "the greatest", "the most", "the best". */
function isOfBest({ words }: Analysis): boolean {
  return words.some(({ key, degree }) => degree === 'est' || BEST.has(key));
}

/** "who is Napoleon", "who was Napoleon". */
export function isOfName({ words, frames, functions }: Analysis): boolean {
  return (
    !['the', 'a', 'an', 'of'].some((word) => functions.has(word)) &&
    frames.every(({ type }) => type === 'who') &&
    words.length > 0 &&
    words.every(({ isName }) => isName)
  );
}

/** What is asked of someone's life: whether it is, was or has been the best of it comes to the same. */
export function isOfLife(text: Analysis): boolean {
  return isOfBest(text) && ['you', 'ever'].some((word) => text.functions.has(word));
}

/** The mood of "what are the effects of". */
export const EFFECT = 'frame:effect';
const AFFECT = lemmaOf('affect');

/** "what are the effects of a ban", "how will a ban affect". */
export function asksForEffect({ frames, words }: Analysis): boolean {
  return frames.length === 1 && frames[0]?.type === 'how' && words.some(({ key }) => key === AFFECT);
}

/** "how is tea affected": what acts and what it acts on change places. */
export function isAffected({ words }: Analysis): boolean {
  return words.some(({ text }) => text === 'affected');
}

/** True where a text asks or says that something can be, will be or would be done. */
export function canDo(text: Analysis): boolean {
  return hasMood(text, 'can') || hasMood(text, 'future') || hasMood(text, 'would');
}

/** True for a mood in the opening of a sentence or behind it. */
export function hasMood({ moods }: Analysis, mood: string): boolean {
  return moods.has(mood) || moods.has(`frame:${mood}`);
}
