import type { MaybePromise, PairJudge } from '../../contract/index.ts';

/** Two answers to compare. */
export interface AnswerPair {
  /** What the fresh answer was asked. */
  readonly question: string;
  readonly stored: string;
  readonly fresh: string;
}

/** Says whether a stored answer would have served as well as the fresh one. Unsure means no. */
export type CompareAnswers = (pair: AnswerPair) => MaybePromise<boolean>;

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
/** Share of the words of the shorter answer that the other one has, too. */
const MIN_OVERLAP = 0.6;
/** Without gates, a share that only small edits leave. */
const MIN_EDIT_OVERLAP = 0.9;
/** Sentences of a long answer that may be worded otherwise. */
const MOST_EDITED = 8;
/** A word this long says what an answer is about where the question has it, or where it stands twice. */
const MIN_TOPIC_CHARS = 5;
/** Figures, versions, paths, addresses, code: what makes two answers different though they sound alike. */
const FACTS = /`[^`\n]{1,200}`|https?:\/\/[^\s)>\]]+|\d+(?:[.,:/-]\d+)*|\b[\w.]+_[\w.]+\b/gu;
const NEGATION =
  /\b(?:not|no|never|cannot|can't|won't|don't|doesn't|isn't|aren't|didn't|unable|without|impossible)\b/giu;
const WORD = /[\p{L}\p{N}]+/gu;

/**
 * Returns the comparison that is built in: equal texts, small edits that no gate stops, or texts near in meaning that
 * speak of the same and whose figures, code, addresses and negations agree. It errs to "no", which costs hits and never truth.
 */
export function createAnswerComparison({ judge, embed }: AnswerComparisonOptions): CompareAnswers {
  return ({ question, stored, fresh }) => {
    const [a, b] = [squeeze(stored), squeeze(fresh)];
    if (a === b) return true;
    if (a === '' || b === '' || a.length > MAX_CHARS || b.length > MAX_CHARS) return false;
    if (!hasSameFacts(a, b)) return false;
    const overlap = overlapOf(a, b);
    if (overlap >= MIN_EDIT_OVERLAP)
      return !areOfOtherThings(question, a, b) && areSameStatements(judge, a, b);
    const similarity = dot(embed(a), embed(b));
    if (a.length <= SHORT_CHARS && b.length <= SHORT_CHARS) {
      const { gate, confidence } = judge.judge(a, b, similarity);
      return gate === null && confidence >= MIN_CONFIDENCE;
    }
    return similarity >= MIN_SIMILARITY && overlap >= MIN_OVERLAP && hasTopicsOf(a, b) && hasTopicsOf(b, a);
  };
}

function squeeze(text: string): string {
  return text.replaceAll(/\s+/gu, ' ').trim();
}

function hasSameFacts(a: string, b: string): boolean {
  return factsOf(a, FACTS) === factsOf(b, FACTS) && countOf(a) === countOf(b);
}

function factsOf(text: string, pattern: RegExp): string {
  return [...new Set(text.match(pattern))].sort().join('\n');
}

function countOf(text: string): number {
  return text.match(NEGATION)?.length ?? 0;
}

/**
 * True where the sentences that only one has stand, in their order, for those that only the other has. Other words may
 * stand in them, as long as no gate but that for words sees anything: a word in a long answer may be the one that matters.
 */
function areSameStatements(judge: PairJudge, a: string, b: string): boolean {
  const passes = (x: string, y: string) => {
    const { gate } = judge.judge(x, y, 1);
    return gate === null || (gate === 'unmatched_words' && a.length > SHORT_CHARS);
  };
  const [first, second] = [sentencesOf(a), sentencesOf(b)];
  const [inFirst, inSecond] = [new Set(first), new Set(second)];
  const [x, y] = [first.filter((one) => !inSecond.has(one)), second.filter((one) => !inFirst.has(one))];
  if (x.length !== y.length || x.length > MOST_EDITED) return passes(a, b);
  return x.every((one, i) => passes(one, y[i] as string));
}

/** True where a word of the question stands in one of the answers alone: then they speak of two things. */
function areOfOtherThings(question: string, a: string, b: string): boolean {
  const [x, y] = [new Set(wordsOf(a)), new Set(wordsOf(b))];
  return wordsOf(question).some((word) => word.length >= MIN_TOPIC_CHARS && x.has(word) !== y.has(word));
}

function sentencesOf(text: string): readonly string[] {
  return text.split(/(?<=[.!?:;])\s+/u);
}

/** True where each word that one answer comes back to stands in the other one as well: what it is about. */
function hasTopicsOf(text: string, other: string): boolean {
  const words = new Set(wordsOf(other));
  const seen = new Set<string>();
  return wordsOf(text).every((word) => {
    if (word.length < MIN_TOPIC_CHARS || words.has(word) || !seen.has(word)) {
      seen.add(word);
      return true;
    }
    return false;
  });
}

/** Words that both have, of those that the longer one has: 0 to 1, repeated ones counted. */
function overlapOf(a: string, b: string): number {
  const words = new Map<string, number>();
  const [first, second] = [wordsOf(a), wordsOf(b)];
  for (const word of first) words.set(word, (words.get(word) ?? 0) + 1);
  let shared = 0;
  for (const word of second) {
    const left = words.get(word) ?? 0;
    if (left === 0) continue;
    words.set(word, left - 1);
    shared++;
  }
  return shared / Math.max(first.length, second.length, 1);
}

function wordsOf(text: string): readonly string[] {
  return text.toLowerCase().match(WORD) ?? [];
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number);
  return sum;
}
