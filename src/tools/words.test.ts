import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { spaceWords, wordsOf } from './words.ts';

describe('wordsOf', () => {
  it('splits at case, signs and digits', () => {
    expect(wordsOf('getUserByID2_fromURLs')).toEqual(['get', 'user', 'by', 'id', '2', 'from', 'ur', 'ls']);
    expect(wordsOf('parse HTTPServer logs, v10.2')).toEqual([
      'parse',
      'http',
      'server',
      'logs',
      'v',
      '10',
      '2',
    ]);
  });

  it('finds the words that spaces would part', () => {
    const text = fc.string({ unit: fc.constantFrom(...Array.from('aBcDéZ09_-./: ,(')) });
    fc.assert(
      fc.property(text, (written) => {
        expect(wordsOf(written)).toEqual(wordsOf(spaceWords(written)));
      }),
      { numRuns: 2000 },
    );
  });
});
