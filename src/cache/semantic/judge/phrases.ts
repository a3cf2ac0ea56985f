import { PHRASES_BY_FIRST, type Phrase } from './data/phrases.data.ts';
import type { RawToken } from './tokens.ts';

/** The tokens with known runs of words read as what they stand for: "get rid of" as "remove". */
export function readPhrases(tokens: readonly RawToken[]): readonly RawToken[] {
  const read: RawToken[] = [];
  for (let i = 0; i < tokens.length; ) {
    const token = tokens[i] as RawToken;
    const phrase = PHRASES_BY_FIRST.get(token.text)?.find((phrase) => stands(phrase, tokens, i));
    if (phrase === undefined) {
      read.push(token);
      i += 1;
      continue;
    }
    for (const [k, text] of phrase.reading.entries()) {
      read.push({
        ...token,
        kind: 'word',
        raw: k === 0 && phrase.reading.length === 1 ? token.raw : text,
        text,
      });
    }
    i += phrase.words.length;
  }
  return read;
}

function stands({ words }: Phrase, tokens: readonly RawToken[], at: number): boolean {
  return words.every((word, k) => {
    const token = tokens[at + k];
    return (
      token?.text === word &&
      token.kind !== 'quotation' &&
      token.kind !== 'code' &&
      (k === 0 || !token.opensClause || words[0] === 'if')
    );
  });
}
