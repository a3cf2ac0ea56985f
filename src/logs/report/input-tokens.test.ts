import * as fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { loadEncoding } from '../../tokens/index.ts';
import { openSource } from '../scan/index.ts';
import { Turns } from '../scan/turns.ts';
import { type InputTokens, inputTokensOf } from './input-tokens.ts';

const counters: Record<string, (text: string) => number> = {};

beforeAll(async () => {
  for (const name of ['o200k_base', 'cl100k_base', 'p50k_base'] as const) {
    const encoding = await loadEncoding(name);
    counters[name] = (text) => encoding.count(text);
  }
});

async function tokensOf(text: string, isExact = false, encoding = 'o200k_base'): Promise<InputTokens> {
  const source = await openSource({ bytes: Buffer.from(text) });
  const count = counters[encoding] ?? (() => Number.NaN);
  return inputTokensOf({ source, bytes: source.size, count, turns: new Turns(undefined), isExact });
}

const line = fc.oneof(
  fc.constantFrom(
    '',
    '   ',
    '\t',
    'foo;',
    '/bar',
    '  indented',
    '123',
    'x'.repeat(70),
    "don't",
    '日本語。',
    '// a',
  ),
  fc.string({ maxLength: 30 }),
);
const end = fc.constantFrom('\n', '\n', '\r\n');
/** Long enough to be counted in pieces. */
const longText = fc
  .tuple(fc.array(fc.tuple(line, end), { minLength: 1, maxLength: 60 }), fc.integer({ min: 800, max: 2_500 }))
  .map(([lines, times]) =>
    Array.from({ length: times }, (_, i) => (lines[i % lines.length] ?? []).join('')).join(''),
  );

describe('inputTokensOf', () => {
  test.each(['o200k_base', 'cl100k_base', 'p50k_base'])(
    'counts %s in pieces as it counts the whole',
    async (encoding) => {
      await fc.assert(
        fc.asyncProperty(longText, async (text) => {
          const tokens = counters[encoding]?.(text);
          expect(await tokensOf(text, false, encoding)).toEqual({ tokens, basis: 'exact' });
        }),
        { numRuns: 40 },
      );
    },
  );

  const uneven = Array.from({ length: 60_000 }, (_, i) =>
    i < 20_000
      ? `INFO request ${i} from 10.0.0.${i % 256} took ${(i * 7) % 991} ms`
      : `Compiling the module ${i} of the project, which takes a while`,
  ).join('\n');

  test('estimates a long log, and says so', async () => {
    const exact = counters['o200k_base']?.(uneven) ?? 0;
    const { tokens, basis } = await tokensOf(uneven);
    expect(basis).toBe('estimated');
    expect(Math.abs(tokens / exact - 1)).toBeLessThan(0.03);
  });

  test('counts a long log exactly when asked', async () => {
    expect(await tokensOf(uneven, true)).toEqual({
      tokens: counters['o200k_base']?.(uneven),
      basis: 'exact',
    });
  });

  test('an empty log has no tokens', async () => {
    expect(await tokensOf('')).toEqual({ tokens: 0, basis: 'exact' });
  });
});
