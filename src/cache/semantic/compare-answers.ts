import type { MaybePromise, PairGate, PairJudge } from '../../contract/index.ts';

/** Two answers to compare. */
export interface AnswerPair {
  /** What the fresh answer was asked. */
  readonly question: string;
  readonly stored: string;
  readonly fresh: string;
}

/**
 * Says whether a stored answer would have served as well as the fresh one; null where it cannot tell. What cannot be
 * told proves nothing: it keeps hits from being proven, and accuses none of being wrong.
 */
export type CompareAnswers = (pair: AnswerPair) => MaybePromise<boolean | null>;

/** Options of `createAnswerComparison`. */
export interface AnswerComparisonOptions {
  readonly judge: PairJudge;
  /** The vector of a text, length 1. */
  readonly embed: (text: string) => Float32Array;
}

/** Characters of an answer that are compared; of longer ones only equality is known. */
const MAX_CHARS = 8000;
/** Texts up to here are one statement, which the gates can judge. */
const SHORT_CHARS = 400;
/** Of a short pair: how surely it says the same. */
const MIN_CONFIDENCE = 0.5;
const MIN_SIMILARITY = 0.85;
/** Answers that are less alike speak of different things. */
const MIN_RELATED = 0.5;
/** Share of the words that both have, from which on two long answers may say the same. */
const MIN_OVERLAP = 0.6;
/** A share that only small edits leave. */
const MIN_EDIT_OVERLAP = 0.9;
/** Shares of statements that one word, or one figure or name, keeps apart. */
const ONE_WORD_OVERLAP = 0.9;
const ONE_VALUE_OVERLAP = 0.7;
/** In other words: at most this share is the same, since of statements with more in common each word counts. */
const REWORDED_OVERLAP = 0.8;
/** Sentences of a long answer that may be worded otherwise. */
const MOST_EDITED = 8;
/** A word this long says what an answer is about where the question has it, or where it stands twice. */
const MIN_TOPIC_CHARS = 5;
/** Figures, versions, paths, addresses, code: what makes two answers different though they sound alike. */
const FACTS = /`[^`\n]{1,200}`|https?:\/\/[^\s)>\]]*[^\s)>\].,;:!?]|\d+(?:[.,:/-]\d+)*|\b[\w.]+_[\w.]+\b/gu;
const NEGATION =
  /\b(?:not|no|never|cannot|can't|won't|don't|doesn't|isn't|aren't|didn't|unable|without|impossible)\b/giu;
const WORD = /[\p{L}\p{N}]+/gu;
const YES = /^(?:yes|yeah|sure|certainly|of course)\b/iu;
const NO = /^(?:no|nope)\b/iu;
const SENTENCE_END = /(?<=[.!?:;])\s+/u;

/** Gates that see one thing instead of another, and those that see the contrary. */
const VALUES: ReadonlySet<PairGate> = new Set([
  'number',
  'unit',
  'date',
  'name',
  'version',
  'identifier',
  'path',
  'url',
  'quotation',
]);
const CONTRARY: ReadonlySet<PairGate> = new Set(['negation', 'antonym', 'comparison']);
/** Gates that see other words. */
const WORDS: ReadonlySet<PairGate> = new Set(['unmatched_words', 'direction']);

/** What is known of two answers as a whole. */
interface Whole {
  readonly overlap: number;
  readonly similarity: number;
  /** True where figures, code, addresses and the number of negations agree. */
  readonly hasSameFacts: boolean;
}

/**
 * Returns the comparison that is built in: equal texts, small edits that no gate stops, or texts near in meaning that
 * speak of the same and whose figures, code, addresses and negations agree are the same; those that differ in one of
 * these alone, contradict each other, or speak of something else are different. Of most answers in other words it
 * cannot tell.
 */
export function createAnswerComparison({ judge, embed }: AnswerComparisonOptions): CompareAnswers {
  return ({ question, stored, fresh }) => {
    const [a, b] = [squeeze(stored), squeeze(fresh)];
    if (a === b) return true;
    if (a === '' || b === '') return false;
    if (a.length > MAX_CHARS || b.length > MAX_CHARS) return null;
    if ((YES.test(a) && NO.test(b)) || (NO.test(a) && YES.test(b))) return false;
    const overlap = overlapOf(a, b);
    const facts = compareFacts(a, b);
    if (facts === 'other' && overlap >= MIN_OVERLAP) return false;
    const similarity = dot(embed(a), embed(b));
    if (similarity < MIN_RELATED) return false;
    const whole = { overlap, similarity, hasSameFacts: facts === 'same' && countOf(a) === countOf(b) };
    if (overlap >= MIN_EDIT_OVERLAP)
      return areOfOtherThings(question, a, b) ? false : compareEdited(judge, [a, b], whole);
    const isShort = a.length <= SHORT_CHARS && b.length <= SHORT_CHARS;
    return isShort ? compareShort(judge, [a, b], whole) : compareLong(a, b, whole);
  };
}

type Both = readonly [string, string];

/** Gates that cannot decide, or see other words: of a few of those in many, it cannot be told whether they matter. */
const UNSURE: ReadonlySet<PairGate> = new Set(['unmatched_words', 'undecidable', 'language']);

/** Of answers that are the same but for a few words. In a long one other words may stand as long as no gate sees more. */
function compareEdited(judge: PairJudge, [a, b]: Both, { hasSameFacts }: Whole): boolean | null {
  const gates = editsOf(a, b).map(([x, y]) => judge.judge(x, y, 1).gate);
  if (gates.some((gate) => gate !== null && !UNSURE.has(gate))) return false;
  const isSame = gates.every(
    (gate) => gate === null || (gate === 'unmatched_words' && a.length > SHORT_CHARS),
  );
  return isSame && hasSameFacts ? true : null;
}

function compareShort(judge: PairJudge, [a, b]: Both, whole: Whole): boolean | null {
  const { overlap, similarity, hasSameFacts } = whole;
  const { gate, detail, confidence } = judge.judge(a, b, similarity);
  if (gate === null) return hasSameFacts && confidence >= MIN_CONFIDENCE ? true : null;
  if (isToldApart({ gate, detail, overlap })) return false;
  const isReworded = WORDS.has(gate) && overlap < REWORDED_OVERLAP && contentOverlapOf(a, b) >= MIN_OVERLAP;
  return isReworded && hasSameFacts && similarity >= MIN_SIMILARITY ? true : null;
}

function compareLong(a: string, b: string, { overlap, similarity, hasSameFacts }: Whole): boolean | null {
  if (similarity < MIN_SIMILARITY || overlap < MIN_OVERLAP) return null;
  const [hasOthers, isInOther] = [hasTopicsOf(a, b), hasTopicsOf(b, a)];
  if (!hasOthers && !isInOther) return false;
  return hasSameFacts && hasOthers && isInOther ? true : null;
}

/** True where a gate saw what alone keeps two statements apart that are alike otherwise. */
function isToldApart({
  gate,
  detail,
  overlap,
}: {
  readonly gate: PairGate;
  readonly detail: string | null;
  readonly overlap: number;
}): boolean {
  if (CONTRARY.has(gate)) return overlap >= ONE_WORD_OVERLAP;
  if (!VALUES.has(gate)) return false;
  // `"x" / "y"`: one instead of the other; what one of them only leaves out may stand elsewhere in other words.
  const isExchanged = detail !== null && !detail.startsWith('- /') && !detail.endsWith('/ -');
  return isExchanged ? overlap >= ONE_VALUE_OVERLAP : overlap >= ONE_WORD_OVERLAP;
}

function squeeze(text: string): string {
  return text.replaceAll(/\s+/gu, ' ').trim();
}

/** `other` where each has figures, code or addresses that the other has not; `unsure` where only one has. */
function compareFacts(a: string, b: string): 'same' | 'other' | 'unsure' {
  const [inA, inB] = [new Set(a.match(FACTS)), new Set(b.match(FACTS))];
  const missing = (some: ReadonlySet<string>, others: ReadonlySet<string>) =>
    [...some].filter((fact) => !others.has(fact)).length;
  const [onlyA, onlyB] = [missing(inA, inB), missing(inB, inA)];
  if (onlyA === 0 && onlyB === 0) return 'same';
  return onlyA > 0 && onlyB > 0 ? 'other' : 'unsure';
}

function countOf(text: string): number {
  return text.match(NEGATION)?.length ?? 0;
}

/** The sentences that only one has beside those that only the other has, in their order; else the texts as a whole. */
function editsOf(a: string, b: string): readonly Both[] {
  const [first, second] = [a.split(SENTENCE_END), b.split(SENTENCE_END)];
  const [inFirst, inSecond] = [new Set(first), new Set(second)];
  const [x, y] = [first.filter((one) => !inSecond.has(one)), second.filter((one) => !inFirst.has(one))];
  if (x.length !== y.length || x.length > MOST_EDITED) return [[a, b]];
  return x.map((one, i) => [one, y[i] as string]);
}

/** True where a word of the question stands in one of the answers alone: then they speak of two things. */
function areOfOtherThings(question: string, a: string, b: string): boolean {
  const [x, y] = [new Set(wordsOf(a)), new Set(wordsOf(b))];
  return wordsOf(question).some((word) => word.length >= MIN_TOPIC_CHARS && x.has(word) !== y.has(word));
}

/** True where each word that one answer comes back to stands in the other one as well: what it is about. */
function hasTopicsOf(text: string, other: string): boolean {
  const words = new Set(wordsOf(other));
  const seen = new Set<string>();
  return wordsOf(text).every((word) => {
    const isTopic = word.length >= MIN_TOPIC_CHARS && seen.has(word);
    seen.add(word);
    return !isTopic || words.has(word);
  });
}

/** Words that both have, of those that the longer one has: 0 to 1, repeated ones counted. */
function overlapOf(a: string, b: string): number {
  const [first, second] = [wordsOf(a), wordsOf(b)];
  return sharedOf(first, second) / Math.max(first.length, second.length, 1);
}

/** The beginnings of words of content that both have, of those that the shorter one has: 0 to 1. */
function contentOverlapOf(a: string, b: string): number {
  const [first, second] = [stemsOf(a), stemsOf(b)];
  return sharedOf(first, second) / Math.max(Math.min(first.length, second.length), 1);
}

function sharedOf(first: readonly string[], second: readonly string[]): number {
  const left = new Map<string, number>();
  for (const word of first) left.set(word, (left.get(word) ?? 0) + 1);
  let shared = 0;
  for (const word of second) {
    const count = left.get(word) ?? 0;
    if (count === 0) continue;
    left.set(word, count - 1);
    shared += 1;
  }
  return shared;
}

function wordsOf(text: string): readonly string[] {
  return text.toLowerCase().match(WORD) ?? [];
}

/** Longer words are mostly words of content; their beginnings are the same in most of their forms. */
const CONTENT_LETTERS = 4;
const STEM_LETTERS = 5;

function stemsOf(text: string): string[] {
  return wordsOf(text).flatMap((word) =>
    word.length >= CONTENT_LETTERS || /\d/u.test(word) ? [word.slice(0, STEM_LETTERS)] : [],
  );
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number);
  return sum;
}
