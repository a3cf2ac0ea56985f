import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readTable } from './table-file.ts';
import { WordPieces } from './word-pieces.ts';
import { wordsOf } from './words.ts';

const MODELS = new URL('../../../models/', import.meta.url);

/** Texts and their tokens by the tokenizer that the table was trained with. */
const { texts } = JSON.parse(readFileSync(new URL('tokens.fixture.json', MODELS), 'utf8')) as {
  readonly texts: readonly { readonly text: string; readonly tokens: readonly number[] }[];
};

function tokensOf(pieces: WordPieces, text: string): number[] {
  const rows: number[] = [];
  for (const word of wordsOf(text)) pieces.split(word, { token: (row) => rows.push(row), unknown: () => {} });
  return rows;
}

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
