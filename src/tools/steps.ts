import { isStopWord, wordsOf } from './words.ts';

/** Steps that are looked for on their own; further ones are read as part of the whole alone. */
const MOST_STEPS = 12;
/** Words with a meaning that a piece needs to be a step. */
const LEAST_WORDS = 2;
const SENTENCE = /(?<=[.!?;]["'”’)]*)\s+|(?<=[。！？；])|\n+|(?:^|\s)(?:\d{1,2}[.)]|[-*•])\s+/u;
const JOINT =
  /,?\s+(?:and\s+)?(?:then|also|finally|afterwards|after\s+that)\s+|,\s+(?:and|but|as\s+well\s+as)\s+|\s+as\s+well\s+as\s+/iu;

/** The steps of a request: its sentences, the items of its lists, and what "and then" joins; one for a simple request. */
export function splitSteps(text: string): string[] {
  const steps: string[] = [];
  for (const sentence of text.split(SENTENCE)) {
    const pieces = sentence.split(JOINT).filter(saysSomething);
    for (const piece of pieces.length > 1 ? pieces : [sentence]) {
      const step = piece.trim();
      if (!saysSomething(step) || steps.includes(step)) continue;
      steps.push(step);
      if (steps.length === MOST_STEPS) return steps;
    }
  }
  return steps.length > 0 ? steps : [text.trim()].filter((step) => step !== '');
}

function saysSomething(piece: string): boolean {
  let count = 0;
  for (const word of wordsOf(piece)) {
    if (!isStopWord(word) && !LINKS.has(word)) count += 1;
    if (count === LEAST_WORDS) return true;
  }
  return false;
}

/** Words that lead from one step to the next and say nothing of either. */
const LINKS = new Set(
  'additionally furthermore moreover lastly finally first second third next then after afterwards also once done thanks thank hello hi ok okay'.split(
    ' ',
  ),
);
