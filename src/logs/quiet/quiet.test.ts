import { describe, expect, test } from 'vitest';
import type { LogReport } from '../../contract/index.ts';
import { createLogCondenser } from '../condense.ts';
import type { CondenseOptions } from '../options.ts';

const condense = createLogCondenser();
const count = (text: string): number => Math.ceil(text.length / 3);

async function errors(
  lines: readonly string[],
  options: Partial<CondenseOptions> = {},
): Promise<LogReport['errors']> {
  const { errors: found } = await condense(
    { bytes: Buffer.from(`${lines.join('\n')}\n`) },
    { count, ...options },
  );
  return found;
}

const SCRIPT = [
  '##[group]Run ./check.sh',
  '\u001B[36;1mif [ ! -f app.js ]; then\u001B[0m',
  '\u001B[36;1m  echo "Error: app.js is missing"\u001B[0m',
  '\u001B[36;1m  say "FAILED: no app"\u001B[0m',
  '\u001B[36;1m  exit 1\u001B[0m',
  'env:',
  '  ON_FAILURE: fatal: stop',
  '##[endgroup]',
];

describe('scripts that a runner prints before it runs them', () => {
  test('INV-L3 hold no errors, whatever they would print', async () => {
    expect(await errors([...SCRIPT, 'all fine'])).toEqual([]);
    const timed = [...SCRIPT, 'Error: app.js is missing'].map(
      (line, i) => `2024-05-01T10:00:0${i}.0000000Z ${line}`,
    );
    expect(await errors(timed)).toEqual([
      expect.objectContaining({ message: 'Error: app.js is missing', firstLine: 9, count: 1 }),
    ]);
  });

  test("are Azure's, too", async () => {
    const log = [
      'Generating script.',
      'Script contents:',
      'test -f app.js || die "ERROR: no app.js"',
      '========================== Starting Command Output ===========================',
      'ERROR: no package.json',
    ];
    expect((await errors(log)).map(({ message }) => message)).toEqual(['ERROR: no package.json']);
  });

  test('do not hide what is printed elsewhere in the same words', async () => {
    const log = ['##[group]Run cat', 'fatal: no such thing', '##[endgroup]', 'fatal: no such thing'];
    expect(await errors(log)).toEqual([expect.objectContaining({ message: 'fatal: no such thing' })]);
  });

  test('end at some point even where nothing says so', async () => {
    const filler = Array.from({ length: 1200 }, (_, i) => `step ${i}`);
    expect(await errors(['##[group]Run x', ...filler, 'fatal: it broke'])).toHaveLength(1);
  });

  test('hold what the caller looks for', async () => {
    const patterns = [{ priority: 'critical', pattern: /no app/ }] as const;
    expect(await errors(SCRIPT, { patterns })).toHaveLength(1);
  });

  test('may stand anywhere, as shells trace and echo them', async () => {
    const log = [
      '+ echo "Error: it failed"',
      '++ exit 1',
      '$ make || echo "ERROR: it failed"',
      'if ! make; then echo "Error: it failed"; exit 1; fi',
      '\techo "FAILED tests"; \\',
      '@echo "Error: no python" && exit 1',
      '#12 [5/7] RUN make || (echo "Error: it failed" && exit 1)',
    ];
    expect(await errors(log)).toEqual([]);
  });
});

describe('what tests printed', () => {
  const passing = [
    '=== RUN   TestA',
    '    a_test.go:3: could not reach the cache, trying again',
    '--- PASS: TestA (0.00s)',
  ];

  test('is no error where the test passed', async () => {
    expect(await errors([...passing, 'PASS', 'ok  \tx/a\t0.01s'])).toEqual([]);
    const passes = [
      '==================================== PASSES ====================================',
      '_________________________________ test_case ___________________________________',
      'ERROR    svc:test_a.py:4 could not connect, trying again',
      '=========================== short test summary info ============================',
      '1 passed in 0.01s',
    ];
    expect(await errors(passes)).toEqual([]);
  });

  test('is one where it failed, or printed the same and failed elsewhere', async () => {
    const failing = [
      '=== RUN   TestB',
      '    b_test.go:9: sum = 3; want 2',
      '--- FAIL: TestB (0.00s)',
      'FAIL',
    ];
    const found = (await errors([...passing, ...failing])).map(({ message }) => message);
    expect(found).toContain('b_test.go:9: sum = 3; want 2');
    expect(found.join()).not.toContain('trying again');
    const same = ['=== RUN   TestC', passing[1] as string, '--- FAIL: TestC (0.00s)', 'FAIL'];
    expect((await errors([...passing, ...same])).map(({ message }) => message).join()).toContain(
      'trying again',
    );
  });
});
