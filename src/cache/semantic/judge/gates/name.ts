import { type Gate, loneWords } from './gate.ts';

/** What looks like a name must stand in both texts. */
export const nameGate: Gate = (pair) => loneWords(pair, ({ kind, isName }) => kind === 'content' && isName);
