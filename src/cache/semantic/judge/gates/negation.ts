import type { Analysis } from '../analysis.ts';
import { areOpposites } from '../relations.ts';
import { type Gate, type Pair, versus } from './gate.ts';

const PREFIX = /^(?:un|in|im|ir|il|dis|non-?)/;

/** Both texts must deny the same, as often. */
export const negationGate: Gate = (pair) => {
  const { a, b, alignment } = pair;
  if (a.negations.length !== b.negations.length) return versus(texts(a), texts(b));
  const left = b.negations.map(({ target }) => target);
  for (const { target, text } of a.negations) {
    const mate = target === -1 ? -1 : (alignment.mateOfA[target] ?? -1);
    const at = left.indexOf(mate);
    if (at === -1 || (target !== -1 && mate === -1))
      return versus([text, a.words[target]?.text ?? ''], texts(b));
    left.splice(at, 1);
  }
  return prefixed(pair);
};

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
