import type { PairJudge, PairJudgement } from '../../../contract/index.ts';
import { BoundedMap } from '../../../support/index.ts';
import { align, type Known } from './align.ts';
import { analyse } from './analyse.ts';
import type { Analysis } from './analysis.ts';
import { confidenceOf } from './confidence.ts';
import { GATES } from './gates/index.ts';
import { createNearness } from './nearness.ts';
import type { PairJudgeOptions } from './options.ts';
import { createRelations } from './relations.ts';

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
  const known: Known = { areNear: createNearness(embedWord), relations: createRelations() };
  const kept = new BoundedMap<string, Analysis>(MOST_KEPT);
  const plain = new BoundedMap<string, Analysis>(MOST_KEPT);
  const read = (text: string): Analysis => {
    const known = kept.get(text);
    if (known !== undefined) return known;
    const analysis = analyse(text);
    // Long texts would fill the memory, and hold nothing that was worth the reading.
    if (analysis.isComparable) kept.set(text, analysis);
    return analysis;
  };
  const readPlain = (analysis: Analysis): Analysis => {
    if (!analysis.isReformed) return analysis;
    const known = plain.get(analysis.text) ?? analyse(analysis.text, true);
    plain.set(analysis.text, known);
    return known;
  };
  return {
    judge(stored, asked, similarity) {
      const [a, b] = [read(stored), read(asked)];
      const judgement = judgePair([a, b], similarity, known);
      if (judgement.gate === null || !mayBeReadPlain(a, b)) return judgement;
      // Two texts of one form may be the same as they stand, whatever was read into one.
      const asTheyStand = judgePair([readPlain(a), readPlain(b)], similarity, known);
      return asTheyStand.gate === null ? asTheyStand : judgement;
    },
  };
}

/** Not where one text says what is done and the other who does it: as they stand they look the same. */
function mayBeReadPlain(a: Analysis, b: Analysis): boolean {
  if (!a.isReformed && !b.isReformed) return false;
  return saysDone(a, b) && saysDone(b, a);
}

function saysDone({ turned }: Analysis, { words }: Analysis): boolean {
  return turned.every((done) => words.some(({ text }) => text === done));
}

function judgePair([a, b]: readonly [Analysis, Analysis], similarity: number, known: Known): PairJudgement {
  if (a.skeleton === b.skeleton && a.skeleton !== '') return { gate: null, detail: null, confidence: 1 };
  if (a.text === b.text) return { gate: null, detail: null, confidence: 1 };
  if (!a.isComparable || !b.isComparable) return { gate: 'undecidable', detail: null, confidence: 0 };
  const pair = { a, b, alignment: align(a, b, known), relations: known.relations };
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
