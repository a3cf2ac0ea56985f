import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { isPareError } from '../../contract/index.ts';
import { openSource, type ScannedLog, type ScanOptions, scanLog } from './index.ts';
import { ShapeWalk } from './shape-walk.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pare-scan-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function scan(options: ScanOptions): Promise<ScannedLog> {
  return scanLog(await openSource({ path: join(folder, 'log') }), options);
}

/** Ids of the shapes of all lines from one on, by blocks; they are those that `shapeOf` gives. */
function walked(log: ScannedLog, from: number): readonly number[] {
  const blocks = [...new ShapeWalk(log).blocks(from, log.lineCount)].map(({ line, ids }) => [
    line,
    ids.length,
  ]);
  expect(blocks.reduce((sum, [, length = 0]) => sum + length, 0)).toBe(log.lineCount - from);
  const found: number[] = [];
  for (const { line, ids } of new ShapeWalk(log).blocks(from, log.lineCount)) {
    expect(line).toBe(from + found.length);
    found.push(...ids);
  }
  expect(found).toEqual(found.map((_, index) => log.shapeOf(from + index)));
  return found;
}

function allOf(log: ScannedLog): unknown {
  const lines = Array.from({ length: log.lineCount }, (_, line) => line);
  return {
    bytes: log.bytes,
    lineCount: log.lineCount,
    shapes: log.shapes,
    shapeOf: lines.map((line) => log.shapeOf(line)),
    shapesFrom: [0, Math.floor(lines.length / 3)].map((from) => walked(log, from)),
    firstTexts: log.shapes.map(({ id }) => log.firstText(id)),
    offsets: lines.map((line) => log.offsetOf(line)),
    text: log.text(0, log.lineCount),
  };
}

const words = fc.constantFrom(
  'error',
  'info',
  'warn',
  'ok',
  'at',
  'x',
  '12',
  '2024-01-02T03:04:05Z',
  'deadbeef1',
);
const line = fc.array(words, { maxLength: 6 }).map((list) => list.join(' '));
const lines = fc.array(fc.tuple(line, fc.constantFrom('\n', '\r\n', '\r')), { maxLength: 40 });

it('finds with several threads what one finds', async () => {
  await fc.assert(
    fc.asyncProperty(
      lines,
      fc.integer({ min: 1, max: 90 }),
      fc.constantFrom(8, 20, 262_144),
      async (list, partBytes, mostShapes) => {
        await writeFile(join(folder, 'log'), list.flat().join(''));
        const one = await scan({ mostShapes });
        const several = await scan({ workers: 3, partBytes, mostShapes });
        expect(allOf(several)).toEqual(allOf(one));
        one.close();
        several.close();
      },
    ),
    { numRuns: 25 },
  );
}, 120_000);

it('has parts that end at line ends, long lines included', async () => {
  const long = 'word '.repeat(60_000);
  await writeFile(join(folder, 'log'), `a\n${long}\r\nb\r${long}${long}\nc`);
  const one = await scan({});
  const several = await scan({ workers: 2, partBytes: 70_000 });
  expect(allOf(several)).toEqual(allOf(one));
  expect(several.lineCount).toBe(5);
});

it('stops its threads when asked to', async () => {
  await writeFile(join(folder, 'log'), 'some words in a line\n'.repeat(1_000_000));
  const controller = new AbortController();
  const scanning = scan({ workers: 2, partBytes: 500_000, signal: controller.signal });
  setTimeout(() => controller.abort(), 5);
  await expect(scanning).rejects.toSatisfy((error: unknown) => isPareError(error, 'aborted'));
});
