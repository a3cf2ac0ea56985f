import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createStaticEmbedder } from './static-embedder.ts';
import { readTable } from './table-file.ts';
import { WordPieces } from './word-pieces.ts';
import { wordsOf } from './words.ts';

const MODELS = new URL('../../../models/', import.meta.url);

interface Sample {
  readonly text: string;
  readonly tokens: readonly number[];
  /** Cosine with the text before. */
  readonly similarity: number | null;
}

/** Texts as the script that makes the table reads them. */
const { texts } = JSON.parse(readFileSync(new URL('tokens.fixture.json', MODELS), 'utf8')) as {
  readonly texts: readonly Sample[];
};

function tokensOf(pieces: WordPieces, text: string): number[] {
  const rows: number[] = [];
  for (const word of wordsOf(text)) pieces.split(word, { token: (row) => rows.push(row), unknown: () => {} });
  return rows;
}

describe('the similarity of texts', () => {
  it('is the one that was measured when the table was made', async () => {
    const vectors = await createStaticEmbedder().embed(texts.map(({ text }) => text));
    for (const [i, { similarity }] of texts.entries()) {
      const [a, b] = [vectors[i - 1], vectors[i]];
      if (similarity === null || a === undefined) continue;
      expect(a.reduce((sum, value, at) => sum + value * (b?.[at] ?? 0), 0)).toBeCloseTo(similarity, 3);
    }
  });
});

describe('the tokens of a text', () => {
  const pieces = new WordPieces(readTable(new URL('static-table.bin', MODELS)).texts);

  it.each(texts)('are those that the table was trained with: $text', ({ text, tokens }) => {
    expect(tokensOf(pieces, text)).toEqual(tokens);
  });

  it('go on behind a part that no token stands for', () => {
    const told: (string | number)[] = [];
    const small = new WordPieces(['a', 'b', '##b', '#', '##']);
    const sink = { token: (row: number) => told.push(row), unknown: (run: string) => told.push(run) };
    small.split('ab字字b😀', sink);
    expect(told).toEqual([0, 2, '字字', 1, '😀']);
  });
});
