import type { Analysis, Word } from '../analysis.ts';
import { FREE_WORDS, KIND_WORDS, PRAISE_WORDS, SOFT_GROUPS } from '../data/function-words.data.ts';
import { lemmaOf } from '../lemma.ts';
import { type Gate, versus } from './gate.ts';

const KIND_KEYS: ReadonlySet<string> = new Set([...KIND_WORDS].map(lemmaOf));
const FREE_KEYS: ReadonlySet<string> = new Set(FREE_WORDS.map(lemmaOf));
const SOFT_KEYS: readonly ReadonlySet<string>[] = SOFT_GROUPS.map((group) => new Set(group.map(lemmaOf)));
/** Light verbs that say what is done and what becomes of it: they count little, and may not come or go alone. */
const VERB_KEYS: ReadonlySet<string> = new Set(
  'use give go come take provide begin look keep let say ask feel try make'.split(' ').map(lemmaOf),
);
const LIGHT = 0.25;
const LEAST_WEIGHT = 0.9;
const MOST_LIGHT = 0.6;

/** Words of content must stand in both texts; light ones may come and go as long as they are few. */
export const unmatchedWordsGate: Gate = ({ a, b, alignment }) => {
  const { onlyA, onlyB } = alignment;
  const mates = new Set(alignment.matches.map(({ b: j }) => j));
  const isOfSpan = isSpan(a) && isSpan(b) && a.moods.has(DURATION) !== b.moods.has(DURATION);
  const heavy = [
    heavyOf(a, { lone: onlyA, others: onlyB, isOfSpan }, (i) => (alignment.mateOfA[i] ?? -1) >= 0),
    heavyOf(b, { lone: onlyB, others: onlyA, isOfSpan }, (j) => mates.has(j)),
  ];
  if (heavy.some((words) => words.length > 0)) return versus(heavy[0] ?? [], heavy[1] ?? []);
  const swapped = swaps(onlyA, onlyB) ?? swapsQualities(onlyA, onlyB);
  if (swapped !== null) return swapped;
  const light = [onlyA, onlyB].map((words) =>
    words.reduce((sum, { weight }) => sum + Math.min(weight, LIGHT), 0),
  );
  if (light.every((weight) => weight <= MOST_LIGHT)) return null;
  return versus(
    onlyA.map(({ text }) => text),
    onlyB.map(({ text }) => text),
  );
};

/** Light words of both sides that do not stand for each other. */
function swaps(onlyA: readonly Word[], onlyB: readonly Word[]): string | null {
  const [x, y] = [onlyA, onlyB].map((words) =>
    words.filter(({ key, kind }) => kind === 'content' && !FREE_KEYS.has(key)),
  );
  if (x === undefined || y === undefined || x.length === 0 || y.length === 0) return null;
  const stand = (one: Word, others: readonly Word[]) =>
    SOFT_KEYS.some((group) => group.has(one.key) && others.some(({ key }) => group.has(key)));
  if (x.every((word) => stand(word, y)) || y.every((word) => stand(word, x))) return null;
  return versus(
    x.map(({ text }) => text),
    y.map(({ text }) => text),
  );
}

const PRAISE_KEYS: ReadonlySet<string> = new Set(PRAISE_WORDS.map(lemmaOf));

/** "a good letter", "an important letter": what praises may stand for praise alone. */
function swapsQualities(onlyA: readonly Word[], onlyB: readonly Word[]): string | null {
  const [x, y] = [onlyA, onlyB].map((words) => words.filter(({ key }) => FREE_KEYS.has(key)));
  if (x === undefined || y === undefined || x.length === 0 || y.length === 0) return null;
  const praises = (words: readonly Word[]) => words.every(({ key }) => PRAISE_KEYS.has(key));
  return praises(x) === praises(y)
    ? null
    : versus(
        x.map(({ text }) => text),
        y.map(({ text }) => text),
      );
}

/**
 * A light word beside "and" or "or" is one thing of two: "men and women", "best and worst". A word of a kind is light
 * beside what it names.
 */
function heavyOf(
  { joins, words, frames, heads }: Analysis,
  {
    lone,
    others,
    isOfSpan,
  }: { readonly lone: readonly Word[]; readonly others: readonly Word[]; readonly isOfSpan: boolean },
  isMatched: (i: number) => boolean,
): string[] {
  const isDone = (word: Word) =>
    VERB_KEYS.has(word.key) &&
    !heads.some(({ at }) => at === word.at) &&
    !others.some(({ key }) => SOFT_KEYS.some((group) => group.has(word.key) && group.has(key)));
  return lone
    .filter((word) => {
      if (isOfSpan && SPAN_KEYS.has(word.key)) return false;
      if (isDone(word)) return true;
      if (word.literal !== 'emoji' && (joins.has(word.at + 1) || joins.has(word.at - 1))) return true;
      return (
        word.weight >= LEAST_WEIGHT &&
        !namesKind(word, words, isMatched) &&
        !isAskedKind(word, words, frames) &&
        !isOfDifference(word, words) &&
        !isTypical(word, words, frames)
      );
    })
    .map(({ text }) => text);
}

function namesKind(word: Word, words: readonly Word[], isMatched: (i: number) => boolean): boolean {
  if (!KIND_KEYS.has(word.key)) return false;
  const i = words.findIndex(({ at }) => at === word.at);
  return words[i - 1]?.joinsNext === true && isMatched(i - 1) && words[i - 1]?.weight === 1;
}

/** "which city is the capital", "what is the capital". */
function isAskedKind(word: Word, words: readonly Word[], frames: Analysis['frames']): boolean {
  return (
    KIND_KEYS.has(word.key) &&
    words[0]?.at === word.at &&
    frames[0]?.type === 'what' &&
    frames[0].length === 1
  );
}

const DURATION = 'frame:duration';
/** "how long does it last", "how long does it take", where the other asks for the duration. */
const SPAN_KEYS: ReadonlySet<string> = new Set(['last', 'take'].map(lemmaOf));

function isSpan({ frames }: Analysis): boolean {
  return frames.length === 1 && frames[0]?.type === 'how_long';
}

const DIFFERENCE = lemmaOf('difference');
const MAIN: ReadonlySet<string> = new Set(
  'major main big biggest key significant primary fundamental principal essential exact'
    .split(' ')
    .map(lemmaOf),
);

/** "the main difference", "the difference". */
function isOfDifference(word: Word, words: readonly Word[]): boolean {
  return MAIN.has(word.key) && words.some(({ key, at }) => key === DIFFERENCE && at === word.at + 1);
}

/** What is done with a thing by anyone who asks for the best of it. */
const TYPICAL: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  Object.entries({
    read: 'book novel article comic blog magazine',
    watch: 'movie film series show anime documentary video cartoon',
    visit: 'place city country museum',
    listen: 'song music podcast album',
    play: 'game',
    buy: 'laptop phone smartphone car bike tablet camera',
    eat: 'food dish snack restaurant',
  }).map(([verb, objects]) => [lemmaOf(verb), new Set(objects.split(' ').map(lemmaOf))]),
);

/** "the best films to watch", "the best films". */
function isTypical(word: Word, words: readonly Word[], frames: Analysis['frames']): boolean {
  const objects = TYPICAL.get(word.key);
  if (objects === undefined || word.marker !== 'to' || frames.some(({ type }) => type !== 'what'))
    return false;
  const i = words.findIndex(({ at }) => at === word.at);
  return words.slice(Math.max(0, i - 1), i).some(({ key }) => objects.has(key));
}
