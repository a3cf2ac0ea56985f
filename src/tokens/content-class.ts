import type { ContentClass } from '../contract/index.ts';

const SAMPLE_CHARS = 256;
/** Shares of characters above which a sample belongs to a class. */
const CJK_SHARE = 0.25;
const JSON_SHARE = 0.09;
const CODE_SHARE = 0.06;
const MIXED_SHARE = 0.04;
/** Share of a request that one class must have, or the request is mixed. */
const DOMINANT_SHARE = 0.7;

const JSON_SIGNS = '"{}[]:,';
const CODE_SIGNS = '{}()[];=<>_/\\|&*#$@';

/** Counts of both kinds of signs are added up in one number: JSON's in the low bits, code's above. */
const CODE_UNIT = 1 << 12;

function signTable(): Uint16Array {
  const table = new Uint16Array(128);
  for (const sign of JSON_SIGNS) table[sign.charCodeAt(0)] = 1;
  for (const sign of CODE_SIGNS) {
    const code = sign.charCodeAt(0);
    table[code] = (table[code] as number) + CODE_UNIT;
  }
  return table;
}

/** Returns a function that tells the kind of a text from samples of its start and its middle. */
export function createClassifier(): (text: string) => ContentClass {
  const signs = signTable();

  return (text) => {
    const first = Math.min(text.length, SAMPLE_CHARS);
    const middle = Math.max(first, text.length >> 1);
    const size = first + Math.min(text.length - middle, SAMPLE_CHARS);
    let found = 0;
    let cjk = 0;
    for (let i = 0; i < size; i++) {
      const code = text.charCodeAt(i < first ? i : middle + i - first);
      if (code < 128) found += signs[code] as number;
      // Surrogates are emoji more often than rare ideographs.
      else if (code >= 0x2e80 && (code < 0xd800 || code >= 0xf900)) cjk++;
    }
    const code = (found / CODE_UNIT) | 0;
    if (cjk > size * CJK_SHARE) return 'cjk';
    if (found % CODE_UNIT > size * JSON_SHARE && /^\s*[[{]/.test(text)) return 'json';
    if (code > size * CODE_SHARE) return 'code';
    return code > size * MIXED_SHARE ? 'mixed' : 'prose';
  };
}

/** The class that most of a request belongs to, by tokens per class; `mixed` when none dominates. */
export function dominantClass(tokens: Readonly<Record<ContentClass, number>>): ContentClass {
  const { prose, code, json, cjk, mixed } = tokens;
  const needed = (prose + code + json + cjk + mixed) * DOMINANT_SHARE;
  if (prose >= needed) return 'prose';
  if (code >= needed) return 'code';
  if (json >= needed) return 'json';
  return cjk >= needed ? 'cjk' : 'mixed';
}
