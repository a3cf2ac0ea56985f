import type { Head } from './analysis.ts';
import { type Frame, frameOf } from './frames.ts';
import { lemmaOf } from './lemma.ts';

/** A frame and where in its sentence it begins. */
export interface Opening extends Frame {
  readonly at: number;
}

/**
 * The frame of a sentence: at its beginning, or behind a comma ("in Python, how do I").
 *
 * @param texts the sentence's words in lower case
 * @param opensClause true for places behind a comma
 */
export function openingOf(texts: readonly string[], opensClause: (at: number) => boolean): Opening {
  const frame = frameOf(texts);
  if (frame.type !== 'topic') return { ...frame, at: 0 };
  for (let at = 1; at < texts.length; at += 1) {
    if (!opensClause(at) && !/^(?:when|then|so)$/.test(texts[at - 1] ?? '')) continue;
    const later = frameOf(texts.slice(at));
    if (later.type !== 'topic' && later.type !== 'request') return { ...later, at };
  }
  return { ...frame, at: 0 };
}

/** What ends an opening that a verb follows. */
const BEFORE_HEADS = /^(?:i|you|we|one|someone|somebody|anyone|people|person|to|of|howto)$/;

/** The word that an opening asks how to do ("how can I do", "the best way to do"), at its place in the sentence. */
export function headOf(opening: Opening, texts: readonly string[]): Head | null {
  const at = opening.at + opening.length;
  const text = texts[at];
  if (opening.type !== 'how' && opening.type !== 'request') return null;
  if (text === undefined || !BEFORE_HEADS.test(texts[at - 1] ?? '')) return null;
  return { text, key: lemmaOf(text), at, next: texts[at + 1] ?? '' };
}
