import { areOpposites } from '../relations.ts';
import { type Gate, versus } from './gate.ts';

/** A word of one text alone and its opposite in the other alone; particles such as "on" and "off" count. */
export const antonymGate: Gate = ({ a, b, alignment }) => {
  const [functionsA, functionsB] = [lone(a.functions, b.functions), lone(b.functions, a.functions)];
  const onlyA = [...alignment.onlyA, ...functionsA.map(formOf)];
  const onlyB = [...alignment.onlyB, ...functionsB.map(formOf)];
  for (const x of onlyA) for (const y of onlyB) if (areOpposites(x, y)) return versus([x.text], [y.text]);
  // "sign up" and "sign in" are as different as opposites, and so are "climb" and "climb down".
  const [particleA, particleB] = [functionsA.find(isParticle), functionsB.find(isParticle)];
  if (particleA !== undefined || particleB !== undefined) {
    return versus(functionsA.filter(isParticleOrPlace), functionsB.filter(isParticleOrPlace));
  }
  return null;
};

const PARTICLES = new Set(['up', 'down', 'off', 'out', 'back', 'away', 'over']);
const PLACES = new Set(['in', 'on', 'into', 'through', 'along', 'around', ...PARTICLES]);

const isParticle = (word: string) => PARTICLES.has(word);
const isParticleOrPlace = (word: string) => PLACES.has(word);
const formOf = (text: string) => ({ text, key: text });

function lone(one: ReadonlyMap<string, number>, two: ReadonlyMap<string, number>): string[] {
  const words: string[] = [];
  for (const [word, count] of one) if (count > (two.get(word) ?? 0)) words.push(word);
  return words;
}
