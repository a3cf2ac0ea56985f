import type { Analysis } from '../analysis.ts';
import { type Gate, versus } from './gate.ts';

/** Questions whose "you" is the one who is asked. */
const PERSONAL = new Set(['what', 'who', 'yesno']);
const mayDo = ({ moods }: Analysis) => moods.has('frame:can') || moods.has('can');
const FIRST = ['i', 'me', 'my', 'mine', 'myself', 'we', 'us', 'our', 'ours', 'ourselves'];
const SECOND = ['you', 'your', 'yours', 'yourself', 'yourselves', 'u', 'ur'];
const THIRDS = [
  ['he', 'him', 'his', 'himself'],
  ['she', 'her', 'hers', 'herself'],
];

const REFLEXIVES = [
  'myself',
  'yourself',
  'himself',
  'herself',
  'themselves',
  'itself',
  'oneself',
  'ourselves',
  'yourselves',
];

/** Who speaks, who is spoken to, and who is spoken of. */
export const personsGate: Gate = ({ a, b }) => {
  const [x, y] = [personsOf(a), personsOf(b)];
  const [self, other] = [a, b].map(({ functions }) => REFLEXIVES.some((word) => functions.has(word)));
  if (self !== other) return versus([x.text], [y.text]);
  for (const [k, third] of THIRDS.entries()) {
    const other = THIRDS[1 - k] as string[];
    if (third.some((word) => a.functions.has(word)) !== third.some((word) => b.functions.has(word))) {
      if (other.some((word) => a.functions.has(word) || b.functions.has(word)) || x.third !== y.third)
        return versus([x.text], [y.text]);
    }
  }
  if (x.first && x.second && y.first && y.second)
    return x.order === y.order ? null : versus([x.text], [y.text]);
  if (x.first === y.first && x.second === y.second) return null;
  // One general person for another: "how do I", "how do you".
  if (isGeneral(a) && isGeneral(b)) return null;
  if (x.first !== y.first && x.second !== y.second) return versus([x.text], [y.text]);
  if (mayDo(a) && mayDo(b)) return null;
  // "What does it mean", "What does it mean to you".
  if (x.second !== y.second && !isGeneral(a) && !isGeneral(b)) return versus([x.text], [y.text]);
  return a.frames.every(({ type }) => PERSONAL.has(type)) && x.second !== y.second
    ? versus([x.text], [y.text])
    : null;
};

interface Persons {
  readonly first: boolean;
  readonly second: boolean;
  readonly third: boolean;
  readonly order: string;
  readonly text: string;
}

function personsOf({ functions }: Analysis): Persons {
  const said = [...functions.keys()].filter(
    (word) => FIRST.includes(word) || SECOND.includes(word) || THIRDS.flat().includes(word),
  );
  return {
    first: said.some((word) => FIRST.includes(word)),
    second: said.some((word) => SECOND.includes(word)),
    third: said.some((word) => THIRDS.flat().includes(word)),
    order: said.map((word) => (FIRST.includes(word) ? '1' : SECOND.includes(word) ? '2' : '3')).join(''),
    text: said.join(' '),
  };
}

/** A question for a way, a place or a reason, whose "I" or "you" is anyone. */
function isGeneral({ frames, functions }: Analysis): boolean {
  const subjects = (functions.get('i') ?? 0) + (functions.get('you') ?? 0) + (functions.get('we') ?? 0);
  return (
    frames.every(({ type }) =>
      ['how', 'where', 'what', 'when', 'why', 'topic', 'how_long', 'how_much'].includes(type),
    ) &&
    (subjects > 0 || !['my', 'your', 'me', 'us', 'our'].some((word) => functions.has(word)))
  );
}
