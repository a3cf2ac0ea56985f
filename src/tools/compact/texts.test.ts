import { array, assert, constantFrom, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../contract/index.ts';
import { createToolCompaction } from '../index.ts';
import type { CompactionLevel } from './options.ts';

const countTokens = (text: string): number => text.length;
/** What texts are made of: words, signs that open and close, breaks, other scripts, the rules' own triggers. */
const PIECES = (
  'the|a|an|user|account|This tool|This parameter is|In order to|as well as|Optional|(optional)|Default is|e.g.,|such as|' +
  'Perfect for|helps|must not|never|at most|.|,|:|!|?|;|(|)|[|]|"|`|\'|**|- |1) |\n|\n\n|```\n|  |e.g.|etc.|...|。|余额|não|é'
).split('|');
const LITERALS = [
  '17',
  '2.5',
  '`max_items`',
  '"New York"',
  'user_id',
  'https://x.example/a?b=1',
  '500 ms',
  'YYYY-MM-DD',
];

const texts = array(constantFrom(...PIECES, ...LITERALS), { maxLength: 40 }).map((pieces) =>
  pieces.join(' '),
);
const compactedText = (description: string, level: CompactionLevel): JsonObject => {
  const parameter = { type: 'string', description };
  const tool = {
    name: 'pay',
    description,
    inputSchema: { type: 'object', properties: { account: parameter } },
  };
  return createToolCompaction({ countTokens, level, maxDocTokens: 20 }).compactTool(tool) as JsonObject;
};

describe('descriptions of any text', () => {
  it.each(['text', 'lazy'] as const)('at level %s are never longer, and compact to themselves', (level) => {
    assert(
      property(texts, (text) => {
        const once = compactedText(text, level);
        expect(JSON.stringify(once).length).toBeLessThanOrEqual(
          JSON.stringify(compactedText(text, 'schema')).length,
        );
        expect(
          JSON.stringify(createToolCompaction({ countTokens, level, maxDocTokens: 20 }).compactTool(once)),
        ).toBe(JSON.stringify(once));
      }),
      { numRuns: 2_000 },
    );
  });

  it('keep numbers, identifiers, addresses and quotations of the tool’s own text', () => {
    let changed = 0;
    assert(
      property(texts, (text) => {
        // Of a list of examples, some go.
        if (/e\.g\.|such as/.test(text)) return;
        const given = `Pays. ${text}`;
        const description = compactedText(given, 'text')['description'] as string;
        if (description !== given) changed += 1;
        const lost = LITERALS.filter((literal) => given.includes(literal) && !description.includes(literal));
        expect(lost).toEqual([]);
      }),
      { numRuns: 2_000 },
    );
    expect(changed).toBeGreaterThan(300);
  });
});
