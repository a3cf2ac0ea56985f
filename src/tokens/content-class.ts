import type { ContentClass } from '../contract/index.ts';

const SAMPLE_CHARS = 512;
/** Shares of characters above which a sample belongs to a class. */
const CJK_SHARE = 0.25;
const JSON_SHARE = 0.09;
const CODE_SHARE = 0.06;
const MIXED_SHARE = 0.04;
/** Share of a request that one class must have, or the request is mixed. */
const DOMINANT_SHARE = 0.7;

const JSON_SIGNS = '"{}[]:,';
const CODE_SIGNS = '{}()[];=<>_/\\|&*#$@';

function signTable(signs: string): Uint8Array {
  const table = new Uint8Array(128);
  for (const sign of signs) table[sign.charCodeAt(0)] = 1;
  return table;
}

/** Returns a function that tells the kind of a text from samples of its start and its middle. */
export function createClassifier(): (text: string) => ContentClass {
  const jsonSigns = signTable(JSON_SIGNS);
  const codeSigns = signTable(CODE_SIGNS);
  const counts = { cjk: 0, json: 0, code: 0 };

  const sample = (text: string, from: number, to: number): void => {
    for (let i = from; i < to; i++) {
      const code = text.charCodeAt(i);
      if (code >= 0x2e80) {
        // Surrogates are emoji more often than rare ideographs.
        if (code < 0xd800 || code >= 0xf900) counts.cjk++;
      } else if (code < 128) {
        counts.json += jsonSigns[code] as number;
        counts.code += codeSigns[code] as number;
      }
    }
  };

  return (text) => {
    counts.cjk = 0;
    counts.json = 0;
    counts.code = 0;
    const first = Math.min(text.length, SAMPLE_CHARS);
    sample(text, 0, first);
    const middle = Math.max(first, text.length >> 1);
    const last = Math.min(text.length, middle + SAMPLE_CHARS);
    sample(text, middle, last);
    const size = Math.max(1, first + Math.max(0, last - middle));
    if (counts.cjk >= size * CJK_SHARE) return 'cjk';
    if (counts.json >= size * JSON_SHARE && /^\s*[[{]/.test(text)) return 'json';
    if (counts.code >= size * CODE_SHARE) return 'code';
    return counts.code >= size * MIXED_SHARE ? 'mixed' : 'prose';
  };
}

/** The class that most of a request belongs to, by tokens per class; `mixed` when none dominates. */
export function dominantClass(tokens: Readonly<Record<ContentClass, number>>): ContentClass {
  let total = 0;
  let best: ContentClass = 'mixed';
  for (const [name, count] of Object.entries(tokens) as [ContentClass, number][]) {
    total += count;
    if (count > tokens[best]) best = name;
  }
  return tokens[best] >= total * DOMINANT_SHARE ? best : 'mixed';
}
