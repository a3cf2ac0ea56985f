import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isPareError } from '../../contract/index.ts';
import { openSource, type ScannedLog, type ScanOptions, scanLog } from './index.ts';

const DECODER = new TextDecoder('utf-8', { ignoreBOM: true });

/** Lines of a log, slowly: each byte by itself. */
function slowLines(bytes: Uint8Array): { readonly text: string; readonly offset: number }[] {
  const lines: { text: string; offset: number }[] = [];
  let start = 0;
  for (let at = 0; at < bytes.length; at++) {
    if (bytes[at] !== 10 && bytes[at] !== 13) continue;
    lines.push({ text: DECODER.decode(bytes.subarray(start, at)), offset: start });
    if (bytes[at] === 13 && bytes[at + 1] === 10) at++;
    start = at + 1;
  }
  if (start < bytes.length) lines.push({ text: DECODER.decode(bytes.subarray(start)), offset: start });
  return lines;
}

async function scan(bytes: Uint8Array | string, options?: ScanOptions): Promise<ScannedLog> {
  return scanLog(await openSource({ bytes: Buffer.from(bytes as string) }), options);
}

/** Pieces that logs are made of, and such as are likely to go wrong. */
const piece = fc.oneof(
  fc.constantFrom(
    '\n',
    '\r',
    '\r\n',
    ' ',
    '\t',
    '  ',
    '\x1b[31m',
    '\x1b[0m',
    '\x1b]0;title\x07',
    '\x1b',
    '0x',
  ),
  fc.constantFrom('é', '日本', '😀', '[', ']', ':', '-', '.', 'x', 'dead', 'beef', 'node', 'ERROR', 'a', 'G'),
  fc.nat().map(String),
  fc.stringMatching(/^[0-9a-f]{1,12}$/),
  fc.uuid(),
  fc.string(),
);
const logText = fc.array(piece, { maxLength: 60 }).map((pieces) => pieces.join(''));
const logBytes = fc.oneof(
  logText.map((text) => Buffer.from(text)),
  fc
    .array(fc.oneof(fc.integer({ min: 9, max: 255 }), fc.constantFrom(10, 13, 27, 32, 48, 97)), {
      maxLength: 300,
    })
    .map((bytes) => Buffer.from([97, 98, 99, ...bytes])),
);

function isText(bytes: Uint8Array): boolean {
  const control = bytes.filter((byte) => byte < 32 && ![7, 8, 9, 10, 12, 13, 27].includes(byte)).length;
  return (
    control * 3 <= bytes.length &&
    !bytes.includes(0) &&
    ![0xef, 0xff, 0xfe, 0x1f, 0x28].includes(bytes[0] ?? 0)
  );
}

function expectConsistent(log: ScannedLog): void {
  const seen = new Map<number, { count: number; first: number; last: number }>();
  for (let line = 0; line < log.lineCount; line++) {
    const id = log.shapeOf(line);
    const known = seen.get(id) ?? { count: 0, first: line, last: line };
    seen.set(id, { count: known.count + 1, first: known.first, last: line });
  }
  expect(log.shapes.map(({ id, count, firstLine, lastLine }) => [id, count, firstLine, lastLine])).toEqual(
    [...seen].map(([id, { count, first, last }]) => [id, count, first, last]),
  );
  const firstTexts = [...seen.values()].map(({ first }) => log.text(first, first + 1)[0]);
  expect(log.shapes.map(({ id }) => log.firstText(id))).toEqual(firstTexts);
}

describe('scanLog', () => {
  it('finds the lines that a slow reader finds', async () => {
    await fc.assert(
      fc.asyncProperty(logBytes, async (bytes) => {
        fc.pre(isText(bytes));
        const log = await scan(bytes);
        const wanted = slowLines(bytes);
        expect(log.lineCount).toBe(wanted.length);
        expect(log.text(0, log.lineCount)).toEqual(wanted.map(({ text }) => text));
        expect(wanted.map((_, line) => log.offsetOf(line))).toEqual(wanted.map(({ offset }) => offset));
        expect(log.offsetOf(log.lineCount)).toBe(bytes.length);
        expectConsistent(log);
        log.close();
      }),
      { numRuns: 500 },
    );
  });
});

/** A log of many lines and few shapes. */
function longLog(lines: number): Buffer {
  const line = (index: number): string =>
    [
      '\x1b[32mok\x1b[0m test',
      '',
      '2024-01-02T03:04:05Z INFO started',
      'at frame',
      `name${'abcde'[index % 5]} done`,
    ][(index * 7) % 5] + (index % 3 === 0 ? ` ${index}` : '');
  return Buffer.from(
    Array.from({ length: lines }, (_, index) => line(index) + ['\n', '\r\n', '\r'][index % 3]).join(''),
  );
}

describe('lines and blocks', () => {
  it('finds the same wherever a block ends', async () => {
    const tail = Buffer.from(
      'ab\r\ncd\rid deadbeef12 x\n\r\n\n\x1b[31mred\x1b[0m\r2024-01-02T03:04:05Z x\r\n\r',
    );
    for (let shift = 0; shift <= tail.length + 1; shift++) {
      const lead = Buffer.alloc(65_536 - shift, 'some words of a line\n');
      const bytes = Buffer.concat([lead, tail, tail]);
      const log = await scan(bytes, { blockBytes: 65_536 });
      const whole = await scan(bytes, { blockBytes: 1_048_576 });
      expect(log.text(3000, log.lineCount)).toEqual(
        slowLines(bytes)
          .slice(3000)
          .map(({ text }) => text),
      );
      expect(log.shapes).toEqual(whole.shapes);
      expectConsistent(log);
    }
  });

  it.each([16_383, 16_384, 16_385, 16_576, 65_535, 65_536, 65_537, 300_000])(
    'takes a line of %i bytes as one, and cuts it in the middle',
    async (length) => {
      for (const end of ['\n', '\r', '\r\n', '']) {
        const long = 'word '.repeat(length / 5 + 1).slice(0, length);
        const bytes = Buffer.from(`before\n${long}${end}${end === '' ? '' : `after${end}${long}y${end}`}`);
        const log = await scan(bytes, { blockBytes: 65_536 });
        const lines = slowLines(bytes);
        expect(log.lineCount).toBe(lines.length);
        expect(lines.map((_, line) => log.offsetOf(line))).toEqual(lines.map(({ offset }) => offset));
        const isCut = length > 16_384;
        const cut = `${long.slice(0, 8192)}… ${length - 16_384} bytes left out …${long.slice(-8192)}`;
        expect(log.text(1, 2)).toEqual([isCut ? cut : long]);
        // What comes after 16 KiB does not change a shape.
        const shapes = new Set(lines.map((_, line) => log.shapeOf(line)));
        expect(shapes.size).toBe(end === '' ? 2 : length >= 16_384 ? 3 : 4);
        expectConsistent(log);
      }
    },
  );

  it('cuts no character in half', async () => {
    const log = await scan(`a${'日'.repeat(10_000)}\n`);
    const [text] = log.text(0, 1);
    expect(text).toMatch(/^a日+… \d+ bytes left out …日+$/);
  });

  it('gives any lines, in any order', async () => {
    const bytes = longLog(200_000);
    const wanted = slowLines(bytes);
    const log = await scan(bytes);
    expect(log.lineCount).toBe(wanted.length);
    for (let from = 199_990; from >= 0; from -= 7919) {
      expect(log.text(from, from + 5)).toEqual(wanted.slice(from, from + 5).map(({ text }) => text));
    }
    expect(log.text(5, 5)).toEqual([]);
    expect(log.text(199_999, 300_000)).toHaveLength(1);
    expect(() => log.shapeOf(200_000)).toThrow('There is no line 200000');
    log.close();
  });

  it('needs no more memory than it may have', async () => {
    const bytes = longLog(300_000);
    const log = await scan(bytes, { memoryLimitBytes: 1000 });
    const free = await scan(bytes);
    expectConsistent(log);
    expect(log.shapes).toEqual(free.shapes);
    expect(log.text(299_000, 299_900)).toEqual(free.text(299_000, 299_900));
    expect(log.offsetOf(123_456)).toBe(free.offsetOf(123_456));
    log.close();
    free.close();
  });

  it('puts lines under coarser shapes when there are too many', async () => {
    const lines = Array.from(
      { length: 3000 },
      (_, index) => `w${'abcdefghij'[index % 10]} x y ${word(index)}`,
    );
    const log = await scan(lines.join('\n'), { mostShapes: 320 });
    expectConsistent(log);
    expect(log.shapes.length).toBeLessThanOrEqual(320);
    // The first 299 have their own; the others share those of their first three words.
    expect(log.shapes.length).toBe(309);
    const scattered = Array.from({ length: 3000 }, (_, index) => word(index));
    const overflowing = await scan(scattered.join('\n'), { mostShapes: 320 });
    expectConsistent(overflowing);
    expect(overflowing.shapes.length).toBe(320);
    expect(overflowing.shapes[319]?.count).toBe(3000 - 319);
  });

  it('stops when asked to', async () => {
    const controller = new AbortController();
    const source = await openSource({ bytes: longLog(200_000) });
    const scanning = scanLog(source, {
      signal: controller.signal,
      blockBytes: 65_536,
      onProgress: () => {
        controller.abort();
        const until = performance.now() + 15;
        while (performance.now() < until);
      },
    });
    await expect(scanning).rejects.toSatisfy((error: unknown) => isPareError(error, 'aborted'));
    await expect(scanLog(source, { signal: AbortSignal.abort() })).rejects.toThrow('aborted');
  });
});

/** A word of letters for a number. */
function word(index: number): string {
  return index.toString(26).replaceAll(/[0-9]/g, (digit) => 'qrstuvwxyz'[Number(digit)] ?? '');
}
