import type { Analysis } from '../analysis.ts';
import { type Gate, versus } from './gate.ts';

/** Questions whose "you" is the one who is asked. */
const PERSONAL = new Set(['what', 'who', 'yesno']);
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
  const detail = versus([x.text], [y.text]);
  const isGeneral = [a, b].every(({ frames }) => frames.every((frame) => frame.isGeneral));
  if (x.first === y.first && x.second === y.second) {
    return (x.order !== y.order && x.order !== '' && y.order !== '') ||
      (x.own !== y.own && x.own !== '' && y.own !== '')
      ? detail
      : null;
  }
  // One general person for another: "how do I", "how do you".
  if (isGeneral && !(x.first && x.second) && !(y.first && y.second)) return null;
  // "my card", "the card"; but not "what does it mean", "what does it mean to you".
  if (x.second === y.second && x.order.replaceAll('1', '') === y.order.replaceAll('1', '')) {
    return x.order === y.order || isGeneral || x.order === '' || y.order === '' ? null : detail;
  }
  const isPersonal = a.frames.some(({ type }) => PERSONAL.has(type));
  return isPersonal || x.first || y.first ? detail : null;
};

interface Persons {
  readonly first: boolean;
  readonly second: boolean;
  readonly third: boolean;
  /** Who acts and who is acted on, in order: `12` for "I ... you". */
  readonly order: string;
  /** Whose something is. */
  readonly own: string;
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
    order: said
      .map((word) => (/^(?:i|me|we|us)$/.test(word) ? '1' : /^(?:you|u)$/.test(word) ? '2' : ''))
      .join('')
      .replace(/(.)\1+/g, '$1'),
    own: said
      .map((word) => (/^(?:my|our|mine)$/.test(word) ? '1' : /^(?:your|yours|ur)$/.test(word) ? '2' : ''))
      .join(''),
    text: said.join(' '),
  };
}
