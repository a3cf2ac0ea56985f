import type { PairJudge } from '../../src/contract/index.ts';
import type { Neighbour } from '../../src/cache/semantic/limit/index.ts';
import type { DataSets, IntentText, LabelledPair } from './data-sets.ts';
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

/** One answer for each intent. */
export function answersByIntent(texts: readonly IntentText[]): AnsweredText[] {
  return texts.map(({ text, intent }) => ({ text, answer: intent }));
}

/** One answer for all questions that labels join, directly or by others; pairs without a label count as different. */
export function answersByDuplicates(pairs: readonly LabelledPair[]): AnsweredText[] {
  const parents = new Map<string, string>();
  const rootOf = (text: string): string => {
    let root = text;
    for (let next = parents.get(root); next !== undefined && next !== root; next = parents.get(root)) root = next;
    return root;
  };
  for (const { a, b, label } of pairs) {
    for (const text of [a, b]) if (!parents.has(text)) parents.set(text, text);
    if (label === 1) parents.set(rootOf(a), rootOf(b));
  }
  return [...parents.keys()].map((text) => ({ text, answer: rootOf(text) }));
}

/** Where streams are drawn from, by name. */
export function answeredTexts(sets: DataSets): Map<string, AnsweredText[]> {
  return new Map([
    ['banking77', answersByIntent(sets.banking77)],
    ['clinc150', answersByIntent(sets.clinc150)],
    ['hwu64', answersByIntent(sets.hwu64)],
    ['qqp', answersByDuplicates(sets.qqp)],
  ]);
}

/** A source of at most `limit` of the texts, each once. */
export function streamSource(
  answered: readonly AnsweredText[],
  { vectors, judge }: { readonly vectors: TextVectors; readonly judge: PairJudge },
  limit: number,
): StreamSource {
  const distinct = [...new Map(answered.map((row) => [row.text, row])).values()];
  const rows = createRandom(limit).shuffle(distinct).slice(0, limit);
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
