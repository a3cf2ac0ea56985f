import type { Analysis } from '../analysis.ts';
import { lemmaOf } from '../lemma.ts';

const SYMMETRIC = new Set(
  [
    'differ',
    'difference',
    'distinction',
    'distinguish',
    'compare',
    'comparison',
    'similarity',
    'relationship',
    'relation',
    'distance',
  ].map(lemmaOf),
);

const DIFFERENT = lemmaOf('different');

/** True for what is said of two things alike: "the difference between". */
export function hasSymmetry({ words, functions }: Analysis): boolean {
  if (functions.has('vs') || functions.has('versus') || words.some(({ key }) => SYMMETRIC.has(key)))
    return true;
  // "how different are A and B"; not "different trains from A to B".
  return !functions.has('to') && words.some(({ key }) => key === DIFFERENT);
}
