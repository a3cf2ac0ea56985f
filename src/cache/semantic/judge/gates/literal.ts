import type { Literal } from '../analysis.ts';
import { type Gate, loneWords } from './gate.ts';

/** A gate for literals of some kinds: each must stand in both texts. */
export function literalGate(...kinds: readonly Literal[]): Gate {
  return (pair) => loneWords(pair, ({ literal }) => literal !== null && kinds.includes(literal));
}
