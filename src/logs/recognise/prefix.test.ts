import { describe, expect, it } from 'vitest';
import { splitPrefix, stripColours } from './prefix.ts';

describe('splitPrefix', () => {
  it('parts times and runner names from the message', () => {
    const cases: readonly (readonly [prefix: string, message: string])[] = [
      ['2026-01-01T00:00:00.0000000Z ', '##[group]Run npm ci'],
      ['2026-01-01T00:00:00.0000000Z ', '    at total (cart.js:3:1)'],
      ['2026-01-01 12:34:56,789 ', 'INFO [main] shop.Cart: hello'],
      ['2026/01/01 12:34:56 ', '[error] 7#0: gone'],
      ['[12:34:56] ', 'compiled'],
      ['12:34:56.789 ', 'compiled'],
      ['1767225600 ', 'compiled'],
      ['[2026-01-01T00:00:00Z] ', 'compiled'],
      ['Jan  2 03:04:05 host cart[123]: ', 'listening'],
      ['web-1  | ', 'listening'],
      ['2026-01-01T00:00:00Z web-1  | ', 'listening'],
      ['[pod/cart-5d/app] ', 'listening'],
      ['[gw0] [ 12%] ', 'PASSED tests/test_a.py::test_b'],
      ['@shop/cart:build: ', 'compiled'],
      ['cart:test: ', 'ok'],
      ['#12 3.456 ', 'make: done'],
      ['[task 2026-01-01T00:00:00.000Z] 00:00:00 ', '    INFO - TEST-START | a.html'],
      ['travis_fold:start:install\r', 'Installing'],
      ['travis_time:end:0a1b:start=1,finish=2,duration=1\r', '$ make'],
      ['section_start:1767225600:build\r', 'Building'],
      ['build\tRun tests\t2026-01-01T00:00:00.0Z ', 'ok'],
      ['03-17 16:13:38.811 ', ' 1702  2395 D Cart: hello'],
      ['02 01 2026 12:34:56.789:', 'ERROR [launcher]: gone'],
    ];
    for (const [prefix, message] of cases) {
      expect(splitPrefix(prefix + message)).toEqual({ prefix, message });
    }
  });

  it('INV-L3 never eats content', () => {
    const whole = [
      'src/a.ts:12:34: error',
      'ERROR: foo',
      'INFO - hello',
      'make: *** [all] Error 2',
      '12:34: unexpected token',
      '  3:14  error  bad  no-bad',
      '12 | const x = 3;',
      '[INFO] BUILD SUCCESS',
      '[  FAILED  ] Cart.AddsUp',
      '[ 42%] Building CXX object',
      '[3/12] Linking',
      'File      | % Stmts | % Branch',
      '#0 /app/cart.php(30): total()',
      '#12 ERROR: process failed',
      'fatal: not a repository',
      'java.lang.Error: gone',
      '1) cart adds up',
      '100% tests passed',
      'E0102 12:34:56.123456    1234 cart.go:30] gone',
    ];
    for (const line of whole) expect(splitPrefix(line)).toEqual({ prefix: '', message: line });
  });

  it('loses no character and takes linear time', () => {
    for (const piece of ['1', ' ', '[', 'a', '2026-01-01 ', 'a-1 | ', '<', '\t', '12:', '@a/']) {
      const line = piece.repeat(Math.ceil(100_000 / piece.length));
      const start = performance.now();
      const { prefix, message } = splitPrefix(line);
      expect(performance.now() - start).toBeLessThan(500);
      expect(prefix + message).toBe(line);
    }
  });
});

describe('stripColours', () => {
  it('removes escapes, with and without their ESC byte', () => {
    const cases: readonly (readonly [from: string, to: string])[] = [
      ['\u001b[31mred\u001b[0m', 'red'],
      ['\u001b[1m\u001b[38;5;12m-->\u001b[0m x', '--> x'],
      ['\u001b]8;;http://a\u0007link\u001b]8;;\u0007', 'link'],
      ['\u001b[0K$ make', '$ make'],
      ['[0mplain [36;1mblue[0m', 'plain blue'],
      ['^[[32mok^[[0m', 'ok'],
      ['\\u001b[31mred\\u001b[39m', 'red'],
    ];
    for (const [from, to] of cases) expect(stripColours(from)).toBe(to);
  });

  it('INV-L3 leaves brackets that are no colours', () => {
    for (const text of [
      'rate(x[5m])',
      'a[0]',
      '[12:34:56] x',
      '[KEY] x',
      '[31] m',
      '[1m30s] took',
      'x[10m]',
    ]) {
      expect(stripColours(text)).toBe(text);
    }
  });

  it('takes linear time', () => {
    for (const piece of ['\u001b', '\u001b[', '\u001b]', '[', '[0', '^[[', '\u001b[1;']) {
      const start = performance.now();
      stripColours(piece.repeat(100_000));
      expect(performance.now() - start).toBeLessThan(500);
    }
  });
});
