import type { ReadTool } from './read-tool.ts';
import { Stems } from './words.ts';

/** How often a stem counts by the field it stands in, and how far the field is evened out by its length. */
const FIELDS = { name: 2.5, description: 1, parameterNames: 0.7, parameterTexts: 0.3, values: 0.3 } as const;
const K1 = 1.2;
const B = 0.6;

/** The stems of one tool, weighted by field. Depends on the tool alone, so that it can be kept. */
export interface ToolTerms {
  readonly weights: ReadonlyMap<string, number>;
  readonly length: number;
}

/** Reads tools and queries into stems, and remembers the stems of words. */
export class TermReader {
  readonly #stems = new Stems();

  readTool(tool: ReadTool): ToolTerms {
    const weights = new Map<string, number>();
    let length = 0;
    for (const [field, weight] of Object.entries(FIELDS)) {
      for (const stem of this.#stems.of(tool[field as keyof typeof FIELDS])) {
        weights.set(stem, (weights.get(stem) ?? 0) + weight);
        length += weight;
      }
    }
    return { weights, length };
  }

  /** The stems of a query, each once. */
  readQuery(text: string): string[] {
    return [...new Set(this.#stems.of(text))];
  }
}

/**
 * BM25 over weighted fields (Robertson, Zaragoza, Taylor 2004, "Simple BM25 extension to multiple weighted
 * fields"), divided by the most a tool could reach for the query: 0 no word in common, near 1 all of them.
 */
export class Lexicon {
  readonly #postings = new Map<string, { readonly tools: number[]; readonly gains: number[] }>();
  readonly #size: number;

  constructor(tools: readonly ToolTerms[]) {
    this.#size = tools.length;
    const mean = tools.reduce((sum, { length }) => sum + length, 0) / (tools.length || 1) || 1;
    for (const [index, { weights, length }] of tools.entries()) {
      const norm = K1 * (1 - B + (B * length) / mean);
      for (const [stem, weight] of weights) {
        let posting = this.#postings.get(stem);
        if (posting === undefined) {
          posting = { tools: [], gains: [] };
          this.#postings.set(stem, posting);
        }
        posting.tools.push(index);
        posting.gains.push((weight * (K1 + 1)) / (weight + norm));
      }
    }
  }

  /** The match of each tool, added into `into`: 0 no word in common, about 1 for each rare word in its name. */
  match(stems: readonly string[], into: Float32Array): void {
    const most = this.#idf(1) * (K1 + 1);
    for (const stem of stems) {
      const posting = this.#postings.get(stem);
      if (posting === undefined) continue;
      const share = this.#idf(posting.tools.length) / most;
      for (let i = 0; i < posting.tools.length; i += 1) {
        const tool = posting.tools[i] as number;
        into[tool] = (into[tool] as number) + share * (posting.gains[i] as number);
      }
    }
  }

  #idf(count: number): number {
    return Math.log(1 + (this.#size - count + 0.5) / (count + 0.5));
  }
}
