import type { Embedder, EmbedderIdentity } from '../../contract/index.ts';
import { throwIfAborted } from '../../support/index.ts';
import { hasContent } from '../check-vectors.ts';
import type { StaticEmbedderOptions } from '../options.ts';
import { addHashedRun } from './hashed-run.ts';
import { readTable, readTableHeader, type Table } from './table-file.ts';
import { WordPieces } from './word-pieces.ts';
import { wordsOf } from './words.ts';

/** The table's place is the same from `src/` and from `dist/`. */
const TABLE = new URL('../../../models/static-table.bin', import.meta.url);
const MOST_CHARS = 16_384;
/** Characters embedded between two looks at the event loop; about 5 ms. */
const CHARS_A_TURN = 32_768;

/**
 * The built-in embedder: no download, no service, no thread. A text's vector is the sum of the table's rows
 * for its tokens and known pairs of neighbouring tokens, scaled to length 1. The rows were fitted so that
 * cosines come near those of a sentence encoder (models/README.md); a query of 12 words takes some 10
 * microseconds.
 *
 * The header is read here, the table itself (about 30 ms) at the first text with content.
 *
 * @throws EmbeddingError `embedding_table_missing`, `embedding_table_corrupt`
 * @example
 * const embedder = createStaticEmbedder();
 * const [a, b] = await embedder.embed(['reset my password', 'I forgot my password']);
 */
export function createStaticEmbedder({
  tablePath = TABLE,
  maxTextChars = MOST_CHARS,
}: StaticEmbedderOptions = {}): Embedder {
  const { version, dimensions } = readTableHeader(tablePath);
  const identity: EmbedderIdentity = { model: 'pare-static', version, dimensions, normalization: 'unit' };
  let reader: StaticReader | undefined;

  const embedNow = (text: string): Float32Array => {
    const read = text.length > maxTextChars ? text.slice(0, maxTextChars) : text;
    if (!hasContent(read)) return new Float32Array(dimensions);
    reader ??= new StaticReader(readTable(tablePath));
    return reader.embed(read);
  };

  return {
    identity,
    maxTextChars,
    embedNow,
    async embed(texts, { signal } = {}) {
      const vectors: Float32Array[] = [];
      let chars = 0;
      throwIfAborted(signal);
      for (const text of texts) {
        chars += Math.min(text.length, maxTextChars);
        if (chars > CHARS_A_TURN) {
          chars = 0;
          await new Promise(setImmediate);
          throwIfAborted(signal);
        }
        vectors.push(embedNow(text));
      }
      return vectors;
    },
    async close() {
      reader = undefined;
    },
  };
}

/** Sums rows of a table. */
class StaticReader {
  readonly #table: Table;
  readonly #pieces: WordPieces;
  readonly #pairRows = new Map<number, number>();

  constructor(table: Table) {
    this.#table = table;
    this.#pieces = new WordPieces(table.texts);
    for (let i = 0; i < table.pairs; i += 1)
      this.#pairRows.set(table.pairKeys[i] as number, table.tokens + i);
  }

  /** The unit vector of a text with content. */
  embed(text: string): Float32Array {
    const { dimensions, hashedLength } = this.#table;
    const sum = new Float32Array(dimensions);
    let before = -1;
    const sink = {
      token: (row: number) => {
        this.#add(sum, row);
        const pair = before < 0 ? undefined : this.#pairRows.get(before * 65_536 + row);
        if (pair !== undefined) this.#add(sum, pair);
        before = row;
      },
      unknown: (run: string) => {
        addHashedRun(sum, run, hashedLength);
        before = -1;
      },
    };
    for (const word of wordsOf(text)) this.#pieces.split(word, sink);
    // Content that the reading of words drops (accents alone), or rows that cancel out: still not zero.
    if (!scaleToUnit(sum)) {
      addHashedRun(sum, text, hashedLength);
      scaleToUnit(sum);
    }
    return sum;
  }

  #add(sum: Float32Array, row: number): void {
    const { dimensions, scales, rows, levels } = this.#table;
    const scale = scales[row] as number;
    const bytes = dimensions >> 1;
    const start = row * bytes;
    for (let i = 0, at = 0; i < bytes; i += 1, at += 2) {
      const two = rows[start + i] as number;
      sum[at] = (sum[at] as number) + scale * (levels[two & 15] as number);
      sum[at + 1] = (sum[at + 1] as number) + scale * (levels[two >> 4] as number);
    }
  }
}

/** False when the vector is too short to have a direction; it is then left alone. */
function scaleToUnit(vector: Float32Array): boolean {
  let squares = 0;
  for (let i = 0; i < vector.length; i += 1) squares += (vector[i] as number) ** 2;
  if (squares < 1e-12) return false;
  const scale = 1 / Math.sqrt(squares);
  for (let i = 0; i < vector.length; i += 1) vector[i] = (vector[i] as number) * scale;
  return true;
}
