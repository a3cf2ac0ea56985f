import { type Gate, loneWords } from './gate.ts';

/** Days, months, times and years must stand in both texts. */
export const dateGate: Gate = (pair) =>
  loneWords(
    pair,
    ({ kind, key }) => kind === 'date' || (kind === 'number' && /^(?:1[5-9]|20)\d\d$/.test(key)),
  );
