import type { Analysis, Negation } from '../analysis.ts';
import { areOpposites } from '../relations.ts';
import { type Gate, type Pair, versus } from './gate.ts';

const INNER = ['that', 'who', 'which', 'and', 'or', 'but', 'whom', 'whose'];
const PREFIX = /^(?:un|in|im|ir|il|dis|non-?)/;

/** Both texts must deny the same, as often. */
export const negationGate: Gate = (pair) => {
  const { a, b } = pair;
  if (a.negations.length !== b.negations.length) return versus(texts(a), texts(b));
  const left = [...b.negations];
  for (const negation of a.negations) {
    const at = left.findIndex((other) => denySame(pair, negation, other));
    if (at === -1) return versus(texts(a), texts(b));
    left.splice(at, 1);
  }
  return prefixed(pair);
};

function denySame({ a, b, alignment }: Pair, x: Negation, y: Negation): boolean {
  const mate = x.target === -1 ? -1 : (alignment.mateOfA[x.target] ?? -1);
  if (mate === y.target && (x.target === -1 || mate !== -1)) return true;
  // "why doesn't it print", "why does it not print"; a clause inside may have its own verb.
  return x.deniesAll && y.deniesAll && !hasInnerClause(a) && !hasInnerClause(b);
}

function hasInnerClause({ functions, words }: Analysis): boolean {
  return INNER.some((word) => functions.has(word)) || words.some(({ clause }) => clause !== null);
}

function texts({ negations, words }: Analysis): string[] {
  return negations.map(({ text, target }) => [text, words[target]?.text ?? ''].join(' ').trim());
}

/** "happy" and "unhappy". */
function prefixed({ alignment: { onlyA, onlyB } }: Pair): string | null {
  for (const x of onlyA)
    for (const y of onlyB) {
      if (!PREFIX.test(x.text) && !PREFIX.test(y.text)) continue;
      if ((x.text.endsWith(y.text) || y.text.endsWith(x.text)) && areOpposites(x, y))
        return versus([x.text], [y.text]);
    }
  return null;
}
