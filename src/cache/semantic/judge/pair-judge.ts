import type { PairJudge, PairJudgement } from '../../../contract/index.ts';
import { BoundedMap } from '../../../support/index.ts';
import { align } from './align.ts';
import { analyse } from './analyse.ts';
import type { Analysis } from './analysis.ts';
import { confidenceOf } from './confidence.ts';
import { GATES } from './gates/index.ts';
import { type AreNear, createNearness } from './nearness.ts';
import type { PairJudgeOptions } from './options.ts';

/** Texts whose reading is kept: one question is compared with several stored ones. */
const MOST_KEPT = 512;

/**
 * Judges whether one answer can serve two texts, by rules for English and tables of words: gates that say no for
 * certain, and a confidence that says how near the texts are. Some tens of microseconds a pair.
 *
 * @example
 * const embedder = createStaticEmbedder();
 * const judge = createPairJudge({ embedWord: (word) => embedder.embedNow(word) });
 * judge.judge('How do I turn on the alarm?', 'How do I turn off the alarm?', 0.97).gate; // 'antonym'
 */
export function createPairJudge({ embedWord }: PairJudgeOptions): PairJudge {
  const areNear = createNearness(embedWord);
  const kept = new BoundedMap<string, Analysis>(MOST_KEPT);
  const read = (text: string): Analysis => {
    const known = kept.get(text);
    if (known !== undefined) return known;
    const analysis = analyse(text);
    kept.set(text, analysis);
    return analysis;
  };
  return {
    judge(stored, asked, similarity) {
      return judgePair([read(stored), read(asked)], similarity, areNear);
    },
  };
}

function judgePair(
  [a, b]: readonly [Analysis, Analysis],
  similarity: number,
  areNear: AreNear,
): PairJudgement {
  if (a.skeleton === b.skeleton && a.skeleton !== '') return { gate: null, detail: null, confidence: 1 };
  if (a.text === b.text) return { gate: null, detail: null, confidence: 1 };
  if (!a.isComparable || !b.isComparable) return { gate: 'undecidable', detail: null, confidence: 0 };
  const pair = { a, b, alignment: align(a, b, areNear) };
  const confidence = confidenceOf(pair, similarity);
  for (const [gate, says] of GATES) {
    const detail = says(pair);
    if (detail !== null) return { gate, detail, confidence };
  }
  // Two texts without content, or that share none: nothing says that they are the same.
  if (a.words.length === 0 || b.words.length === 0 || pair.alignment.matches.length === 0) {
    return { gate: 'undecidable', detail: null, confidence: 0 };
  }
  return { gate: null, detail: null, confidence };
}
