import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import type { LogReport } from '../contract/index.ts';
import { loadEncoding } from '../tokens/index.ts';
import { createLogCondenser } from './condense.ts';
import { PRIORITIES } from './limits.ts';
import type { CondenseOptions } from './options.ts';
import { stripColours } from './recognise/index.ts';

let count: (text: string) => number;

beforeAll(async () => {
  const encoding = await loadEncoding('o200k_base');
  count = (text) => encoding.count(text);
});

const condense = createLogCondenser();

const bytesOf = (lines: readonly string[]): Uint8Array =>
  Buffer.from(lines.map((line) => `${line}\n`).join(''));

function condensed(lines: readonly string[], options: Partial<CondenseOptions> = {}): Promise<LogReport> {
  return condense({ bytes: bytesOf(lines) }, { count, ...options });
}

const within = (tokenBudget: number): Partial<CondenseOptions> => ({ limits: { tokenBudget } });

const word = fc.constantFrom(
  'alpha',
  'cache',
  'worker',
  'billing',
  'session',
  'über',
  '日本語',
  'render',
  'x',
);
const name = fc.tuple(word, fc.nat(99)).map(([one, n]) => `${one}-${n}`);

/** Pieces of logs in which nothing went wrong. */
const quiet = fc.oneof(
  name.map((one) => [`Downloading ${one} (12.5 MB)`]),
  fc.nat(100).map((n) => [`Progress: ${n}% [=====>      ]`]),
  fc.tuple(fc.nat(500), name).map(([n, one]) => [`ok ${n} - handles ${one}`]),
  name.map((one) => [`PASS src/${one}.test.ts`, `  ✓ renders ${one} (3 ms)`]),
  name.map((one) => [`2024-05-01T10:00:01.123Z INFO  [main] c.a.Server - started ${one} in 12ms`]),
  name.map((one) => [`warning: unused variable \`${one}\``]),
  name.map((one) => [`\u001b[32m✔\u001b[0m built ${one}`]),
  fc.constant(['0 errors, 0 warnings', 'no failures', 'Found 0 errors.']),
  fc.constant(['', '   ', '']),
  name.map((one) => ['{', `  "name": "${one}",`, '}']),
  fc.tuple(word, fc.integer({ min: 300, max: 900 })).map(([one, n]) => [`${one} ${'ab c'.repeat(n)} end`]),
);

/** Pieces in which something did. */
const loud = fc.oneof(
  name.map((one) => [
    `TypeError: Cannot read properties of undefined (reading '${one}')`,
    `    at render (/app/src/${one}.js:12:7)`,
    '    at process.processTicksAndRejections (node:internal/process/task_queues:95:5)',
  ]),
  name.map((one) => [
    'Traceback (most recent call last):',
    `  File "/app/${one}.py", line 3, in <module>`,
    '    main()',
    `KeyError: '${one}'`,
  ]),
  name.map((one) => [
    `java.lang.IllegalStateException: no ${one}`,
    `\tat com.example.App.run(App.java:10)`,
    `Caused by: java.io.IOException: ${one} is closed`,
    `\t... 12 more`,
  ]),
  name.map((one) => [`src/${one}.ts(3,5): error TS2345: Argument of type 'string' is not assignable.`]),
  name.map((one) => [`2024-05-01T10:00:01.123Z ERROR [main] c.a.Server - could not reach ${one}`]),
);

const piecesOf = (maxLength: number) =>
  fc.array(fc.oneof({ weight: 4, arbitrary: quiet }, { weight: 1, arbitrary: loud }), { maxLength });
const logOf = (maxLength: number) => piecesOf(maxLength).map((pieces) => pieces.flat());
const budget = fc.integer({ min: 0, max: 2_000 });

/** 1-based numbers of the lines outside of all gaps. */
function outside(report: LogReport): number[] {
  const inside = new Set<number>();
  for (const { firstLine, lastLine } of report.gaps) {
    for (let line = firstLine; line <= lastLine; line++) inside.add(line);
  }
  return Array.from({ length: report.input.lines }, (_, i) => i + 1).filter((line) => !inside.has(line));
}

const isBlank = (line: string): boolean => stripColours(line).trim() === '';

describe('createLogCondenser', () => {
  test('INV-L1 never has more tokens than its budget, and says how many it has', async () => {
    await fc.assert(
      fc.asyncProperty(logOf(60), budget, async (lines, tokenBudget) => {
        const report = await condensed(lines, within(tokenBudget));
        expect(count(report.text)).toBeLessThanOrEqual(tokenBudget);
        expect(report.output.tokens).toBe(count(report.text));
        expect(report.budget).toBe(tokenBudget);
      }),
      { numRuns: 500 },
    );
  });

  test('INV-L1 a buffer, a target and a least compression bound it, too', async () => {
    await fc.assert(
      fc.asyncProperty(
        logOf(200),
        fc.record({
          tokenBudget: fc.integer({ min: 400, max: 3_000 }),
          tokenBuffer: fc.integer({ min: 0, max: 400 }),
          targetTokens: fc.integer({ min: 0, max: 3_000 }),
          minCompression: fc.double({ min: 0, max: 1, noNaN: true }),
        }),
        async (lines, limits) => {
          const { input, text } = await condensed(lines, { limits });
          const tokens = count(text);
          expect(tokens).toBeLessThanOrEqual(limits.tokenBudget - limits.tokenBuffer);
          expect(tokens).toBeLessThanOrEqual(limits.targetTokens);
          const share = input.tokens < 2_000 ? 1 : 1 - limits.minCompression;
          expect(tokens).toBeLessThanOrEqual(share * input.tokens);
        },
      ),
      { numRuns: 60 },
    );
  });

  test('INV-L2 holds the first failure, the final summary and the exit code', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(quiet, { maxLength: 80 }),
        logOf(80),
        fc.integer({ min: 300, max: 2_000 }),
        async (before, after, tokenBudget) => {
          const lines = [
            ...before.flat(),
            'FAIL src/checkout.test.ts',
            '  ● checkout › charges the card once',
            '    expect(received).toBe(expected)',
            ...after,
            'Tests:       1 failed, 41 passed, 42 total',
            'Time:        3.2 s',
            '##[error]Process completed with exit code 1.',
          ];
          const { text } = await condensed(lines, within(tokenBudget));
          expect(text).toContain('FAIL src/checkout.test.ts');
          expect(text).toContain('1 failed, 41 passed');
          expect(text).toContain('exit code 1');
        },
      ),
      { numRuns: 100 },
    );
  });

  test('INV-L2 holds a last line that tells of trouble, though much stands between it and the error', async () => {
    const warnings = Array.from({ length: 200 }, (_, i) => [
      `f${i}.c:2:22: warning: format '%s' expects argument of type 'char *' in call ${i}`,
      `    2 | int f${i}(int x) { printf("%s", x); return x; }`,
      '      |                         ^~',
    ]).flat();
    const lines = [
      ...warnings.slice(0, 150),
      "f40.c:3:32: error: invalid use of undefined type 'struct foo'",
      'make: *** [Makefile:6: f40.o] Error 1',
      ...warnings.slice(150),
      "make: Target 'all' not remade because of errors.",
    ];
    const { text } = await condensed(lines, within(300));
    expect(text).toContain('f40.c:3:32: error');
    expect(text).toContain("Target 'all' not remade");
  });

  test('INV-L3 counts no error where none was, and every line however it is worded', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(quiet, { maxLength: 60 }), budget, async (pieces, tokenBudget) => {
        const lines = pieces.flat();
        const { errors, priorities } = await condensed(lines, within(tokenBudget));
        expect(errors).toEqual([]);
        expect(PRIORITIES.reduce((sum, name) => sum + priorities[name].lines, 0)).toBe(lines.length);
      }),
      { numRuns: 60 },
    );
  });

  test('INV-X1 is never larger than the log', async () => {
    await fc.assert(
      fc.asyncProperty(logOf(12), budget, async (lines, tokenBudget) => {
        const { text } = await condensed(lines, within(tokenBudget));
        expect(count(text)).toBeLessThanOrEqual(count(bytesOf(lines).toString()));
      }),
      { numRuns: 500 },
    );
  });

  test('INV-X1 returns a log itself that is shorter than the account of it', async () => {
    const report = await condensed(['\u001b[31mone\u001b[39m', '', 'two']);
    expect(report.text).toBe('one\n\ntwo');
    expect(report.gaps).toEqual([]);
    expect(report.output.lines).toBe(3);
  });

  test('INV-X3 announces every gap, and shows every line outside of them', async () => {
    await fc.assert(
      fc.asyncProperty(logOf(80), fc.integer({ min: 80, max: 2_000 }), async (lines, tokenBudget) => {
        const report = await condensed(lines, within(tokenBudget));
        const shown = report.text.split('\n');
        for (const { firstLine, lastLine, lines: size, templates } of report.gaps) {
          expect(size).toBe(lastLine - firstLine + 1);
          const isEmpty = lines.slice(firstLine - 1, lastLine).every(isBlank);
          expect(templates > 0).toBe(!isEmpty);
          const place = firstLine === lastLine ? `${lastLine}` : `${firstLine}-${lastLine}`;
          const mark = new RegExp(`^\\[….*\\b${size} lines?\\b.*\\b${place}\\b`);
          expect(shown.filter((line) => mark.test(line))).toHaveLength(isEmpty ? 0 : 1);
        }
        for (const line of outside(report)) {
          const text = stripColours(lines[line - 1] ?? '').trimEnd();
          if (isBlank(text) || text.length > 400) continue;
          expect(shown.some((one) => text.endsWith(one) && one.length > 0)).toBe(true);
        }
      }),
      { numRuns: 100 },
    );
  });

  test('says the same whatever is read at once, and however little may be kept in memory', async () => {
    await fc.assert(
      fc.asyncProperty(logOf(40), fc.integer({ min: 64_000, max: 90_000 }), async (some, chunkBytes) => {
        const lines: string[] = [];
        for (let bytes = 0, i = 0; bytes < 200_000; i++) {
          const line = `${some[i % Math.max(1, some.length)] ?? ''} ${i}`;
          lines.push(line);
          bytes += line.length + 1;
        }
        const { durationMs: _, ...expected } = await condensed(lines, within(600));
        const { durationMs: __, ...chunked } = await condensed(lines, { ...within(600), chunkBytes });
        expect(chunked).toEqual(expected);
        const stream = Readable.from([gzipSync(bytesOf(lines))]);
        const packed = await condense({ stream }, { count, ...within(600), memoryLimitBytes: 1 });
        expect(packed.text).toBe(expected.text);
      }),
      { numRuns: 10 },
    );
  });

  test('keeps the line that a pattern of the caller names by its number, among thousands like it', async () => {
    const lines = Array.from({ length: 9000 }, (_, i) => `order ${i} was shipped in ${i % 40} ms`);
    const patterns = [{ priority: 'high', pattern: /order 4711 / } as const];
    const { text, priorities, input } = await condensed(lines, { ...within(150), patterns });
    expect(text).toContain('order 4711 was shipped');
    expect(priorities.high.lines).toBe(1);
    expect(PRIORITIES.reduce((sum, name) => sum + priorities[name].lines, 0)).toBe(input.lines);
  });

  test('tells what of a log is missing', async () => {
    const packed = gzipSync(bytesOf(Array.from({ length: 5000 }, (_, i) => `line ${i * 7919}`)));
    const notes: string[] = [];
    await condense({ bytes: packed.subarray(0, -50) }, { count, onNote: (note) => notes.push(note) });
    expect(notes).toEqual([expect.stringContaining('ends in the middle')]);
  });

  test('loses no line: those kept and those in gaps are all', async () => {
    await fc.assert(
      fc.asyncProperty(logOf(80), budget, async (lines, tokenBudget) => {
        const report = await condensed(lines, within(tokenBudget));
        const kept = PRIORITIES.reduce((sum, name) => sum + report.priorities[name].kept, 0);
        const inGaps = report.gaps.reduce((sum, gap) => sum + gap.lines, 0);
        expect(report.input.lines).toBe(lines.length);
        expect(kept).toBe(report.output.lines);
        expect(kept + inGaps).toBe(lines.length);
        expect(outside(report)).toHaveLength(kept);
        expect(PRIORITIES.reduce((sum, name) => sum + report.priorities[name].lines, 0)).toBe(lines.length);
        for (const { firstLine, lastLine, count: times } of [...report.errors, ...report.templates]) {
          expect(firstLine).toBeGreaterThanOrEqual(1);
          expect(lastLine).toBeLessThanOrEqual(lines.length);
          expect(times).toBeLessThanOrEqual(lastLine - firstLine + 1);
        }
      }),
      { numRuns: 100 },
    );
  });

  test('says the same of the same log', async () => {
    await fc.assert(
      fc.asyncProperty(logOf(60), budget, async (lines, tokenBudget) => {
        const [one, other] = [
          await condensed(lines, within(tokenBudget)),
          await condensed(lines, within(tokenBudget)),
        ];
        expect({ ...one, durationMs: 0 }).toEqual({ ...other, durationMs: 0 });
      }),
      { numRuns: 40 },
    );
  });

  const many = Array.from({ length: 500 }, (_, i) => `request number ${'abcdefghij'[i % 10]} went well`);

  test.each([0, 1, 4, 8, 16, 40])('INV-L1 says what it can within %d tokens', async (tokenBudget) => {
    const { text, gaps } = await condensed(many, within(tokenBudget));
    expect(count(text)).toBeLessThanOrEqual(tokenBudget);
    expect(text === '').toBe(tokenBudget === 0);
    expect(gaps).not.toEqual([]);
  });

  test('INV-X2 names what leads back to the lines, where there is something', async () => {
    const options = { ...within(200), name: 'build\nlog' };
    expect((await condensed(many, options)).text).not.toContain('pare:');
    const { text } = await condensed(many, { ...options, reference: 'pare:abc' });
    expect(text.split('\n')[0]).toContain('build log: 500 lines');
    expect(text.split('\n')[0]).toContain('pare:abc');
  });

  test('threads, little memory and an exact count change nothing', async () => {
    const plain = await condensed(many, within(200));
    const other = await condensed(many, {
      ...within(200),
      workers: 2,
      memoryLimitBytes: 1_000,
      exactInput: true,
    });
    expect({ ...other, durationMs: 0 }).toEqual({ ...plain, durationMs: 0 });
  });

  test('INV-X6 stops when the signal fires, before and while it works', async () => {
    await expect(condensed(many, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'aborted' });
    const long = Array.from({ length: 100_000 }, (_, i) => `${many[i % 500] ?? ''} ${'xyz'.repeat(i % 40)}`);
    const abort = new AbortController();
    const promise = condensed(long, { signal: abort.signal });
    setTimeout(() => abort.abort(), 30);
    await expect(promise).rejects.toMatchObject({ code: 'aborted' });
  });

  const mixed = [
    ...many.slice(0, 60),
    'WARN the cache is nearly full of things',
    'KeyError: the first one',
    ...many.slice(60, 100),
  ];

  test('keeps only lines of a priority, or more urgent ones', async () => {
    const { text, priorities } = await condensed(mixed, { ...within(400), priorityFilter: 'high' });
    expect(text).toContain('KeyError');
    expect(text).not.toContain('went well');
    expect([priorities.medium.kept, priorities.low.kept, priorities.verbose.kept]).toEqual([0, 0, 0]);
  });

  test('a filter holds for a short log, too, as long as that makes it no longer', async () => {
    const short = ['KeyError: the first one', ...many.slice(0, 3)];
    const { text, output } = await condensed(short, { priorityFilter: 'high' });
    expect(text).toContain('KeyError');
    expect(text).not.toContain('went well');
    expect(output.tokens).toBeLessThanOrEqual(count(bytesOf(short).toString()));
    const tiny = await condensed(['a', 'b'], { priorityFilter: 'high' });
    expect(tiny.text).toBe('a\nb');
  });

  test('gives the lines of a priority no more tokens than they may have', async () => {
    const limits = { tokenBudget: 1_000, byPriority: { low: 60 } };
    const { priorities, text } = await condensed(mixed, { limits });
    expect(priorities.low.tokens).toBeLessThanOrEqual(60);
    expect(text).toContain('KeyError');
  });

  test('refuses limits before it reads anything', async () => {
    const options = { count, limits: { tokenBudget: -1 } };
    await expect(condense({ path: '/nowhere/at/all' }, options)).rejects.toMatchObject({
      code: 'invalid_log_limits',
    });
  });
});
