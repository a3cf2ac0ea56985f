import { isStopWord, wordsOf } from './words.ts';

/** Steps that are looked for on their own; more are joined with their neighbours. */
const MOST_STEPS = 12;
/** Words with a meaning that a piece needs to be a step. */
const LEAST_WORDS = 2;
const SENTENCE =
  /(?<=[.!?;]["'”’)]{0,3})\s+(?:[-*•] )?|(?<=[。！？；])|\n+ ?(?:[-*•] )?|(?:^|(?<=[.!?:;,])\s)[-*]\s+|(?:^|\s)•\s+/u;
const SPACES = /[^\S\n]+/gu;
const NUMBER = /(?:^|\s)(\d{1,2})[.)]\s+/gu;
const JOINT =
  /,?\s+(?:and\s+)?(?:then|also|finally|afterwards|after\s+that)\s+|,\s+(?:and|but|as\s+well\s+as)\s+|\s+as\s+well\s+as\s+/iu;

/** The steps of a request: its sentences, the items of its lists, and what "and then" joins; one for a simple request. */
export function splitSteps(text: string): string[] {
  const steps = new Set<string>();
  // Runs of spaces would be read once from each of them.
  for (const item of splitItems(text.replace(SPACES, ' '))) {
    for (const sentence of item.split(SENTENCE)) {
      const pieces = sentence.split(JOINT).filter(saysSomething);
      for (const piece of pieces.length > 1 ? pieces : [sentence]) {
        const step = piece.trim();
        if (saysSomething(step)) steps.add(step);
      }
    }
  }
  if (steps.size > 0) return join([...steps]);
  return [text.trim()].filter((step) => step !== '');
}

/** The text cut at the numbers of its lists, which count from 1; other numbers belong to what is said. */
function splitItems(text: string): string[] {
  const items: string[] = [];
  let from = 0;
  let next = 1;
  for (const match of text.matchAll(NUMBER)) {
    const number = Number(match[1]);
    if (number !== next && number !== 1) continue;
    items.push(text.slice(from, match.index));
    from = match.index + match[0].length;
    next = number + 1;
  }
  items.push(text.slice(from));
  return items;
}

/** At most so many steps, neighbours joined so that all are of about one length: what comes last is asked for, too. */
function join(steps: readonly string[]): string[] {
  if (steps.length <= MOST_STEPS) return [...steps];
  const joined: string[] = [];
  let left = steps.reduce((sum, step) => sum + step.length, 0);
  let current = '';
  for (const step of steps) {
    const most = (left + current.length) / (MOST_STEPS - joined.length);
    if (current !== '' && joined.length < MOST_STEPS - 1 && current.length + step.length / 2 > most) {
      joined.push(current);
      current = '';
    }
    current = current === '' ? step : `${current} ${step}`;
    left -= step.length;
  }
  return [...joined, current];
}

function saysSomething(piece: string): boolean {
  let count = 0;
  for (const word of wordsOf(piece)) {
    if (!isStopWord(word) && !LINKS.has(word) && !NUMERAL.test(word)) count += 1;
    if (count === LEAST_WORDS) return true;
  }
  return false;
}

/** Numbers are values, not what is asked for. */
const NUMERAL = /^\d+$/;

/** Words that lead from one step to the next and say nothing of either. */
const LINKS = new Set(
  'additionally furthermore moreover lastly finally first second third next then after afterwards also once done thanks thank hello hi ok okay'.split(
    ' ',
  ),
);
