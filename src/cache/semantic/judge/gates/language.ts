import { type Gate, versus } from './gate.ts';

/** Rules know English alone: other texts pass only when they are the same, which is seen before. */
export const languageGate: Gate = ({ a, b }) =>
  a.language === 'en' && b.language === 'en' ? null : versus([a.language], [b.language]);
