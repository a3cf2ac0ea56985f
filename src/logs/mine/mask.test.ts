import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mask, nameSlots } from './mask.ts';

const named = (message: string): string => nameSlots(mask(message).text);

describe('mask', () => {
  test.each([
    ['sent 12 of 3.5 rows, 40% left', 'sent <NUM> of <NUM> rows, <NUM> left'],
    ['offset -17 at +3', 'offset <NUM> at <NUM>'],
    ['took 12ms, 1h2m3s or 4 seconds', 'took <DURATION>, <DURATION> or <DURATION>'],
    ['freed 4.5 MB and 12kB', 'freed <SIZE> and <SIZE>'],
    ['peer 10.1.2.3:8080 from 10.0.0.0/8', 'peer <IP> from <IP>'],
    ['peer node-a/10.1.2.3:80 or /10.1.2.4', 'peer <IP> or <IP>'],
    ['peer fe80::1 and ::1', 'peer <IP> and <IP>'],
    ['proxy www.example.org:443 up', 'proxy <HOST> up'],
    ['nic 00:1a:2b:3c:4d:5e down', 'nic <MAC> down'],
    ['at 0x7ffe12 and deadbeef01', 'at <HEX> and <HEX>'],
    ['task 123e4567-e89b-12d3-a456-426614174000 ok', 'task <UUID> ok'],
    ['read /var/lib/x.db and ./run', 'read <PATH> and <PATH>'],
    ['read C:\\Temp\\a b', 'read <PATH> b'],
    ['get https://example.org/a?b=c, then', 'get <URL>, then'],
    ['mail to ann.lee@example.org', 'mail to <EMAIL>'],
    ['since 2024-03-01T10:11:12.345Z', 'since <TIME>'],
    ['since Mon Mar  4 10:11:12 2024', 'since <TIME>'],
    ['since 04/Mar/2024:10:11:12 +0100', 'since <TIME>'],
    ['at 10:11:12,345', 'at <TIME>'],
    ['running 1.22.3-beta', 'running <VERSION>'],
    ['block blk_-55 of job_17_0003_m_1', 'block blk_<NUM> of job_<ID>'],
    ['worker12 on rack-b7 near sn44', 'worker<NUM> on rack-<ID> near <ID>'],
    ['log4j and Base64Decoder stay', 'log4j and Base64Decoder stay'],
    ['owner=null and null', 'owner=<NULL> and null'],
    ['tag="some words" says "get it"', 'tag=<TEXT> says "get it"'],
    ['ready: true', 'ready: true'],
  ])('%s', (message, expected) => {
    expect(named(message)).toBe(expected);
  });

  test('values stand for the marks in order', () => {
    expect(mask('a 1 b x_2 c /d/e').values).toEqual(['1', '2', '/d/e']);
  });

  test('putting the values back gives the message', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (message) => {
        const { text, values } = mask(message);
        let next = 0;
        const back = text.replaceAll(/[\uE000-\uE010]/g, () => values[next++] ?? '');
        expect(back).toBe(message.replaceAll(/[\uE000-\uE010]/g, '\uFFFD'));
        expect(next).toBe(values.length);
      }),
    );
  });

  test.each([
    'a',
    '1',
    '1.',
    '1,',
    'a1',
    '-',
    'a-',
    '/',
    '/a',
    '/.',
    '~',
    ':',
    'a:',
    '::',
    'f:',
    '12:',
    '"',
    '="',
    '@',
    'a@',
    'a.',
    '1s',
    'Mon ',
    '\\',
    '_-',
    '0x',
  ])('takes time in proportion to the length of a run of %j', (unit) => {
    const timeOf = (length: number): number => {
      const text = unit.repeat(Math.ceil(length / unit.length));
      const started = performance.now();
      mask(text);
      return performance.now() - started;
    };
    timeOf(4000);
    const best = (length: number): number => Math.min(timeOf(length), timeOf(length), timeOf(length));
    // Eight times the length takes 64 times as long where time is quadratic.
    expect(best(64_000) / Math.max(best(8000), 0.5)).toBeLessThan(32);
  });
});
