import { wordsOf } from '../words.ts';

/** Characters that are read: an intent shows early, and the work stays bounded. */
const MOST_CHARS = 8_000;
const MOST_TERMS = 32_768;
/** From so many examples on, a word met once is noise rather than knowledge. */
const MANY_EXAMPLES = 1_000;

/** A vector that is mostly zero: places, and the value at each. Length 1, or no places. */
export interface SparseVector {
  readonly places: Int32Array;
  readonly values: Float32Array;
}

/** The part of a text that is classified. */
export function readPart(text: string): string {
  return text.slice(0, MOST_CHARS);
}

function termsOf(text: string): Map<string, number> {
  const counts = new Map<string, number>();
  const add = (term: string) => counts.set(term, (counts.get(term) ?? 0) + 1);
  let before = '';
  for (const word of wordsOf(readPart(text))) {
    add(word);
    add(`${before} ${word}`);
    before = word;
  }
  return counts;
}

/** Words and pairs of neighbouring words, weighted by rarity (TF-IDF with damped counts). */
export class Vocabulary {
  readonly terms: readonly string[];
  readonly weights: Float32Array;
  readonly #places: ReadonlyMap<string, number>;

  constructor(terms: readonly string[], weights: Float32Array) {
    this.terms = terms;
    this.weights = weights;
    this.#places = new Map(terms.map((term, place) => [term, place]));
  }

  /** The terms of the texts; of too many, those of most texts. */
  static of(texts: readonly string[]): Vocabulary {
    const holding = new Map<string, number>();
    for (const text of texts)
      for (const term of termsOf(text).keys()) holding.set(term, (holding.get(term) ?? 0) + 1);
    const least = texts.length >= MANY_EXAMPLES ? 2 : 1;
    const kept = [...holding].filter(([, count]) => count >= least);
    // Sorting is stable: of equal ones, the first met stay.
    if (kept.length > MOST_TERMS) kept.sort(([, a], [, b]) => b - a).splice(MOST_TERMS);
    const weights = kept.map(([, count]) => Math.log((1 + texts.length) / (1 + count)) + 1);
    return new Vocabulary(
      kept.map(([term]) => term),
      Float32Array.from(weights),
    );
  }

  get size(): number {
    return this.terms.length;
  }

  read(text: string): SparseVector {
    const places: number[] = [];
    const values: number[] = [];
    let squares = 0;
    for (const [term, count] of termsOf(text)) {
      const place = this.#places.get(term);
      if (place === undefined) continue;
      const value = (1 + Math.log(count)) * (this.weights[place] as number);
      places.push(place);
      values.push(value);
      squares += value ** 2;
    }
    const scale = squares === 0 ? 0 : 1 / Math.sqrt(squares);
    return {
      places: Int32Array.from(places),
      values: Float32Array.from(values, (value) => value * scale),
    };
  }
}
