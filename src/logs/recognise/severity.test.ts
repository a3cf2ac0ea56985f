import { describe, expect, it } from 'vitest';
import { createClassifier } from './classify.ts';

const classify = createClassifier();

describe('severity words in context', () => {
  it('INV-L3 do not count where nothing went wrong', () => {
    const calm = [
      '0 errors',
      '0 failed',
      'Compiled with 0 errors and 0 warnings',
      'no errors found',
      'error handling enabled',
      'test_error_message (tests.A) ... ok',
      'flags: -Wall -Werror -O2',
      'ErrorBoundary.tsx compiled',
      'src/components/ErrorBoundary.tsx 3.1 kB',
      'libgpg-error0 is already the newest version',
      'running with --fail-fast',
      'errors: 0',
      'failed=0 changed=3',
      '"failures": 0,',
      'finished without errors',
      'fetched https://example.test/errors/not-found?failed=1',
      'exit code: 0',
      'errors = None',
      'loaded /opt/app/lib/exceptions/failure.py',
    ];
    const wrong = calm
      .map((line) => ({ line, ...classify(line) }))
      .filter(
        ({ role, priority }) =>
          ['error', 'failure', 'warning', 'cause'].includes(role) || ['critical', 'high'].includes(priority),
      );
    expect(wrong).toEqual([]);
  });

  it('count where something did', () => {
    const loud = [
      'ERROR: disk is gone',
      'error: disk is gone',
      '[ERROR] disk is gone',
      'time=now level=error msg="disk is gone"',
      '{"level":"error","msg":"disk is gone"}',
      '{"level":50,"time":1,"msg":"disk is gone"}',
      'FATAL disk is gone',
      'panic: disk is gone',
      'shop.CartException was thrown',
      'failed to read the disk',
      'could not read the disk',
      'cannot read the disk',
      'unable to read the disk',
      'Segmentation fault',
      'Aborted (core dumped)',
      'access denied for user',
      'connection refused',
      'the request timed out',
      'module cart not found',
      'undefined reference to `total`',
      'Assertion failed in total',
      'E0102 12:34:56.123456    1234 cart.go:30] disk is gone',
      '2026/01/02 12:00:00 [error] 7#0: *1 open() of a file',
    ];
    const missed = loud
      .map((line) => ({ line, ...classify(line) }))
      .filter(({ role }) => !['error', 'failure', 'exit'].includes(role));
    expect(missed).toEqual([]);
  });

  it('take fatal levels for critical and reads the type', () => {
    expect(classify('FATAL disk is gone').priority).toBe('critical');
    expect(classify('worker stopped: shop.cart.PriceError in total').errorType).toBe('shop.cart.PriceError');
  });

  it('lets the level of a log format decide over soft words', () => {
    expect(classify('INFO  [main] shop.Cart - retry after failed attempt').priority).toBe('low');
    expect(classify('DEBUG shop.cart: error 3').priority).toBe('verbose');
    expect(classify('WARN  [main] shop.Cart - slow').priority).toBe('medium');
    expect(classify('[main] ERROR shop.Cart - gone').priority).toBe('high');
  });

  it('looks through the level of a harness at the message', () => {
    expect(classify('    INFO -  TEST-UNEXPECTED-FAIL | a.html | got 1').role).toBe('failure');
    expect(classify('INFO - PID 12 | TEST-PASS | a.html | fine').role).toBe('pass');
  });

  it('INV-L3 keeps a line without any sign as information', () => {
    expect(classify('the cart holds three apples')).toEqual({
      role: 'info',
      priority: 'low',
      family: 'generic',
      by: 'plain',
    });
    expect(classify('').priority).toBe('low');
  });
});
