import { isUtf8 } from 'node:buffer';
import type { Encoding } from '../contract/index.ts';
import { CodePoints } from './code-points.ts';
import { Merger } from './merger.ts';
import { PieceCache } from './piece-cache.ts';
import { createCl100kScanner, createO200kScanner, createP50kScanner, type PieceScanner } from './pieces.ts';
import { loadVocabulary, loadVocabularySync, type Vocabulary, type VocabularyName } from './vocabulary.ts';

/** Texts up to this long need no memory of their own; a character takes at most three bytes. */
const SCRATCH_CHARS = 16_384;

/** Counts tokens of one encoding exactly, without waiting. */
export interface EncodingCounter {
  readonly encoding: Encoding;
  /**
   * Tokens of the text. Names of special tokens in it are ordinary text, a lone surrogate counts as
   * U+FFFD, and a byte order mark counts like any character.
   */
  count(text: string): number;
  /** Tokens of UTF-8 bytes; bytes that are no UTF-8 count as U+FFFD. */
  countBytes(bytes: Uint8Array): number;
}

interface Rules {
  readonly vocabulary: VocabularyName;
  readonly scanner: (points: CodePoints) => PieceScanner;
}

/** The encodings that can be counted; harmony differs from o200k in its special tokens alone. */
const RULES: Readonly<Record<Encoding, Rules>> = {
  o200k_base: { vocabulary: 'o200k_base', scanner: createO200kScanner },
  o200k_harmony: { vocabulary: 'o200k_base', scanner: createO200kScanner },
  cl100k_base: { vocabulary: 'cl100k_base', scanner: createCl100kScanner },
  p50k_base: { vocabulary: 'p50k_base', scanner: createP50kScanner },
};

/** The names of the encodings that are counted exactly. */
export const ENCODINGS = Object.keys(RULES) as readonly Encoding[];

function createCounter(encoding: Encoding, vocabulary: Vocabulary): EncodingCounter {
  const scan = RULES[encoding].scanner(new CodePoints());
  const merger = new Merger(vocabulary);
  const pieces = new PieceCache();
  const encoder = new TextEncoder();
  const scratch = new Uint8Array(SCRATCH_CHARS * 3);

  const countPiece = (bytes: Uint8Array, start: number, end: number): number => {
    const known = pieces.get(bytes, start, end);
    if (known > 0) return known;
    const count = merger.count(bytes, start, end);
    pieces.set(bytes, { start, end }, count);
    return count;
  };

  const countRange = (bytes: Uint8Array, start: number, end: number): number => {
    let tokens = 0;
    for (let position = start; position < end; ) {
      const pieceEnd = scan(bytes, position, end);
      tokens += vocabulary.has(bytes, position, pieceEnd) ? 1 : countPiece(bytes, position, pieceEnd);
      position = pieceEnd;
    }
    return tokens;
  };

  return {
    encoding,
    count(text) {
      if (text.length <= SCRATCH_CHARS)
        return countRange(scratch, 0, encoder.encodeInto(text, scratch).written);
      const bytes = encoder.encode(text);
      return countRange(bytes, 0, bytes.length);
    },
    countBytes(bytes) {
      if (!isUtf8(bytes)) return this.count(new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes));
      return countRange(bytes, 0, bytes.length);
    },
  };
}

/**
 * Loads an encoding, which takes 40 to 70 ms and 10 MB; counting is then synchronous. Keep the
 * counter: nothing is shared between two of them.
 *
 * @throws StoreError `encoding_unreadable`
 */
export async function loadEncoding(encoding: Encoding): Promise<EncodingCounter> {
  return createCounter(encoding, await loadVocabulary(RULES[encoding].vocabulary));
}

/** `loadEncoding` at once: it stops the event loop for 40 to 70 ms. @throws StoreError `encoding_unreadable` */
export function loadEncodingSync(encoding: Encoding): EncodingCounter {
  return createCounter(encoding, loadVocabularySync(RULES[encoding].vocabulary));
}
