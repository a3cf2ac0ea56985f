import type { Neighbour } from '../../src/cache/semantic/limit/index.ts';
import type { PairJudge } from '../../src/contract/index.ts';
import type { DataSets, IntentText } from './data-sets.ts';
import { listNearest } from './nearest.ts';
import { createRandom } from './random.ts';
import type { StreamSource } from './streams.ts';
import type { TextVectors } from './vectors.ts';

/** A text and the answer that it has. */
export interface AnsweredText {
  readonly text: string;
  readonly answer: string;
}

/** Judgements that are kept, since streams over the same texts meet the same pairs. */
const MOST_KEPT = 3_000_000;

/** One answer for each intent, in random order, since the sets are sorted by intent. */
export function answersByIntent(texts: readonly IntentText[]): AnsweredText[] {
  return createRandom(texts.length).shuffle(texts.map(({ text, intent }) => ({ text, answer: intent })));
}

/** Where streams are drawn from, by name. */
export function answeredTexts(sets: DataSets): Map<string, AnsweredText[]> {
  return new Map([
    ['banking77', answersByIntent(sets.banking77)],
    ['clinc150', answersByIntent(sets.clinc150)],
    ['hwu64', answersByIntent(sets.hwu64)],
  ]);
}

/** A source of the first `limit` of the texts, each once. */
export function streamSource(
  answered: readonly AnsweredText[],
  { vectors, judge }: { readonly vectors: TextVectors; readonly judge: PairJudge },
  limit: number,
): StreamSource {
  const distinct = [...new Map(answered.map((row) => [row.text, row])).values()];
  const rows = distinct.slice(0, limit);
  const texts = rows.map(({ text }) => text);
  const numbers = new Map([...new Set(rows.map(({ answer }) => answer))].map((answer, i) => [answer, i]));
  const answers = rows.map(({ answer }) => numbers.get(answer) ?? -1);
  const known = new Map<number, Pick<Neighbour, 'gate' | 'confidence'>>();
  return {
    texts,
    nearest: listNearest(texts.map((text) => vectors.vector(text))),
    answer: (text) => answers[text] ?? -1,
    judge(stored, asked, similarity) {
      const key = stored * texts.length + asked;
      const found = known.get(key);
      if (found !== undefined) return found;
      const { gate, confidence } = judge.judge(texts[stored] ?? '', texts[asked] ?? '', similarity);
      if (known.size < MOST_KEPT) known.set(key, { gate, confidence });
      return { gate, confidence };
    },
  };
}
