import type { Analysis, Word } from '../analysis.ts';
import { type Gate, versus } from './gate.ts';

/** "cheap", "cheaper" and "cheapest" ask for different answers. */
export const comparisonGate: Gate = ({ a, b, alignment }) => {
  for (const { a: i, b: j } of alignment.matches) {
    const [x, y] = [a.words[i], b.words[j]];
    if (x === undefined || y === undefined || x.degree === y.degree || becomes(a, b, [x, y])) continue;
    return versus([x.degree ?? '', x.text], [y.degree ?? '', y.text]);
  }
  if ([a, b].some(asksForEase) && ![a, b].every(isOfEase)) return versus(ease(a), ease(b));
  const [x, y] = [a, b].map(({ functions }) => functions.get('than') ?? 0);
  return x === y ? null : versus(x === 0 ? [] : ['than'], y === 0 ? [] : ['than']);
};

/** "the easiest way to do it", "how can I do it easily". */
function isOfEase(text: Analysis): boolean {
  return text.functions.has('easily') || asksForEase(text);
}

function asksForEase({ moods }: Analysis): boolean {
  return moods.has('frame:easily');
}

const ease = (text: Analysis) => (isOfEase(text) ? ['easily'] : []);

const BECOMING = ['become', 'get', 'make', 'be'];

/** "how do I become stronger", "how do I become strong": a way there, and nothing that is compared. */
function becomes(a: Analysis, b: Analysis, [x, y]: readonly [Word, Word]): boolean {
  if ([x, y].some(({ degree }) => degree !== null && degree !== 'er')) return false;
  return [a, b].every(
    ({ frames, heads, functions }) =>
      !functions.has('than') &&
      frames.every(({ type }) => type === 'how') &&
      heads.some(({ text }) => BECOMING.includes(text)),
  );
}
