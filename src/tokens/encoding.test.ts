import { createRequire } from 'node:module';
import { beforeAll, describe, expect, it } from 'vitest';
import { createFuzz } from '../../tests/fuzz-text.ts';
import type { Encoding } from '../contract/index.ts';
import { ENCODINGS, type EncodingCounter, loadEncoding } from './encoding.ts';
import { safeSplit } from './safe-split.ts';

interface Reference {
  encode_ordinary(text: string): Uint32Array;
}

// tiktoken is the reference; its types are CommonJS only.
const { get_encoding } = createRequire(import.meta.url)('tiktoken') as {
  get_encoding: (name: string) => Reference;
};

const STRINGS = 10_000;
const counters = new Map<Encoding, EncodingCounter>();
const references = new Map<string, Reference>();

beforeAll(async () => {
  for (const encoding of ENCODINGS) counters.set(encoding, await loadEncoding(encoding));
  for (const name of ['o200k_base', 'cl100k_base', 'p50k_base']) references.set(name, get_encoding(name));
  // tiktoken for Node does not list harmony, whose ordinary text is that of o200k_base.
  references.set('o200k_harmony', references.get('o200k_base') as Reference);
});

function counterOf(encoding: Encoding): EncodingCounter {
  return counters.get(encoding) as EncodingCounter;
}

const CASES = [
  '',
  'a',
  ' ',
  '\n',
  "it's",
  "IT'S we'LL 'ſ x'ſ",
  '<|endoftext|>',
  '<|start|>system<|message|>x<|end|>',
  '\uFEFFtext',
  '\uD800',
  'a\uDC00b',
  '\uD83D',
  '\u0085 \u0085x',
  '日A日本AB ABc',
  '!\u0301!!\u0301x',
  'x\n   ',
  '   \n',
  'a\n/ //\n/x',
  '\r\n\r\n a',
  '1234567',
  '١٢٣٤٥',
  'ǅabc',
  '\u00A0\u00A0x',
  'e\u0301\u0301E\u0301',
];

describe.each(ENCODINGS)('%s', (encoding) => {
  it('counts as tiktoken does on 10,000 random strings', () => {
    const reference = references.get(encoding) as Reference;
    const next = createFuzz(20_261_120);
    const texts = [...CASES, ...Array.from({ length: STRINGS }, next)];
    const wrong = texts.filter(
      (text) => counterOf(encoding).count(text) !== reference.encode_ordinary(text).length,
    );
    expect(wrong).toEqual([]);
  });

  it.each(['a', ' ', '!', '\n', 'ab', '日', 'é', '😀', 'Zz9', '\t ', '=-'])(
    'counts a long run of %j as tiktoken does',
    (unit) => {
      const reference = references.get(encoding) as Reference;
      const text = unit.repeat(Math.ceil(1500 / unit.length));
      expect(counterOf(encoding).count(text)).toBe(reference.encode_ordinary(text).length);
    },
  );

  it('counts runs of one byte of any length as tiktoken does', () => {
    const reference = references.get(encoding) as Reference;
    for (const unit of ['a', ' ', '-', 'Q', '\n', '\u0000', '=', '\t']) {
      for (let length = 81; length < 900; length += 37) {
        const text = unit.repeat(length);
        expect(counterOf(encoding).count(text)).toBe(reference.encode_ordinary(text).length);
      }
    }
  });

  it('counts long words without any order as tiktoken does', () => {
    const reference = references.get(encoding) as Reference;
    const next = createFuzz(7);
    for (let i = 0; i < 40; i++) {
      const text = Array.from({ length: 60 }, next)
        .join('')
        .toLowerCase()
        .replaceAll(/[^a-z日é]/gu, '');
      expect(counterOf(encoding).count(text)).toBe(reference.encode_ordinary(text).length);
    }
  });

  it('counts text and its UTF-8 bytes alike, in one part or cut at safe places', () => {
    const next = createFuzz(11);
    const text = Array.from({ length: 3000 }, next).join(' ');
    const bytes = new TextEncoder().encode(text);
    const counter = counterOf(encoding);
    const whole = counter.count(text);
    expect(counter.countBytes(bytes)).toBe(whole);
    let parts = 0;
    for (let start = 0; start < bytes.length; ) {
      const end = safeSplit(bytes, start, 50);
      parts += counter.countBytes(bytes.subarray(start, end));
      start = end;
    }
    expect(parts).toBe(whole);
  });
});

it('counts bytes that are no UTF-8 as replacement characters', () => {
  const counter = counterOf('o200k_base');
  expect(counter.countBytes(Uint8Array.of(0x61, 0xff, 0x62))).toBe(counter.count('a\uFFFDb'));
});

it('takes time in proportion to the length of an unbroken run (INV-X6)', () => {
  const counter = counterOf('o200k_base');
  counter.count('a'.repeat(400_000));
  const timed = (length: number): number => {
    const started = performance.now();
    counter.count('a'.repeat(length));
    return performance.now() - started;
  };
  const small = Math.min(...Array.from({ length: 5 }, () => timed(100_000)));
  const large = Math.min(...Array.from({ length: 5 }, () => timed(800_000)));
  // 8 x the text; quadratic work would be 64 x.
  expect(large / small).toBeLessThan(24);
});

it('gives the same count when its caches have been filled and emptied many times (INV-S4)', () => {
  const counter = counterOf('cl100k_base');
  const text = 'Xqzvorplixandra and zzyxofluminate';
  const before = counter.count(text);
  for (let i = 0; i < 60_000; i++) counter.count(`qzx${i.toString(26).replaceAll(/\d/g, 'q')}vvkr`);
  expect(counter.count(text)).toBe(before);
});
