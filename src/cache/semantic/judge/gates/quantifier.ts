import type { Analysis } from '../analysis.ts';
import { type Gate, versus } from './gate.ts';

const CLASSES: ReadonlyMap<string, string> = new Map([
  ...of('all', 'all every each everything entire whole everyone everybody throughout'),
  ...of('both', 'both'),
  ...of('few', 'few'),
  ...of('only', 'only solely'),
  ...of('at_least', 'at_least'),
  ...of('at_most', 'at_most'),
  ...of('more_than', 'more_than'),
  ...of('less_than', 'less_than'),
  ...of('always', 'always'),
  ...of('sometimes', 'sometimes'),
  ...of('often', 'often usually'),
  ...of('rarely', 'rarely seldom'),
  ...of('too', 'too'),
  ...of('more', 'more'),
  ...of('less', 'less fewer'),
  ...of('else', 'else'),
]);

/** How many, and how often, must be the same. */
export const quantifierGate: Gate = ({ a, b }) => {
  const [x, y] = [classesOf(a), classesOf(b)];
  return x.join(' ') === y.join(' ') ? null : versus(x, y);
};

function classesOf({ functions, asksForAll }: Analysis): string[] {
  const classes = new Set<string>();
  for (const word of functions.keys()) {
    if (word === 'all' && asksForAll) continue;
    const name = CLASSES.get(word);
    if (name !== undefined) classes.add(name);
  }
  return [...classes].sort();
}

function of(name: string, words: string): [string, string][] {
  return words.split(' ').map((word) => [word, name]);
}
