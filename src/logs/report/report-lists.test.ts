import { describe, expect, test } from 'vitest';
import type { LogReport } from '../../contract/index.ts';
import { createLogCondenser } from '../condense.ts';
import type { CondenseOptions } from '../options.ts';

const condense = createLogCondenser();
const count = (text: string): number => Math.ceil(text.length / 3);

function report(lines: readonly string[], options: Partial<CondenseOptions> = {}): Promise<LogReport> {
  return condense({ bytes: Buffer.from(`${lines.join('\n')}\n`) }, { count, ...options });
}

const repeat = (times: number, line: (i: number) => string): string[] =>
  Array.from({ length: times }, (_, i) => line(i));

describe('report.errors', () => {
  test('has each error once, with its type, lines and reference', async () => {
    const { errors } = await report(
      [
        'Starting',
        'error[E0308]: mismatched types',
        '  --> src/main.rs:3:5',
        '   |',
        '3  |     let a: u32 = "x";',
        '',
        'error[E0308]: mismatched types',
        '  --> src/lib.rs:30:5',
        'TypeError: x is not a function',
        '    at run (/app/a.js:1:2)',
        '    at main (/app/a.js:9:2)',
        'done',
      ],
      { reference: 'pare:log1' },
    );
    expect(errors).toEqual([
      {
        type: 'E0308',
        message: 'error[E0308]: mismatched types',
        count: 2,
        firstLine: 2,
        lastLine: 7,
        ref: 'pare:log1#L2-5',
      },
      expect.objectContaining({
        type: 'TypeError',
        message: 'TypeError: x is not a function',
        count: 1,
        ref: 'pare:log1#L9-11',
      }),
    ]);
  });

  test('holds errors for the same that differ in paths, ids and numbers, and in what their line begins with', async () => {
    const { errors } = await report(
      repeat(
        30,
        (i) =>
          `2024-05-01 10:00:0${i % 10} ERROR [w-${i}] c.a.Db - cannot open /data/${'abc'[i % 3]}/${i}.db after ${i} ms`,
      ),
    );
    expect(errors).toHaveLength(1);
    expect(errors[0]).toMatchObject({ count: 30, firstLine: 1, lastLine: 30, ref: '' });
  });

  test('keeps apart tests of different names', async () => {
    const { errors } = await report(['FAIL src/a.test.ts', 'FAIL src/b.test.ts', 'FAIL src/a.test.ts']);
    expect(errors.map((error) => [error.message, error.count])).toEqual([
      ['FAIL src/a.test.ts', 2],
      ['FAIL src/b.test.ts', 1],
    ]);
  });

  test('has at most 200, the most urgent first, whatever the log', async () => {
    const word = (i: number): string =>
      Array.from(String(i), (digit) => 'abcdefghij'[Number(digit)]).join('');
    const lines = repeat(
      20_000,
      (i) => `error: ${word(i)} ${word(i * 7)} ${word(i * 3)} is wrong in ${word(i * 13)}`,
    );
    const { errors } = await report([...lines, 'Traceback (most recent call last):', 'KeyError: late']);
    expect(errors.length).toBeLessThanOrEqual(200);
    for (const { message } of errors) expect(message.length).toBeLessThanOrEqual(300);
  });

  test('cuts long messages', async () => {
    const { errors } = await report([`TypeError: ${'long '.repeat(200)}`]);
    expect(errors[0]?.message).toHaveLength(300);
  });
});

describe('report.templates', () => {
  test('has the forms with most lines, and what they matter', async () => {
    const { templates } = await report([
      ...repeat(50, (i) => `2024-05-01T10:00:00Z INFO  [main] c.a.Http - GET /users/${i} took ${i} ms`),
      ...repeat(
        20,
        (i) => `2024-05-01T10:00:01Z WARN  [main] c.a.Pool - pool ${'abcdefg'[i % 7]} is at ${i}%`,
      ),
      '2024-05-01T10:00:02Z INFO  [main] c.a.Http - stopped',
    ]);
    expect(templates).toHaveLength(2);
    expect(templates[0]).toMatchObject({ count: 50, firstLine: 1, lastLine: 50, priority: 'low' });
    expect(templates[0]?.template).toContain('took <*>');
    expect(templates[1]).toMatchObject({ count: 20, firstLine: 51, lastLine: 70, priority: 'medium' });
  });

  test('tells what varied: how often, how many values, which came first and last, and the range of numbers', async () => {
    const few = (await report(repeat(100, (i) => `order ${i} of user-${i % 7} shipped in ${i % 40} ms`)))
      .templates[0];
    expect(few?.template).toBe('order <*> of user-<*> shipped in <*>');
    expect(few?.slots).toEqual([
      { count: 100, distinct: 100, first: '0', last: '99', numbers: { min: 0, median: 49.5, max: 99 } },
      { count: 100, distinct: 7, first: '0', last: '1', numbers: { min: 0, median: 3, max: 6 } },
      { count: 100, distinct: 40, first: '0 ms', last: '19 ms', numbers: { min: 0, median: 16, max: 39 } },
    ]);
    const many = (await report(repeat(5_000, (i) => `job ${i} waits`))).templates[0];
    expect(many).toMatchObject({ count: 5_000, slots: [{ first: '0', last: '4999' }] });
    expect(many?.slots?.[0]?.count).toBeGreaterThanOrEqual(64);
    expect(many?.slots?.[0]?.count).toBeLessThanOrEqual(129);
  });

  test('has none for lines without words', async () => {
    expect((await report(repeat(20, (i) => '|'.repeat(1 + (i % 3))))).templates).toEqual([]);
  });
});
