import type { Analysis } from '../analysis.ts';
import type { QuestionType } from '../frames.ts';
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
  for (const [i, type] of x.entries())
    if (!areAlike(type, y[i] as QuestionType)) return versus([type], [y[i] as string]);
  // "Can you swim?" asks a request or whether it can be done; "are you a swimmer?" neither.
  const [asksDo, asksWhether] = x.includes('request') ? [x, b] : [y, a];
  if (
    asksDo.includes('request') &&
    asksWhether.frames.some(({ type }) => type === 'yesno') &&
    !canDo(asksWhether)
  ) {
    return versus(x, y);
  }
  // "I can book a taxi", "I need to book a taxi".
  if ((x.includes('request') && saysCan(b)) || (y.includes('request') && saysCan(a))) return versus(x, y);
  return moods(a, b, [...x, ...y]);
};

/** Types of the sentences that ask; of the first when none does. */
function typesOf({ frames }: Analysis): QuestionType[] {
  const types = frames.map(({ type }) => type);
  const asking = types.filter((type) => type !== 'topic');
  // "What is an analogy? What are examples?" asks for what "What are examples of an analogy?" asks.
  return asking.length > 0 ? asking.filter((type, i) => type !== asking[i - 1]) : types.slice(0, 1);
}

function areAlike(x: QuestionType, y: QuestionType): boolean {
  return x === y || ALIKE.has([x, y].sort().join(' '));
}

function moods(a: Analysis, b: Analysis, types: readonly QuestionType[]): string | null {
  const isOpen = types.every((type) => OPEN.has(type));
  const [x, y] = [moodsOf(a, isOpen), moodsOf(b, isOpen)];
  if (x.join(' ') !== y.join(' ')) return versus(x, y);
  if (!isOpen) return null;
  const [can, should] = [a, b].map((text) => {
    const [may, ought] = [hasMood(text, 'can'), hasMood(text, 'should')];
    return may === ought ? null : may;
  });
  return can !== null && should !== null && can !== should
    ? versus([can ? 'can' : 'should'], [should ? 'can' : 'should'])
    : null;
}

function saysCan({ frames, moods }: Analysis): boolean {
  return moods.has('can') && frames.every(({ type }) => type === 'topic');
}

function canDo(text: Analysis): boolean {
  return hasMood(text, 'can') || hasMood(text, 'future') || hasMood(text, 'would');
}

function hasMood({ moods }: Analysis, mood: string): boolean {
  return moods.has(mood) || moods.has(`frame:${mood}`);
}

/** Open questions do not differ by "do", "can", "would"; other answers do. */
function moodsOf({ moods, past }: Analysis, isOpen: boolean): string[] {
  const found: string[] = [];
  for (const duty of DUTIES) {
    if (isOpen && duty !== 'must' && duty !== 'may') continue;
    if (moods.has(duty) || (!isOpen && moods.has(`frame:${duty}`))) found.push(duty);
  }
  if (moods.has('frame:perfect')) found.push('perfect');
  if (past > 0) found.push(`past ${past}`);
  if (moods.has('future') || moods.has('frame:future')) found.push('future');
  return found;
}
