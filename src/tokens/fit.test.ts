import { assert, nat, property, string } from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { createFuzz, createRandom } from '../../tests/fuzz-text.ts';
import { isPareError } from '../contract/index.ts';
import { type EncodingCounter, loadEncoding } from './encoding.ts';
import { fit } from './fit.ts';

let counter: EncodingCounter;
const count = (text: string): number => counter.count(text);

beforeAll(async () => {
  counter = await loadEncoding('o200k_base');
});

const WORDS = [
  'alpha',
  'beta',
  'gamma',
  'delta',
  'epsilon',
  'zeta',
  'https://example.com/a/b?c=1,2',
  '3.14159',
];

/** Numbered lines of sentences, some with quotes. */
function prose(lines: number, seed = 1): string {
  const random = createRandom(seed);
  const word = (): string => WORDS[Math.floor(random() * WORDS.length)] as string;
  const sentence = (): string =>
    `${Array.from({ length: 6 }, word).join(' ')} "quoted ${word()} text" ${word()}.`;
  return Array.from({ length: lines }, (_, i) => `${i + 1}: ${sentence()} ${sentence()}\n`).join('');
}

/** What was kept before and after the marker. */
function sides(text: string): { head: string; tail: string } {
  const [head = '', tail = ''] = text.split(/\[\.\.\. (?:left out: )?lines? [^\]]*\.\.\.\](?:\n| |$)/);
  return { head, tail };
}

describe('fit', () => {
  it('returns a text that fits as it is', () => {
    const text = '  short\r\n\n text\uFEFF ';
    expect(fit(text, { maxTokens: 100, count })).toEqual({
      text,
      tokens: count(text),
      tokensBefore: count(text),
      keptRatio: 1,
    });
  });

  it('keeps beginning and end in whole lines and says which lines are missing (INV-X3)', () => {
    const text = prose(300);
    const result = fit(text, { maxTokens: 800, count });
    const { head, tail } = sides(result.text);
    expect(text.startsWith(head)).toBe(true);
    expect(text.endsWith(tail)).toBe(true);
    expect(head.length).toBeGreaterThan(500);
    expect(tail.length).toBeGreaterThan(500);
    const marker = /\[\.\.\. left out: lines (\d+)-(\d+) of 300, (\d+) words, (\d+) characters \.\.\.\]/.exec(
      result.text,
    );
    const gap = text.slice(head.length, text.length - tail.length);
    expect(Number(marker?.[4])).toBe(gap.length);
    expect(Number(marker?.[3])).toBe(gap.split(/\s+/).filter((word) => word !== '').length);
    expect(gap.startsWith(`${marker?.[1]}:`) || head.endsWith(' ')).toBe(true);
    expect(result.keptRatio).toBeCloseTo(result.tokens / result.tokensBefore);
  });

  it('uses most of the budget', () => {
    const result = fit(prose(300), { maxTokens: 2000, count });
    expect(result.tokens).toBeGreaterThan(1700);
  });

  it('never passes the bound, never grows, and keeps a prefix and a suffix of the text (INV-X1, INV-X4)', () => {
    const next = createFuzz(5);
    const random = createRandom(6);
    for (let i = 0; i < 400; i++) {
      const text = Array.from({ length: 1 + Math.floor(random() * 60) }, next).join(
        random() < 0.5 ? '\n' : ' ',
      );
      const maxTokens = Math.floor(random() * 300);
      const result = fit(text, { maxTokens, count });
      expect(count(result.text)).toBe(result.tokens);
      expect(result.tokens).toBeLessThanOrEqual(maxTokens);
      expect(result.tokens).toBeLessThanOrEqual(result.tokensBefore);
      expect(result.text.length).toBeLessThanOrEqual(text.length);
    }
  });

  it('holds the bound for any text and any budget down to 0 (INV-X4)', () => {
    assert(
      property(string({ unit: 'grapheme', maxLength: 400 }), nat(60), (text, maxTokens) => {
        const result = fit(text, { maxTokens, count });
        expect(count(result.text)).toBeLessThanOrEqual(maxTokens);
        expect(result.tokensBefore > maxTokens || result.text === text).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it('cuts no URL, number or quoted string, in lines or in one long line (INV-X5)', () => {
    for (const text of [prose(80, 3), prose(80, 4).replaceAll('\n', ' ')]) {
      const allowed = new Set(text.split(/\s+/));
      for (let maxTokens = 30; maxTokens < 600; maxTokens += 37) {
        const { head, tail } = sides(fit(text, { maxTokens, count }).text);
        const cut = `${head} ${tail}`.split(/\s+/).filter((word) => word !== '' && !allowed.has(word));
        expect(cut).toEqual([]);
        for (const side of [head, tail]) expect([...side.matchAll(/"/g)].length % 2).toBe(0);
      }
    }
  });

  it('cuts no character in two (INV-X5)', () => {
    const text = '😀 👨‍👩‍👧‍👦 🇫🇷 '.repeat(400);
    for (let maxTokens = 10; maxTokens < 200; maxTokens += 13) {
      expect(fit(text, { maxTokens, count }).text.isWellFormed()).toBe(true);
    }
  });

  it('leaves an unbroken run out as a whole and says how long it is', () => {
    const result = fit('a'.repeat(200_000), { maxTokens: 50, count });
    expect(result.text).toContain('200000 characters');
    expect(result.text).not.toContain('aa');
  });

  it('cuts scripts without blanks between characters', () => {
    const text = '春眠不覚暁処処聞啼鳥夜来風雨声花落知多少'.repeat(200);
    const result = fit(text, { maxTokens: 300, count });
    expect(result.tokens).toBeGreaterThan(200);
    expect(text.startsWith(sides(result.text).head)).toBe(true);
  });

  it('keeps a code block whole, or closes it where it has to be cut', () => {
    const block = `\`\`\`ts\n${'const value = compute(1, 2);\n'.repeat(30)}\`\`\`\n`;
    const text = `${prose(6)}${block}${prose(60)}`;
    for (let maxTokens = 120; maxTokens < 1500; maxTokens += 61) {
      const fences = fit(text, { maxTokens, count }).text.match(/^```/gm) ?? [];
      expect(fences.length % 2).toBe(0);
    }
  });

  it('answers even a budget that holds no marker', () => {
    const text = prose(10);
    expect(fit(text, { maxTokens: 0, count }).text).toBe('');
    expect(fit(text, { maxTokens: 1, count }).tokens).toBeLessThanOrEqual(1);
    expect(fit(text, { maxTokens: 3, count }).text.length).toBeGreaterThan(0);
  });

  it('gives the head or the tail alone when asked to', () => {
    const text = prose(100);
    const headOnly = fit(text, { maxTokens: 300, count, headShare: 1 });
    expect(sides(headOnly.text).tail).toBe('');
    const tailOnly = fit(text, { maxTokens: 300, count, headShare: 0 });
    expect(tailOnly.text.startsWith('[... left out')).toBe(true);
  });

  it.each([-1, 1.5, Number.NaN])('refuses a bound of %s', (maxTokens) => {
    expect(() => fit('text', { maxTokens, count })).toThrowError(
      expect.toSatisfy((error: unknown) => isPareError(error, 'invalid_max_tokens')),
    );
  });

  it('takes time in proportion to the text (INV-X6)', () => {
    const timed = (text: string): number => {
      const started = performance.now();
      fit(text, { maxTokens: 1000, count });
      return performance.now() - started;
    };
    const shapes = [(n: number) => prose(n), (n: number) => `"${"it's ".repeat(n * 20)}`];
    for (const shape of shapes) {
      const small = shape(1000);
      const large = shape(8000);
      timed(large);
      const ratio = Math.min(timed(large), timed(large)) / Math.min(timed(small), timed(small));
      expect(ratio).toBeLessThan(24);
    }
  });
});
