import { type Gate, loneWords } from './gate.ts';

/** An emoji more says little; another one may say the opposite. */
export const emojiGate: Gate = (pair) => {
  const { onlyA, onlyB } = pair.alignment;
  const isEmoji = ({ literal }: { readonly literal: string | null }) => literal === 'emoji';
  return onlyA.some(isEmoji) && onlyB.some(isEmoji) ? loneWords(pair, isEmoji) : null;
};
