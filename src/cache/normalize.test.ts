import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normalizeProse } from './normalize.ts';

const safe = (text: string) => normalizeProse(text, 'safe');
const loose = (text: string) => normalizeProse(text, 'loose');

describe('normalizeProse folds', () => {
  it.each([
    ['line ends', 'one\r\ntwo\rthree', 'one\ntwo\nthree'],
    ['trailing blanks', 'one  \ntwo ', 'one\ntwo'],
    ['trailing line ends', 'one\n\n', 'one'],
    ['repeated blanks', 'What is   the  capital of France?', 'What is the capital of France?'],
    ['blanks after sentences', 'One.  Two.\nThree.  Four.', 'One. Two.\nThree. Four.'],
    ['blank lines of blanks', 'one\n   \ntwo', 'one\n\ntwo'],
    ['Unicode to composed form', 'cafe\u0301', 'caf\u00e9'],
    ['around a quotation', 'Say  "a  b"  now ', 'Say "a  b" now'],
    ['around inline code', 'Run  `a  b`  now ', 'Run `a  b` now'],
    ['around JSON', 'Parse  {"a":  [1,  2]}  now ', 'Parse {"a":  [1,  2]} now'],
    ['around a fence', 'See  this:\n```\na  b  \n```\nand  that', 'See this:\n```\na  b  \n```\nand that'],
    ['beside an apostrophe', "Don't  stop the students'  songs", "Don't stop the students' songs"],
  ])('%s', (_, text, expected) => {
    expect(safe(text)).toBe(expected);
  });

  it('case only when loose, and never in code, quotations or JSON', () => {
    const text = 'Tell ME about "The WHO", `Foo` and {"A": 1} NOW';
    expect(safe(text)).toBe(text);
    expect(loose(text)).toBe('tell me about "The WHO", `Foo` and {"A": 1} now');
    expect(loose('What is the CAPITAL of France?')).toBe(loose('what is the capital of france?'));
  });
});

describe('normalizeProse leaves alone', () => {
  it.each([
    ['leading blanks', '  one'],
    ['indented code', 'Look:\n\n    a  = b  \n    c'],
    ['Python without a fence', 'def f(x):\n    return x  + 1'],
    ['a Makefile', 'all:  build\n\techo  done'],
    ['tab-separated values', 'a\tb\t'],
    ['a fence', '```py\na  b  \n\n\n```'],
    ['a fence of tildes that holds backticks', '~~~\n```\na  b\n~~~'],
    ['a fence that is never closed', '```\na  b  \n'],
    ['inline code', 'see `a  b`'],
    ['inline code of two backticks', 'see ``a  ` b``'],
    ['inline code that is never closed', 'see `a  b'],
    ['a quotation', 'say "a  b"'],
    ['a quotation over lines', 'say "a  b  \n c"'],
    ['a single quotation', "say 'a  b' now"],
    ['curly quotations', 'say “a  b” or „c  d“ or «e  f» or ‘g  h’ or 「i  j」'],
    ['a quotation with an escaped quote', String.raw`say "a \"  b  c"`],
    ['what follows an inch mark', 'a 5" pipe  and "a  b"'],
    ['a string literal with a prefix', "print f'a  b'"],
    ['JSON', '{"a":  "b",\n\n "c":  1}'],
    ['JSON that is cut off', '{"a":  "b  '],
    ['a table', '| a  | b  |\n|----|----|\n| c  | d  |'],
    ['columns without rules', 'name   age\nbob    5'],
    ['figures in a row', '10  20  30'],
    ['ASCII art', ' /\\_/\\  \n( o.o ) \n > ^ <'],
    ['a Markdown quotation', '> a  b'],
    ['a diff', '-old  line\n+new  line'],
    ['preformatted markup', 'see <pre>a  b</pre>'],
    ['a question about the blanks', 'How many spaces are there:  a   b'],
    ['zero-width joiners', '👨\u200d👩\u200d👧 a\u200cb'],
    ['blanks only', '   '],
  ])('%s', (_, text) => {
    expect(safe(text)).toBe(text);
    expect(loose(text).toLowerCase()).toBe(text.toLowerCase());
  });

  it('everything when switched off', () => {
    expect(normalizeProse('a  \r\nb ', 'none')).toBe('a  \r\nb ');
  });

  it('the case of a question about case', () => {
    expect(loose('Is ABC upper case?')).toBe('Is ABC upper case?');
  });
});

const texts = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        ' ',
        '  ',
        '\n',
        '\n\n',
        '\r\n',
        '\t',
        '`',
        '```',
        '\n```\n',
        '~~~',
        '"',
        "'",
        '{',
        '}',
        '[',
        ']',
        '“',
        '”',
        '’',

        'a',
        'B',
        'word',
        'Word. ',
        'e\u0301',
        '\u0301',
        '\u1fef',
        '\u037e',
        '\u212b',
        '\u0338',
        '<',
        '=',
        '|',
        ';',
        ':',
        '\\',

        'İ',
        'Σ',
        'ΑΣ',
        '\u0345',
        "f'",
        "don't",
        '    code  x',
        '5" ',
        '«',
        '»',
        '\0',
        '<pre>',
        'how many spaces',
        '1  2',
      ),
      fc.string({ unit: 'binary', maxLength: 4 }),
    ),
    { maxLength: 30 },
  )
  .map((parts) => parts.join(''));

describe('normalizeProse, whatever the text,', () => {
  it.each(['safe', 'loose'] as const)('gives the same result twice (%s)', (mode) => {
    fc.assert(
      fc.property(texts, (text) => {
        const once = normalizeProse(text, mode);
        expect(normalizeProse(once, mode)).toBe(once);
      }),
      { numRuns: 3_000 },
    );
  });

  it('gives the same result twice where lower case adds or joins letters', () => {
    for (const text of [
      'how many spaces\u0130 ',
      '\u212acount spaces ',
      `count ${'\u0130'.repeat(30)} spaces `,
      // A letter beyond the basic plane, which composes to one within it.
      '\u{2f835}’ ',
    ]) {
      const once = loose(text);
      expect(loose(once)).toBe(once);
    }
  });

  it('changes nothing but blanks, line ends and composition', () => {
    const essence = (text: string) => text.normalize('NFD').replace(/[ \r\n]/g, '');
    fc.assert(
      fc.property(texts, (text) => {
        expect(essence(safe(text))).toBe(essence(text));
      }),
      { numRuns: 3_000 },
    );
  });

  it('keeps words apart that were apart, and leading blanks of every line', () => {
    const words = (text: string) =>
      text
        .normalize('NFC')
        .split(/[ \r\n]+/)
        .filter(Boolean);
    const indents = (text: string) =>
      text
        .split(/\r\n?|\n/)
        .filter((line) => line.trim() !== '')
        .map((line) => /^[ \t]*/.exec(line)?.[0]);
    fc.assert(
      fc.property(texts, (text) => {
        expect(words(safe(text))).toEqual(words(text));
        expect(indents(safe(text))).toEqual(indents(text));
      }),
      { numRuns: 3_000 },
    );
  });

  it('takes time linear in its length', () => {
    const shapes = [
      'a  b ',
      '"',
      "'",
      '`',
      '{',
      '[',
      '\n',
      ' ',
      '``` ',
      '\n```\n',
      'é ',
      '“',
      'if : ',
      '; ',
      "x' ",
      '"a" ',
    ];
    const timed = (shape: string, chars: number): number => {
      const text = `x ${shape.repeat(Math.ceil(chars / shape.length))} x`;
      const started = performance.now();
      safe(text);
      loose(text);
      return performance.now() - started;
    };
    for (const shape of shapes) {
      const small = Math.min(...Array.from({ length: 3 }, () => timed(shape, 50_000)));
      const large = Math.min(timed(shape, 400_000), timed(shape, 400_000));
      // 8 x the text; quadratic work would be 64 x.
      expect([shape, large < 24 * Math.max(small, 2)]).toEqual([shape, true]);
    }
  });
});
