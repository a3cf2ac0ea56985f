import { describe, expect, it } from 'vitest';
import { createStaticEmbedder } from '../../../embeddings/index.ts';
import { MINIMAL_PAIRS } from './minimal-pairs.fixture.ts';
import { createPairJudge } from './pair-judge.ts';

const embedder = createStaticEmbedder();
const embed = (text: string) => embedder.embedNow?.(text) ?? new Float32Array(embedder.identity.dimensions);
const judge = createPairJudge({ embedWord: embed });
const NEAR = 0.97;

describe('minimal pairs', () => {
  for (const { kind, different, same } of MINIMAL_PAIRS) {
    it(`stops what needs another answer, both ways: ${kind} (INV-C7)`, () => {
      const served = different
        .flatMap(([a, b]) => [
          [a, b],
          [b, a],
        ])
        .filter(([a = '', b = '']) => judge.judge(a, b, NEAR).gate === null);
      expect(served).toEqual([]);
    });

    it(`lets paraphrases pass, both ways: ${kind}`, () => {
      const stopped = same
        .flatMap(([a, b]) => [
          [a, b],
          [b, a],
        ])
        .map(([a = '', b = '']) => ({ a, b, ...judge.judge(a, b, NEAR) }))
        .filter(({ gate }) => gate !== null);
      expect(stopped).toEqual([]);
    });
  }
});
