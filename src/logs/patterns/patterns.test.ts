import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PriorityPattern } from '../options.ts';
import { openSource, type ScannedLog, scanLog } from '../scan/index.ts';
import { Turns } from '../scan/turns.ts';
import { patternText } from './family.ts';
import { splitShapes } from './index.ts';
import { formOfMessage } from './line-form.ts';
import { parsePattern } from './pattern-parser.ts';
import { PatternProgram } from './pattern-program.ts';
import { verdictOf } from './pattern-verdict.ts';

async function scanned(text: string): Promise<ScannedLog> {
  return scanLog(await openSource({ bytes: Buffer.from(text) }));
}

async function split(
  text: string,
  patterns: readonly RegExp[],
  memoryLimitBytes = 1_000_000,
): Promise<ScannedLog> {
  const log = await scanned(text);
  return splitShapes(log, {
    patterns: patterns.map((pattern): PriorityPattern => ({ priority: 'high', pattern })),
    turns: new Turns(undefined),
    memoryLimitBytes,
    firstCoarse: Number.POSITIVE_INFINITY,
  });
}

const verdict = (source: string, message: string): string =>
  verdictOf(new PatternProgram(parsePattern(source), { source, flags: '' }), formOfMessage(message));

describe('verdictOf', () => {
  it('says what a pattern makes of all lines of a form', () => {
    const line = 'order 4711 took 12 ms, user a1b2c3d4e5';
    for (const source of ['order', 'took', 'ms,$|order', 'use?r', '[xyz]|t..k'])
      expect([source, verdict(source, line)]).toEqual([source, 'all']);
    for (const source of ['payment', 'order [x-z]', '^took', 'order$', 'order ms'])
      expect([source, verdict(source, line)]).toEqual([source, 'none']);
    for (const source of [
      'order 4711',
      String.raw`\d{5}`,
      '^order',
      'order  took|order 99',
      'deadbeef',
      '12 ms',
    ])
      expect([source, verdict(source, line)]).toEqual([source, 'some']);
  });
});

const parts = fc.constantFrom(
  'order',
  'took',
  '7',
  '4711',
  '99',
  ' ',
  '  ',
  '\t',
  'ms',
  'deadbeef01',
  'cafe',
  '-',
  ':',
  'x',
);
const lines = fc.array(
  fc.array(parts, { minLength: 1, maxLength: 7 }).map((some) => some.join('')),
  { minLength: 1, maxLength: 60 },
);
const sources = fc.constantFrom(
  'order',
  'order 7',
  '4711',
  String.raw`^order\b`,
  'took$',
  String.raw`\d+ ms`,
  'deadbeef',
  'x?7',
  '[^x]7',
  String.raw`\b99\b`,
  ' {2}',
  'a|7:',
  '^-|x$',
);

describe('splitShapes', () => {
  it('leaves no shape whose lines differ in what they match', async () => {
    await fc.assert(
      fc.asyncProperty(lines, fc.array(sources, { minLength: 1, maxLength: 3 }), async (some, chosen) => {
        const patterns = chosen.map((source) => new RegExp(source));
        const log = await split(some.join('\n'), patterns, 1);
        const first = new Map<number, number>();
        const firstLines = new Map<number, number>();
        const counts = new Map<number, number>();
        for (const [line, text] of some.entries()) {
          const shape = log.shapeOf(line);
          const rule = patterns.findIndex((pattern) => pattern.test(patternText(text)));
          first.set(shape, first.get(shape) ?? rule);
          firstLines.set(shape, firstLines.get(shape) ?? line);
          expect([text, rule]).toEqual([text, first.get(shape)]);
          counts.set(shape, (counts.get(shape) ?? 0) + 1);
        }
        for (const { id, count, firstLine, lastLine } of log.shapes) {
          expect([counts.get(id), firstLines.get(id)]).toEqual([count, firstLine]);
          expect(log.shapeOf(lastLine)).toBe(id);
        }
        log.close();
      }),
      { numRuns: 300 },
    );
  });

  it('reads nothing again where the form alone decides', async () => {
    const text = Array.from({ length: 500 }, (_, i) => `order ${i} took ${i * 7} ms`).join('\n');
    const log = await scanned(text);
    const options = {
      turns: new Turns(undefined),
      memoryLimitBytes: 1000,
      firstCoarse: Number.POSITIVE_INFINITY,
    };
    const of = (pattern: RegExp): Promise<ScannedLog> =>
      splitShapes(log, { ...options, patterns: [{ priority: 'high', pattern }] });
    expect(await of(/order/)).toBe(log);
    expect(await of(/payment \d+/)).toBe(log);
    expect(await of(/order 471 /)).not.toBe(log);
  });

  it('takes patterns that only JavaScript can follow', async () => {
    const log = await split('id 1\nid 22\nid 1\nid 333\nid 22', [/(\d)\1(?!\1)/]);
    expect(Array.from({ length: 5 }, (_, line) => log.shapeOf(line))).toEqual([0, 1, 0, 1, 1]);
    expect(log.shapes).toEqual([
      { id: 0, count: 2, firstLine: 0, lastLine: 2 },
      { id: 1, count: 3, firstLine: 1, lastLine: 4 },
    ]);
  });
});
