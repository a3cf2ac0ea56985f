import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Embedder, embedderKey, type MaybePromise } from '../../contract/index.ts';

/** How the suite gets at embedders. */
export interface EmbedderSubject {
  /** A new embedder that works. */
  create(): MaybePromise<Embedder>;
}

const TEXTS = [
  'How do I reset my password?',
  'Tell me how to reset the password of my account',
  'The quick brown fox',
  'naïve café — “quoted”, 12.5 €',
  '你好，世界',
  'Привет, мир',
  '😀👩‍👩‍👧 🇩🇪',
  'function f(x) { return x ** 2; }',
  'a'.repeat(5_000),
  'lone \ud800 surrogate',
  '\u0301',
];
const WITHOUT_CONTENT = ['', ' ', '\n\t\u00a0', '\u0000\u200b'];

function dot(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, i) => sum + value * (b[i] as number), 0);
}

/** Registers the tests that every `Embedder` has to pass. */
export function describeEmbedder(name: string, subject: EmbedderSubject): void {
  describe(`${name} as an embedder`, () => {
    let embedder: Embedder;
    beforeEach(async () => {
      embedder = await subject.create();
    });
    afterEach(async () => {
      await embedder.close?.();
    });
    const one = async (text: string) => (await embedder.embed([text]))[0] as Float32Array;

    it('has an identity that stays the same (INV-C10)', async () => {
      const before = embedderKey(embedder.identity);
      await embedder.embed(TEXTS);
      expect(embedderKey(embedder.identity)).toBe(before);
      expect(embedder.identity.dimensions).toBeGreaterThan(0);
      expect(embedder.identity.model).not.toBe('');
    });

    it('gives one finite vector of length 1 for every text', async () => {
      const vectors = await embedder.embed(TEXTS);
      expect(vectors).toHaveLength(TEXTS.length);
      for (const vector of vectors) {
        expect(vector).toBeInstanceOf(Float32Array);
        expect(vector).toHaveLength(embedder.identity.dimensions);
        expect(dot(vector, vector)).toBeCloseTo(1, 3);
      }
    });

    it('gives vectors in the order of the texts, whatever stands beside them', async () => {
      const together = await embedder.embed(TEXTS);
      const reversed = await embedder.embed(TEXTS.toReversed());
      for (const [i, text] of TEXTS.entries()) {
        const alone = await one(text);
        expect(dot(together[i] as Float32Array, alone)).toBeGreaterThan(0.999);
        expect(dot(reversed[TEXTS.length - 1 - i] as Float32Array, alone)).toBeGreaterThan(0.999);
      }
    });

    it('gives the zero vector for texts without content, between others too (INV-C13)', async () => {
      const [first, ...rest] = await embedder.embed(['text', ...WITHOUT_CONTENT, 'text']);
      for (const vector of rest.slice(0, -1)) {
        expect(vector).toHaveLength(embedder.identity.dimensions);
        expect(vector.every((value) => value === 0)).toBe(true);
      }
      expect(dot(first as Float32Array, rest.at(-1) as Float32Array)).toBeCloseTo(1, 3);
    });

    it('gives nothing for no texts', async () => {
      expect(await embedder.embed([])).toEqual([]);
    });

    it('gives arrays that belong to the caller', async () => {
      const [first, same] = await embedder.embed(['mine', 'mine']);
      const before = Float32Array.from(same as Float32Array);
      (first as Float32Array).fill(7);
      expect(same).toEqual(before);
      expect(await one('mine')).toEqual(before);
    });

    it('finds like texts nearer than others', async () => {
      const [a, b, c] = await embedder.embed(TEXTS);
      const near = dot(a as Float32Array, b as Float32Array);
      expect(near).toBeGreaterThan(dot(a as Float32Array, c as Float32Array));
    });

    it('ends with AbortedError when the signal has fired', async () => {
      await expect(embedder.embed(['x'], { signal: AbortSignal.abort() })).rejects.toMatchObject({
        code: 'aborted',
      });
    });

    it('gives the same vector without waiting, where it can', async () => {
      if (embedder.embedNow === undefined) return;
      for (const text of [...TEXTS, ...WITHOUT_CONTENT])
        expect(embedder.embedNow(text)).toEqual(await one(text));
    });

    it('works again after it was closed', async () => {
      const before = await one('again');
      await embedder.close?.();
      expect(dot(await one('again'), before)).toBeGreaterThan(0.999);
    });
  });
}
