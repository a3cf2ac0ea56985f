import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createStaticEmbedder } from '../../../embeddings/index.ts';
import { createPairJudge } from './pair-judge.ts';

const embedder = createStaticEmbedder();
const judge = createPairJudge({
  embedWord: (text) => embedder.embedNow?.(text) ?? new Float32Array(embedder.identity.dimensions),
});
const isStopped = (a: string, b: string) =>
  judge.judge(a, b, 1).gate !== null && judge.judge(b, a, 1).gate !== null;

// Texts that were taken for the same but for case, blanks and punctuation: they were served as certain, at any limit.
const DIFFERENT: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
  'the case of an option': [
    ['What does curl -o do?', 'What does curl -O do?'],
    ['How do I use git branch -d?', 'How do I use git branch -D?'],
  ],
  'signs that stand alone': [
    ['What does -- do in bash?', 'What does - do in bash?'],
    ['What does !! do in Kotlin?', 'What does ?: do in Kotlin?'],
    ['What does ; do in SQL?', 'What does , do in SQL?'],
    ['What does () mean in a regex?', 'What does [] mean in a regex?'],
    ['What does // mean in Python?', 'What does / mean in Python?'],
    ['What does $? mean in bash?', 'What does $! mean in bash?'],
    ['In code, what is the meaning of ;', 'In code, what is the meaning of ,'],
  ],
  'signs of code at a word': [
    ['What does !isValid mean in JavaScript?', 'What does isValid mean in JavaScript?'],
    ['What does *args mean in Python?', 'What does **args mean in Python?'],
    ['What does &x mean in C?', 'What does x mean in C?'],
    ['What does a+ match?', 'What does a* match?'],
    ['What does save! do in Rails?', 'What does save do in Rails?'],
    ['What does print(a[1:]) show?', 'What does print(a[:1]) show?'],
    ['What does \\d match?', 'What does \\D match?'],
    ['What does {a} mean?', 'What does (a) mean?'],
    ['What does a?.b do in Swift?', 'What does a!.b do in Swift?'],
    ['Is foo::bar legal?', 'Is foo:bar legal?'],
  ],
  'numbers in other signs than ASCII digits': [
    ['What is x² if x is big?', 'What is x³ if x is big?'],
    ['Is ½ cup of sugar enough?', 'Is ¼ cup of sugar enough?'],
    ['كم يساوي ٣ كيلو بالرطل؟', 'كم يساوي ٥ كيلو بالرطل؟'],
    ['今天是５月吗', '今天是６月吗'],
  ],
  'the case of a unit': [
    ['How long does it take to download 100 Mb?', 'How long does it take to download 100 MB?'],
    ['How much is a 5 mW laser?', 'How much is a 5 MW laser?'],
    ['Is 10 Mbps fast?', 'Is 10 MBps fast?'],
  ],
  'a name in capitals and a common word': [
    ['What is IT?', 'What is it?'],
    ['What can the US do about it?', 'What can the us do about it?'],
  ],
  'accents in other languages': [
    ['Wie kann ich drucken?', 'Wie kann ich drücken?'],
    ['¿Cuántos años tienes?', '¿Cuántos anos tienes?'],
    ['má nghĩa là gì', 'mà nghĩa là gì'],
  ],
  'flags and signs without letters': [
    ['What is the capital of 🇫🇷?', 'What is the capital of 🇩🇪?'],
    ['How do I play A♭ on the piano?', 'How do I play A on the piano?'],
  ],
  'indentation of code': [
    [
      'What does this print?\nfor i in x:\n    y += i\n    print(y)',
      'What does this print?\nfor i in x:\n    y += i\nprint(y)',
    ],
    ['Is it valid YAML?\na:\n  b: 1\n  c: 2', 'Is it valid YAML?\na:\n  b: 1\nc: 2'],
  ],
};

const SAME: readonly (readonly [string, string])[] = [
  ['How do I install python on windows?', 'how do i install Python on Windows'],
  ['WHAT IS IT', 'What is it?'],
  ['What is love ?', 'what is love'],
  ['Hello , how are you ?', 'hello, how are you'],
  ['What is Node.js?', 'What is node.js'],
  ["What's a *good* book?", 'what’s a *good* book'],
  ['Why is the sky blue? :)', 'Why is the sky blue?'],
  ['Paris -- the best city?', 'Paris the best city'],
  ['Is 100 MB much?', 'is 100 mb much'],
  ['Wie kann ich drucken?', 'wie kann ich drucken'],
  ['How do I close my account, please?', 'How do I close my account?'],
  ['Please sort this list', 'Sort this list'],
  ['Could you please name three rivers?', 'could you name three rivers'],
  ['Show me a map of Oslo pls', 'please show me a map of Oslo'],
];

describe('texts that are the same but for case, blanks and punctuation', () => {
  for (const [what, pairs] of Object.entries(DIFFERENT)) {
    it(`are not the same where ${what} tells them apart (INV-C7)`, () => {
      for (const [a, b] of pairs) expect([a, b, isStopped(a, b)]).toEqual([a, b, true]);
    });
  }

  it('share an answer for certain', () => {
    for (const [a, b] of SAME)
      expect([a, b, judge.judge(a, b, 0.5)]).toMatchObject([a, b, { confidence: 1 }]);
  });

  it.each([
    ['How do I spell please?', 'How do I spell?'],
    ['What is the best way to please?', 'What is the best way to?'],
    ['Which gifts does she love please?', 'Which gifts does she love?'],
    ['How does please work in a sentence?', 'How does work in a sentence?'],
  ])('are not the same where a "please" is spoken of: %s | %s', (a, b) => {
    expect(judge.judge(a, b, 0.9).confidence).toBeLessThan(1);
  });

  it('are stopped whatever two signs of code stand alone in them (INV-C7)', () => {
    const sign = fc.constantFrom(
      '::',
      '?.',
      '??',
      '&&',
      '||',
      '->',
      '=>',
      '!!',
      '?:',
      '<<',
      '**',
      '%',
      '^',
      '~',
      '@',
    );
    fc.assert(
      fc.property(fc.uniqueArray(sign, { minLength: 2, maxLength: 2 }), ([x, y]) => {
        expect(isStopped(`What does ${x} mean in code?`, `What does ${y} mean in code?`)).toBe(true);
      }),
    );
  });

  it('are read in time that grows with their length, whatever signs they hold (INV-E4)', () => {
    for (const text of [
      "='".repeat(990),
      `=${'!'.repeat(1990)}a`,
      '('.repeat(2000),
      '!a'.repeat(990),
      "'a".repeat(990),
    ]) {
      const startedAt = performance.now();
      judge.judge(text, `${text} `, 1);
      expect(performance.now() - startedAt).toBeLessThan(500);
    }
  });
});
