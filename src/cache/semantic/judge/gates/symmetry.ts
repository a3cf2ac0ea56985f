import type { Analysis } from '../analysis.ts';
import { lemmaOf } from '../lemma.ts';

const SYMMETRIC = new Set(
  [
    'differ',
    'difference',
    'different',
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

/** True for what is said of two things alike: "the difference between". */
export function hasSymmetry({ words, functions }: Analysis): boolean {
  return functions.has('vs') || functions.has('versus') || words.some(({ key }) => SYMMETRIC.has(key));
}
