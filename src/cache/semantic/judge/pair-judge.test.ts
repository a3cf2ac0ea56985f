import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createStaticEmbedder } from '../../../embeddings/index.ts';
import { createPairJudge } from './pair-judge.ts';

const embedder = createStaticEmbedder();
const embed = (text: string) => embedder.embedNow?.(text) ?? new Float32Array(embedder.identity.dimensions);
const judge = createPairJudge({ embedWord: embed });

const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc.string({ unit: 'grapheme', maxLength: 200 }),
  fc.lorem(),
);
const THINGS = [
  'phone',
  'garage',
  'budget',
  'kitchen',
  'router',
  'garden',
  'invoice',
  'bicycle',
  'camera',
  'violin',
];
const PLACES = ['Rome', 'Paris', 'Lagos', 'Quito', 'Delhi', 'Turin', 'Perth', 'Osaka'];
const VERBS = ['clean', 'repair', 'paint', 'insure', 'move', 'photograph'];
const STARTS = ['How do I', 'Why should I', 'Can I', 'When can I', 'Where should I'];
const question = fc
  .tuple(fc.constantFrom(...STARTS), fc.constantFrom(...VERBS), fc.constantFrom(...THINGS))
  .map(([start, verb, thing]) => ({ start, verb, thing, text: `${start} ${verb} the ${thing}?` }));
const two = (items: readonly string[]) =>
  fc.uniqueArray(fc.constantFrom(...items), { minLength: 2, maxLength: 2 });
const gateOf = (a: string, b: string) => judge.judge(a, b, 1).gate;

describe('createPairJudge', () => {
  it('lets a text share an answer with itself, whatever it holds', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(judge.judge(text, text, 1)).toEqual({ gate: null, detail: null, confidence: 1 });
      }),
    );
  });

  it('never throws and keeps the confidence between 0 and 1, whatever the texts and the cosine', () => {
    fc.assert(
      fc.property(anyText, anyText, fc.double(), (a, b, similarity) => {
        const { confidence } = judge.judge(a, b, similarity);
        expect(confidence).toBeGreaterThanOrEqual(0);
        expect(confidence).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('stops a question and its denial, both ways (INV-C7)', () => {
    fc.assert(
      fc.property(question, fc.constantFrom('not', 'never'), ({ start, verb, thing, text }, no) => {
        const denied = `${start} ${no} ${verb} the ${thing}?`;
        expect(gateOf(text, denied)).toBe('negation');
        expect(gateOf(denied, text)).toBe('negation');
      }),
    );
  });

  it('stops a question in which a number changes, both ways (INV-C7)', () => {
    fc.assert(
      fc.property(
        question,
        fc.uniqueArray(fc.nat(5_000), { minLength: 2, maxLength: 2 }),
        ({ text }, [x = 0, y = 1]) => {
          const [a, b] = [text.replace('?', ` for ${x} dollars?`), text.replace('?', ` for ${y} dollars?`)];
          expect(gateOf(a, b)).not.toBeNull();
          expect(gateOf(b, a)).not.toBeNull();
        },
      ),
    );
  });

  it('stops a way there and the way back (INV-C7)', () => {
    fc.assert(
      fc.property(two(PLACES), fc.constantFrom(...THINGS), ([x = '', y = ''], thing) => {
        const there = `How do I send a ${thing} from ${x} to ${y}?`;
        expect(gateOf(there, `How do I send a ${thing} from ${y} to ${x}?`)).toBe('direction');
        expect(gateOf(there, `How can I send a ${thing} to ${y} from ${x}?`)).toBeNull();
      }),
    );
  });

  it('stops another name in any case of letters, and another thing (INV-C7)', () => {
    fc.assert(
      fc.property(two(PLACES), two(THINGS), fc.boolean(), ([x = '', y = ''], [s = '', t = ''], isLower) => {
        const write = (thing: string, place: string) => {
          const text = `Where can I buy a ${thing} in ${place}?`;
          return isLower ? text.toLowerCase() : text;
        };
        expect(gateOf(write(s, x), write(s, y))).not.toBeNull();
        expect(gateOf(write(s, x), write(t, x))).not.toBeNull();
      }),
    );
  });

  it('lets the form of a question change', () => {
    fc.assert(
      fc.property(fc.constantFrom(...VERBS), fc.constantFrom(...THINGS), (verb, thing) => {
        const asked = `How do I ${verb} a ${thing}?`;
        for (const other of [
          `how can i ${verb} a ${thing}`,
          `How to ${verb} a ${thing}`,
          `Please tell me how to ${verb} a ${thing}.`,
          `What is the best way to ${verb} a ${thing}?`,
          `Could you explain how I can ${verb} a ${thing}?`,
        ]) {
          expect({ other, gate: gateOf(asked, other) }).toEqual({ other, gate: null });
        }
      }),
    );
  });

  it('does not judge long texts by their words: only the same pass', () => {
    const long = 'How do I clean the oven? '.repeat(100);
    expect(gateOf(long, `  ${long}\r\n`)).toBeNull();
    // Nobody has read whether case says something in it.
    expect(gateOf(long, long.toUpperCase())).toBe('undecidable');
    expect(gateOf(long, `${long}Today`)).toBe('undecidable');
  });

  it('takes linear time on the longest texts that it reads, whatever they repeat', () => {
    const time = (size: number) => {
      const pieces = [
        'a',
        'a.',
        '"',
        'a/',
        '-1',
        '🙂',
        'a b ',
        "'a ",
        'é',
        '1,',
        'x_',
        '@',
        'no ',
        'how do i ',
        'from a to b ',
      ];
      const texts = pieces.map((piece) => piece.repeat(Math.floor(size / piece.length)).slice(0, size));
      const best = texts.map((text) =>
        Math.min(
          ...Array.from({ length: 5 }, () => {
            const fresh = createPairJudge({ embedWord: embed });
            const started = performance.now();
            fresh.judge(text, `${text.slice(1)}b`, 1);
            return performance.now() - started;
          }),
        ),
      );
      return best.reduce((sum, value) => sum + value, 0);
    };
    time(500);
    expect(time(2_000) / time(250)).toBeLessThan(40);
  });

  it('ties words of one stem only where their vectors are near, and none when the embedder fails', () => {
    const [a, b] = ['How do I encourage a pupil?', 'How do I give encouragement to a pupil?'];
    const far = ['Who governs the universe?', 'Who governs the university?'] as const;
    expect(gateOf(...far)).toBe('unmatched_words');
    expect(gateOf(a, b)).toBeNull();
    for (const embedWord of [
      () => new Float32Array(4),
      () => new Float32Array([Number.NaN]),
      () => {
        throw new Error('no table');
      },
    ]) {
      expect(createPairJudge({ embedWord }).judge(a, b, 1).gate).toBe('unmatched_words');
    }
  });

  it('says the same again, and tells what it saw', () => {
    const [a, b] = ['How do I turn on the alarm?', 'How do I turn off the alarm?'];
    expect(judge.judge(a, b, 0.97)).toEqual(judge.judge(a, b, 0.97));
    expect(judge.judge(a, b, 0.97)).toMatchObject({ gate: 'antonym', detail: '"on" / "off"' });
  });

  it('is surer of nearer vectors, and of texts that say more', () => {
    const sure = (a: string, b: string, similarity: number) => judge.judge(a, b, similarity).confidence;
    const [a, b] = ['How do I paint a garage door?', 'What is the best way to paint a garage door?'];
    expect(sure(a, b, 0.95)).toBeGreaterThan(sure(a, b, 0.7));
    expect(sure(a, b, 0.9)).toBeGreaterThan(sure('How do I paint?', 'What is the best way to paint?', 0.9));
    expect(sure(a, b, -1)).toBe(sure(a, b, 0));
  });
});
