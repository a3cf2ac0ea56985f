import type { Embedder } from '../contract/index.ts';
import type { ReadTool } from './read-tool.ts';
import { spaceWords } from './words.ts';

/** Characters of a description that its vector is made of: what follows is usage, examples, limits. */
const MOST_CHARS = 400;

/** The texts that stand for a tool: its name with its description, and the first sentence alone. */
export function textsOf(tool: ReadTool): string[] {
  const name = spaceWords(tool.name).slice(0, 200);
  const description = tool.description.slice(0, MOST_CHARS);
  const first = /^[\s\S]*?[.!?。](?=\s|$)|^[^\n]+/u.exec(description.trim())?.[0]?.trim() ?? '';
  const texts = [`${name}. ${first}`];
  if (description.trim().length > first.length + 20) texts.push(`${name}. ${description}`);
  // A description in another script than the table knows would drown what the name says.
  if (/[^\p{Script=Latin}\p{Script=Common}]{4}/u.test(description)) texts.push(name);
  return texts;
}

/** The vectors of all tools in one block, so that a query is compared with all of them in one pass. */
export class Meanings {
  readonly #rows: Float32Array;
  readonly #owners: Int32Array;
  readonly #dimensions: number;

  /** @param vectors for each tool, the vectors of its texts */
  constructor(vectors: readonly (readonly Float32Array[])[], dimensions: number) {
    const rows = vectors.reduce((sum, own) => sum + own.length, 0);
    this.#dimensions = dimensions;
    this.#rows = new Float32Array(rows * dimensions);
    this.#owners = new Int32Array(rows);
    let row = 0;
    for (const [tool, own] of vectors.entries()) {
      for (const vector of own) {
        this.#rows.set(vector, row * dimensions);
        this.#owners[row] = tool;
        row += 1;
      }
    }
  }

  /** The best cosine of each tool's vectors with a query's, put into `into` where it is higher. */
  compare(query: Float32Array, into: Float32Array): void {
    const rows = this.#rows;
    const dimensions = this.#dimensions;
    for (let row = 0, at = 0; row < this.#owners.length; row += 1, at += dimensions) {
      let a = 0;
      let b = 0;
      let c = 0;
      let d = 0;
      let i = 0;
      // Four sums at a time: they do not wait for each other, which halves the time.
      for (; i + 3 < dimensions; i += 4) {
        a += (rows[at + i] as number) * (query[i] as number);
        b += (rows[at + i + 1] as number) * (query[i + 1] as number);
        c += (rows[at + i + 2] as number) * (query[i + 2] as number);
        d += (rows[at + i + 3] as number) * (query[i + 3] as number);
      }
      for (; i < dimensions; i += 1) a += (rows[at + i] as number) * (query[i] as number);
      const cosine = a + b + c + d;
      const owner = this.#owners[row] as number;
      if (cosine > (into[owner] as number)) into[owner] = cosine;
    }
  }
}

/** Vectors of many texts: at once where the embedder can, so that a selection need not wait. */
export async function embedAll(
  embedder: Embedder,
  texts: readonly string[],
  signal: AbortSignal | undefined,
): Promise<readonly Float32Array[]> {
  if (embedder.embedNow !== undefined && texts.length <= 16) {
    return texts.map((text) => embedder.embedNow?.(text) ?? new Float32Array(embedder.identity.dimensions));
  }
  return embedder.embed(texts, signal === undefined ? {} : { signal });
}
