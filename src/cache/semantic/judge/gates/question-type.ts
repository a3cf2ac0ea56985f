import type { Analysis } from '../analysis.ts';
import { lemmaOf } from '../lemma.ts';
import type { QuestionType } from '../question-types.ts';
import {
  type Asked,
  askedOf,
  asksForEffect,
  canDo,
  EFFECT,
  hasMood,
  isAffected,
  isOfLife,
  isOfName,
} from './asked.ts';
import { type Gate, versus } from './gate.ts';

/** Types that ask for the same when the words are the same. */
const ALIKE: ReadonlySet<string> = new Set(['topic what', 'request topic', 'request yesno']);
/** Types whose answers do not differ by "can", "should", "would". */
const OPEN: ReadonlySet<QuestionType> = new Set([
  'how',
  'what',
  'where',
  'who',
  'request',
  'opinion',
  'topic',
]);
/** What someone may, should or must do are three questions. */
const DUTIES = ['should', 'must', 'may', 'can'] as const;

/** Both texts must ask for the same kind of answer: a person, a time, a way, yes or no; and in the same mood. */
export const questionTypeGate: Gate = ({ a, b }) => {
  const [x, y] = [typesOf(a), typesOf(b)];
  if (x.length !== y.length) return versus(x, y);
  const asked = askedOf(a, b);
  for (const [i, type] of x.entries())
    if (!areAlike(type, y[i] as QuestionType, asked)) return versus([type], [y[i] as string]);
  // "Can you swim?" asks a request or whether it can be done; "are you a swimmer?" neither.
  const [asksDo, asksWhether] = x.includes('request') ? [x, b] : [y, a];
  if (
    asksDo.includes('request') &&
    asksWhether.frames.some(({ type }) => type === 'yesno') &&
    !canDo(asksWhether)
  ) {
    return versus(x, y);
  }
  if (isOfLeave(a, b) || isOfLeave(b, a)) return versus(['allowed'], ['possible']);
  const [inA, inB] = [spanOf(a), spanOf(b)];
  if (inA !== null && inB !== null && inA !== inB) return versus([inA], [inB]);
  // "what are the effects of tea", "how is tea affected".
  if ([a, b].every(asksForEffect) && isAffected(a) !== isAffected(b)) return versus(x, y);
  // "I can book a taxi", "I need to book a taxi".
  const wants = (text: Analysis, types: readonly QuestionType[]) =>
    types.includes('request') || text.moods.has('frame:anyone');
  if ((wants(a, x) && saysCan(b)) || (wants(b, y) && saysCan(a))) return versus(x, y);
  return moods(a, b, [...x, ...y]);
};

/** Types of the sentences that ask; of the first when none does. */
function typesOf({ frames }: Analysis): QuestionType[] {
  const types = frames.map(({ type }) => type);
  const asking = types.filter((type) => type !== 'topic');
  // "What is an analogy? What are examples?" asks for what "What are examples of an analogy?" asks.
  return asking.length > 0 ? asking.filter((type, i) => type !== asking[i - 1]) : types.slice(0, 1);
}

function areAlike(x: QuestionType, y: QuestionType, asked: Asked): boolean {
  const both = [x, y].sort().join(' ');
  if (x === y || ALIKE.has(both)) return true;
  if ((both === 'how request' || both === 'how topic') && asked.isOfDoing) return true;
  // "who is the best singer", "which singer is the best".
  if (both === 'what who') return asked.isOfBest;
  if (both === 'what where') return asked.isOfPlace;
  // "is there a way to block", "can I block".
  if (both === 'how yesno' && asked.isOfWay) return true;
  // "how does A differ from B", "what is the difference between A and B".
  return asked.isOfDifference && OF_DIFFERENCE.has(both);
}

const OF_DIFFERENCE: ReadonlySet<string> = new Set(['how what', 'what yesno']);

function moods(a: Analysis, b: Analysis, types: readonly QuestionType[]): string | null {
  const isOpen = types.every((type) => OPEN.has(type));
  const hasNoTime = isOpen && ([a, b].every(isOfLife) || [a, b].every(isOfName));
  const [x, y] = [a, b].map((text) =>
    moodsOf(text, {
      isOpen,
      hasNoTime,
      supposes: isOpen && supposes(a, b),
      isOfCourse: isOpen && [a, b].every(isOfCourse),
    }),
  ) as [string[], string[]];
  if (x.join(' ') !== y.join(' ')) return versus(x, y);
  if (!isOpen || asksAnyone(a, b)) return null;
  const [can, should] = [a, b].map((text) => {
    const [may, ought] = [hasMood(text, 'can'), hasMood(text, 'should')];
    return may === ought ? null : may;
  });
  return can !== null && should !== null && can !== should
    ? versus([can ? 'can' : 'should'], [should ? 'can' : 'should'])
    : null;
}

/** "how will I do it", "what will happen if": as it always is. */
function isOfCourse({ frames, heads, functions, words }: Analysis): boolean {
  return frames.every(
    ({ type, isGeneral }) =>
      (type === 'how' && isGeneral && heads.length > 0) ||
      (type === 'what' && functions.has('if') && words[0]?.key === HAPPEN),
  );
}

const HAPPEN = lemmaOf('happen');

/** "is it okay to do it", "is it possible to do it". */
function isOfLeave(one: Analysis, other: Analysis): boolean {
  return one.moods.has('frame:allowed') && other.moods.has('frame:possible');
}

/** What "how many days does it take" counts. */
function spanOf({ moods }: Analysis): string | null {
  for (const mood of moods) if (mood.startsWith('frame:in_')) return mood.slice('frame:in_'.length);
  return null;
}

function saysCan({ frames, moods }: Analysis): boolean {
  return moods.has('can') && frames.every(({ type }) => type === 'topic');
}

/** "what will happen if", "what would happen if". */
function supposes(a: Analysis, b: Analysis): boolean {
  if ([a, b].every(asksForEffect) && a.moods.has(EFFECT) !== b.moods.has(EFFECT)) return true;
  const [one, two] = hasMood(a, 'future') ? [a, b] : [b, a];
  return hasMood(one, 'future') && hasMood(two, 'would');
}

/** "how should I", "how can one", "what should I do": the ways to do it are the same. */
function asksAnyone(a: Analysis, b: Analysis): boolean {
  return [a, b].every(
    ({ frames, heads, functions, words }) =>
      frames.every(
        ({ isGeneral, type }) =>
          isGeneral && ((type === 'how' && heads.length > 0) || (type === 'what' && functions.has('do'))),
      ) && words.every(({ key }) => key !== ALLOWED),
  );
}

const ALLOWED = lemmaOf('allowed');

/** Open questions do not differ by "do", "can", "would"; other answers do. */
function moodsOf(
  { moods, past, functions }: Analysis,
  {
    isOpen,
    hasNoTime,
    supposes,
    isOfCourse,
  }: {
    readonly isOpen: boolean;
    readonly hasNoTime: boolean;
    readonly supposes: boolean;
    readonly isOfCourse: boolean;
  },
): string[] {
  const found: string[] = [];
  for (const duty of DUTIES) {
    if (isOpen && duty !== 'must' && duty !== 'may') continue;
    if (duty === 'may' && moods.has('frame:can')) continue;
    if (moods.has(duty) || (!isOpen && moods.has(`frame:${duty}`))) found.push(duty);
  }
  // "have you ever been", "did you ever go".
  if (functions.has('ever') && !isOpen && (moods.has('frame:perfect') || past > 0)) found.push('before');
  else if (moods.has('frame:perfect') && !hasNoTime) found.push('perfect');
  if (past > 0 && !hasNoTime && !found.includes('before')) found.push(`past ${past}`);
  if (supposes) return found;
  if (!isOpen && moods.has('frame:way') && !found.includes('can')) found.push('can');
  if (moods.has('future') || (moods.has('frame:future') && !isOfCourse)) found.push('future');
  return found;
}
