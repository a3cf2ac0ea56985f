import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KERNEL_SOURCE } from './kernel.gen.ts';
import { Kernel } from './kernel.ts';

const HEX_ID = /(?=[a-f]*[0-9])[0-9a-f]{8,}(?:(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})?/iy;
/** Where an escape stood: it ends a run of hex digits, and is gone otherwise. */
const GONE = '\u{100}';
// oxlint-disable-next-line no-control-regex
const ESCAPES = /\x1b(?:\[[^\x40-\x7e]*[\x40-\x7e]?|\](?:[^\x07\x1b])*(?:\x07|\x1b\\)?|[^[\]])?/g;

/** What is left of a line when what varies is masked, slowly. Leading times are not its business. */
function slowMask(line: string): string {
  const text = line.replaceAll(ESCAPES, GONE);
  let masked = '';
  for (let at = 0; at < text.length; ) {
    HEX_ID.lastIndex = at;
    const isId = HEX_ID.test(text);
    masked += isId ? '0' : text[at];
    at = isId ? HEX_ID.lastIndex : at + 1;
  }
  return masked
    .replaceAll(GONE, '')
    .replaceAll(/[0-9]+/g, '0')
    .replaceAll(/[ \t]+/g, ' ')
    .replace(/ $/, '');
}

const kernel = new Kernel(65_536);

function maskOf(line: Uint8Array | string): string {
  const bytes = Buffer.from(line as string);
  kernel.block.fill(120, 0, 2000);
  kernel.block.set(bytes);
  kernel.block[bytes.length] = 10;
  kernel.describe(0);
  return Buffer.from(kernel.masked()).toString('latin1');
}

/** Pieces that lines are made of, and such as are likely to go wrong. */
const piece = fc.oneof(
  fc.constantFrom(
    ' ',
    '\t',
    '   ',
    '\x1b[31m',
    '\x1b[0m',
    '\x1b[2A',
    '\x1b]0;title\x07',
    '\x1b]8;;u\x1b\\',
    '\x1b',
  ),
  fc.constantFrom(
    'é',
    '日本',
    '😀',
    '[',
    ']',
    ':',
    '-',
    '.',
    'x',
    'dead',
    'beef',
    'node',
    'ERROR',
    'a',
    'G',
    '0x',
  ),
  fc.nat().map(String),
  fc.stringMatching(/^[0-9a-f]{1,20}$/),
  fc.stringMatching(/^[a-f]{1,40}$/),
  fc.uuid(),
  fc.string(),
);
const line = fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join('').replaceAll(/[\r\n]/g, ''));

describe('Kernel', () => {
  it('is what kernel.as compiles to', () => {
    const source = readFileSync(new URL('./kernel.as', import.meta.url));
    expect(KERNEL_SOURCE).toBe(createHash('sha256').update(source).digest('hex'));
  });

  it('masks as a slow reader does', () => {
    fc.assert(
      fc.property(line, (text) => {
        // A letter before it: a time at its beginning would go.
        expect(maskOf(`q${text}`)).toBe(slowMask(Buffer.from(`q${text}`).toString('latin1')));
      }),
      { numRuns: 5000 },
    );
  });

  it.each([
    ['node12 of 7', 'node0 of 0'],
    ['id 550e8400-e29b-41d4-a716-446655440000 done', 'id 0 done'],
    ['12345678-e29b-41d4-a716-446655440000', '0'],
    ['commit deadbeefcafe1', 'commit 0'],
    ['commit deadbeef and cafebabe', 'commit deadbeef and cafebabe'],
    ['at 0x00007ffe12ab 10.0.0.1:8080', 'at 0x0 0.0.0.0:0'],
    ['\x1b[1m\x1b[31merror\x1b[0m:   x  \x1b[0m ', 'error: x'],
    ['\x1b]0;title\x07ok', 'ok'],
    ['', ''],
    ['   ', ''],
  ])('masks %j as %j', (text, masked) => {
    expect(maskOf(text)).toBe(masked);
  });

  it.each([
    '2024-01-02T03:04:05.123456Z ',
    '2024-01-02 03:04:05,123 ',
    '2024-01-02T03:04:05+02:00 ',
    '2024/01/02 03:04:05 ',
    '24/01/02 03:04:05 ',
    '02/Jan/2024:03:04:05 +0000 ',
    '[02/Jan/2024:03:04:05 +0000] ',
    'Jan  2 03:04:05 ',
    'Mon Jan  2 03:04:05 ',
    '[2024-01-02 03:04:05] ',
    '(03:04:05) ',
    '03:04:05.678 ',
    '[   12.345678] ',
    '1700000000 ',
    '1700000000123 ',
    '2024-01-02 ',
  ])('takes off the time %j', (time) => {
    expect(maskOf(`${time}worker 3 started`)).toBe('worker 0 started');
  });

  it.each([
    '12 passed',
    '2024-01-02Foo',
    '12:34 error',
    'January',
    'May be',
    '[ERROR] x',
    '(see 12)',
    '1.2.3 x',
  ])('takes no time off %j', (text) => {
    expect(maskOf(text)).toBe(slowMask(text));
  });
});
