import type { Embedder } from '../contract/index.ts';
import { Products } from './products.ts';
import type { ReadTool } from './read-tool.ts';
import { spaceWords } from './words.ts';

/** Characters of a description that its vector is made of: what follows is usage, examples, limits. */
const MOST_CHARS = 400;
const MOST_NAME_CHARS = 200;
const MOST_SENTENCE_CHARS = 150;
const MOST_PARAMETER_CHARS = 100;

/** The texts that stand for a tool: its name with its description, and its first sentence with its parameters. */
export function textsOf(tool: ReadTool): string[] {
  const name = spaceWords(tool.name).slice(0, MOST_NAME_CHARS);
  const description = tool.description.slice(0, MOST_CHARS);
  const first = /^[\s\S]*?[.!?。](?=\s|$)|^[^\n]+/u.exec(description.trim())?.[0]?.trim() ?? '';
  const parameters = spaceWords(tool.parameterNames).slice(0, MOST_PARAMETER_CHARS);
  const texts = [`${name}. ${description}`];
  if (parameters !== '') texts.push(`${name}. ${first.slice(0, MOST_SENTENCE_CHARS)} ${parameters}`);
  else if (description.trim().length > first.length + 20) texts.push(`${name}. ${first}`);
  // A description in another script than the table knows would drown what the name says.
  if (/[^\p{Script=Latin}\p{Script=Common}]{4}/u.test(description)) texts.push(name);
  return texts;
}

/** The vectors of all tools in one block, so that a query is compared with all of them in one pass. */
export class Meanings {
  readonly #products: Products;
  readonly #owners: Int32Array;

  /** @param vectors for each tool, the vectors of its texts */
  constructor(vectors: readonly (readonly Float32Array[])[], dimensions: number) {
    this.#products = new Products(vectors.flat(), dimensions);
    this.#owners = Int32Array.from(vectors.flatMap((own, tool) => own.map(() => tool)));
  }

  /** The best cosine of each tool's vectors with a query's, put into `into`; -1 for a tool without vectors. */
  compare(query: Float32Array, into: Float32Array): void {
    const products = this.#products.of(query);
    const owners = this.#owners;
    into.fill(-1);
    for (let row = 0; row < owners.length; row += 1) {
      const cosine = products[row] as number;
      const owner = owners[row] as number;
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
  if (embedder.embedNow !== undefined && texts.length <= 32) {
    return texts.map((text) => embedder.embedNow?.(text) ?? new Float32Array(embedder.identity.dimensions));
  }
  return embedder.embed(texts, signal === undefined ? {} : { signal });
}
