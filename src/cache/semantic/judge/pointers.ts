import type { RawToken } from './tokens.ts';

const POINTING = new Set(['this', 'these', 'those', 'that', 'following', 'above', 'below']);
/** What comes with a question rather than with the world. */
const ENCLOSED = new Set(
  (
    'sentence sentences text texts paragraph paragraphs passage essay email letter program code snippet script function query error ' +
    'circuit problem equation formula expression question questions image picture photo screenshot file document table list ' +
    'song article page website link sign signs message poem story diagram graph data json log word words phrase one ones'
  ).split(' '),
);
const VERBS =
  /^(?:is|are|was|were|does|do|did|mean|means|work|works|to|into|in|for|from|and|as|please|right)$/;

/**
 * The words by which a text points at something that stands outside it. A pointer behind another sentence may mean
 * what that one says, so only those of the first sentence count.
 */
export function pointersOf(tokens: readonly RawToken[]): readonly string[] {
  const end = tokens.findIndex(({ kind }) => kind === 'stop');
  const first = end === -1 ? tokens : tokens.slice(0, end);
  const found: string[] = [];
  for (const [i, { text, kind }] of first.entries()) {
    if (kind !== 'word' || !POINTING.has(text)) continue;
    const next = first[i + 1]?.text;
    const isOpen = text === 'this' || text === 'these' || text === 'those';
    const isAlone = isOpen && (next === undefined || VERBS.test(next)) && i > 0;
    const isEnclosed = (next !== undefined && ENCLOSED.has(next)) || ENCLOSED.has(first[i + 2]?.text ?? '');
    if (isAlone || ((isOpen || text === 'following') && isEnclosed)) found.push(text);
  }
  return found;
}
