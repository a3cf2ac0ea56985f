import { type Gate, loneWords } from './gate.ts';

/** Numbers must stand in both texts, with their units; their order is for the gate of directions. */
export const numberGate: Gate = (pair) =>
  loneWords(pair, ({ kind, literal }) => kind === 'number' || literal === 'symbol');
