import { type Gate, versus } from './gate.ts';

/** "cheap", "cheaper" and "cheapest" ask for different answers. */
export const comparisonGate: Gate = ({ a, b, alignment }) => {
  for (const { a: i, b: j } of alignment.matches) {
    const [x, y] = [a.words[i], b.words[j]];
    if (x === undefined || y === undefined || x.degree === y.degree) continue;
    return versus([x.degree ?? '', x.text], [y.degree ?? '', y.text]);
  }
  const [x, y] = [a, b].map(({ functions }) => functions.get('than') ?? 0);
  return x === y ? null : versus(x === 0 ? [] : ['than'], y === 0 ? [] : ['than']);
};
