// Streams of requests through the learned limit: what is served, what of it is wrong.
import type { LearnedLimit, Neighbour } from '../../src/cache/semantic/limit/index.ts';
import type { NearestTexts, StoredTexts } from './nearest.ts';
import type { SeededRandom } from './random.ts';

/** Neighbours that the limit is shown. */
const NEIGHBOURS = 16;

/** Texts that streams are drawn from, by number. */
export interface StreamSource {
  readonly texts: readonly string[];
  readonly nearest: NearestTexts;
  /** What the judge says of a stored text and an asked one. */
  judge(stored: number, asked: number, similarity: number): Pick<Neighbour, 'gate' | 'confidence'>;
  /** Which answer a text has at a point of the stream: equal numbers are the same answer. */
  answer(text: number, at: number): number;
}

/** Options of `runStream`. */
export interface StreamOptions {
  readonly limit: LearnedLimit;
  /** The texts that are asked, in order. */
  readonly requests: readonly number[];
  /** Share of the served hits that are verified. */
  readonly verifyShare: number;
  readonly random: SeededRandom;
  /** Called after each request with what became of it. */
  readonly onRequest?: (at: number, outcome: StreamOutcome) => void;
}

/** What became of a request. */
export type StreamOutcome = 'exact' | 'stale' | 'right' | 'wrong' | 'explored' | 'miss';

/** Counts of a stream. */
export type StreamCounts = Record<StreamOutcome, number>;

class Stored implements StoredTexts {
  readonly numbers: number[] = [];
  readonly answers = new Map<number, number>();
  readonly groups = new Map<number, number>();

  has(text: number): boolean {
    return this.answers.has(text);
  }

  drop(text: number): void {
    this.answers.delete(text);
    this.groups.delete(text);
    this.numbers.splice(this.numbers.indexOf(text), 1);
  }

  /** Stores an answer; it joins the group of the nearest neighbour whose answer is found to be the same. */
  put(text: number, answer: number, neighbours: readonly Neighbour[]): void {
    if (!this.has(text)) this.numbers.push(text);
    this.answers.set(text, answer);
    const same = neighbours.find(({ id }) => id !== text && this.answers.get(id) === answer);
    this.groups.set(text, same === undefined ? text : same.answerGroup);
  }
}

/**
 * Plays a stream. A text that was stored is an exact hit (`stale` when its answer has changed since); others are
 * decided by the limit; what is not served is answered anew, compared with the candidate's answer, and stored. An
 * entry that would have been served and is found wrong is dropped, as the cache does.
 */
export function runStream(source: StreamSource, options: StreamOptions): StreamCounts {
  const { limit, requests, verifyShare, random, onRequest } = options;
  const stored = new Stored();
  const counts: StreamCounts = { exact: 0, stale: 0, right: 0, wrong: 0, explored: 0, miss: 0 };

  const ask = (text: number, at: number): StreamOutcome => {
    const answer = source.answer(text, at);
    if (stored.has(text)) return stored.answers.get(text) === answer ? 'exact' : 'stale';
    const neighbours = source.nearest.among(text, stored, NEIGHBOURS).map(
      ({ id, similarity }): Neighbour => ({
        id,
        similarity,
        answerGroup: stored.groups.get(id) ?? id,
        get gate() {
          return source.judge(id, text, similarity).gate;
        },
        get confidence() {
          return source.judge(id, text, similarity).confidence;
        },
      }),
    );
    const decision = limit.decide({ neighbours });
    const isSame = decision.candidate !== null && stored.answers.get(decision.candidate) === answer;
    const isCompared = decision.kind !== 'serve' || random.next() < verifyShare;
    if (isCompared && decision.candidate !== null) {
      limit.observe(decision, isSame);
      if (!isSame && (decision.kind !== 'miss' || limit.isBreached)) stored.drop(decision.candidate);
    }
    if (decision.kind === 'serve') return isSame ? 'right' : 'wrong';
    stored.put(text, answer, neighbours);
    return decision.kind === 'explore' ? 'explored' : 'miss';
  };

  for (const [at, text] of requests.entries()) {
    const outcome = ask(text, at);
    counts[outcome] += 1;
    onRequest?.(at, outcome);
  }
  return counts;
}

/** Requests whose texts repeat as in Zipf's law: the text of rank `r` is asked with a weight of `1 / r ** exponent`. */
export function zipfRequests(
  texts: number,
  { length, exponent }: { readonly length: number; readonly exponent: number },
  random: SeededRandom,
): number[] {
  const ranked = random.shuffle(Array.from({ length: texts }, (_, text) => text));
  const sums: number[] = [];
  let sum = 0;
  for (let rank = 1; rank <= texts; rank += 1) {
    sum += rank ** -exponent;
    sums.push(sum);
  }
  return Array.from({ length }, () => {
    const drawn = random.next() * sum;
    let [low, high] = [0, texts - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((sums[middle] as number) < drawn) low = middle + 1;
      else high = middle;
    }
    return ranked[low] as number;
  });
}
