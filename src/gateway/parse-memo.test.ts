import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openaiChat } from '../wire/index.ts';
import { createParseMemo } from './parse-memo.ts';

function body(text: string): Buffer {
  return Buffer.from(JSON.stringify({ model: 'gpt-4o', messages: [{ role: 'user', content: text }] }));
}

describe('parse memo', () => {
  it('gives repeated bytes the same request from the third sight on', () => {
    const parse = createParseMemo(openaiChat);
    parse(body('a'));
    const second = parse(body('a'));
    expect(parse(body('a'))).toBe(second);
  });

  it('never gives one body the request of another', () => {
    const parse = createParseMemo(openaiChat);
    fc.assert(
      fc.property(fc.array(fc.string({ maxLength: 300 }), { maxLength: 30 }), fc.nat(3), (texts, extra) => {
        for (let round = 0; round <= extra; round++) {
          for (const text of texts)
            expect(parse(body(text)).messages).toEqual(openaiChat.parseRequest(body(text)).messages);
        }
      }),
      { numRuns: 100 },
    );
  });

  it('keeps nothing of a body that does not parse', () => {
    const parse = createParseMemo(openaiChat);
    for (let i = 0; i < 3; i++)
      expect(() => parse(Buffer.from('{"model":'))).toThrowError(
        expect.objectContaining({ code: 'invalid_json' }),
      );
  });
});
