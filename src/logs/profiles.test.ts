import { describe, expect, test } from 'vitest';
import { createLogCondenser } from './condense.ts';
import type { CondenseOptions } from './options.ts';

const condense = createLogCondenser();
const count = (text: string): number => text.length;

async function made(lines: readonly string[], options: Partial<CondenseOptions> = {}) {
  return condense({ bytes: Buffer.from(`${lines.join('\n')}\n`) }, { count, ...options });
}

const events = Array.from(
  { length: 100 },
  (_, i) => `2024-05-01T10:00:00Z INFO  Worker - job ${'abcdefghij'[i % 10]} done`,
);

describe('profileOf', () => {
  test('results of tests make a log one of tests', async () => {
    const lines = [
      ...events,
      'PASS src/a.test.ts',
      'FAIL src/b.test.ts',
      'Tests:       1 failed, 1 passed, 2 total',
    ];
    expect((await made(lines)).profile).toBe('test_logs');
  });

  test('errors and stack traces make it one of errors', async () => {
    const lines = [
      ...events,
      'java.lang.IllegalStateException: no',
      '\tat a.B.run(B.java:1)',
      '\tat a.C.run(C.java:1)',
    ];
    expect((await made(lines)).profile).toBe('error_logs');
  });

  test('anything else is information, unless the caller says otherwise', async () => {
    expect((await made(events)).profile).toBe('info_logs');
    expect((await made(events, { profile: 'error_logs' })).profile).toBe('error_logs');
  });
});

describe('patterns of the caller', () => {
  const lines = ['INFO deployed v3', 'ERROR: the known one', 'ERROR: another one', 'nothing'];

  test('come before the built-in rules, in both directions', async () => {
    const { priorities, errors } = await made(lines, {
      patterns: [
        { priority: 'critical', pattern: /DEPLOYED/i },
        { priority: 'verbose', pattern: /known one/ },
      ],
    });
    expect(priorities.critical.lines).toBe(1);
    expect(priorities.verbose.lines).toBe(1);
    expect(errors.map(({ message }) => message)).toEqual(['INFO deployed v3', 'ERROR: another one']);
  });

  test('a pattern with flags g and y matches in every line', async () => {
    const patterns = [{ priority: 'critical' as const, pattern: /job/gy }];
    const { priorities } = await made(['job a', 'job b', 'job c', 'a job'], { patterns });
    expect(priorities.critical.lines).toBe(4);
  });
});
