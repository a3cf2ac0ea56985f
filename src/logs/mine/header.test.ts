import { describe, expect, test } from 'vitest';
import { learnHeader } from './header.ts';

const SAID = [
  'connection closed by peer',
  'cache miss for key users',
  'retrying in 5 seconds',
  'loaded 12 plugins',
  'listening on port 8080',
  'flush of table orders finished',
  'no route to host',
  'user ann logged in',
  'session expired',
  'cannot open file /tmp/x',
];

/** Lines of one format, each with another message. */
function log(format: (n: number) => string, said: readonly string[] = SAID): string[] {
  return [...said, ...said.map((text) => `${text} again`)].map((text, n) => format(n) + text);
}

const pad = (n: number): string => String(n).padStart(2, '0');

describe('learnHeader', () => {
  test.each<[string, (n: number) => string]>([
    [
      'syslog',
      (n) => `Mar  ${(n % 9) + 1} 10:11:${pad(n)} web${n % 3} ${['cron', 'sshd(pam)'][n % 2]}[${n}]: `,
    ],
    ['ISO time and level', (n) => `2024-03-01T10:11:${pad(n)}.123Z ${['INFO', 'WARN'][n % 2]} `],
    [
      'log4j with thread',
      (n) => `2024-03-01 10:11:${pad(n)},123 INFO [worker pool ${n}] org.example.C${n}: `,
    ],
    ['level after a dash', (n) => `2024-03-01 10:11:${pad(n)},12 - WARN  [T:${n}@9] - `],
    ['httpd errors', (n) => `[Mon Mar 04 10:11:${pad(n)} 2024] [${['notice', 'error'][n % 2]}] `],
    ['pipes', (n) => `20240301-10:11:${pad(n)}:606|Part_${'abc'[n % 3]}|3000${n}|`],
    ['epoch and node', (n) => `${n + 1000} node-${n} unix.hw net.state 17000000${pad(n)} 1 `],
    ['two numbers and one letter', (n) => `03-01 10:11:${pad(n)}.811  1${n}  2${n} ${'DIW'[n % 3]} `],
    [
      'names of several words',
      (n) => `10:11:${pad(n)} host ${['Some Helper', 'kernel', 'a b c'][n % 3]}[${n}]: `,
    ],
    ['level alone', (n) => `[${['INFO', 'ERROR'][n % 2]}] `],
  ])('takes off the header: %s', (_, format) => {
    const lines = log(format);
    const strip = learnHeader(lines);
    expect(lines.map(strip)).toEqual(log(() => ''));
  });

  test('leaves lines that begin otherwise whole', () => {
    const strip = learnHeader(log((n) => `2024-03-01 10:11:${pad(n)} INFO `));
    expect(strip('    at org.example.Main.run(Main.java:12)')).toBe(
      '    at org.example.Main.run(Main.java:12)',
    );
  });

  test('leaves a log without times and levels whole', () => {
    const lines = log((n) => `part${n} `);
    expect(lines.map(learnHeader(lines))).toEqual(lines);
  });

  test('needs more than a few lines', () => {
    const lines = ['2024-03-01 INFO one', '2024-03-01 INFO two'];
    expect(lines.map(learnHeader(lines))).toEqual(lines);
    expect(learnHeader([])('x')).toBe('x');
  });
});
