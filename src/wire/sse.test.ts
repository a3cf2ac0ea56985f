import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSseParser, formatSse } from './sse.ts';

type Event = readonly [type: string, data: string];

function parse(chunks: readonly Uint8Array[], maxEventBytes?: number): { events: Event[]; oversize: number } {
  const events: Event[] = [];
  let oversize = 0;
  const parser = createSseParser(
    { onEvent: (type, data) => events.push([type, data]), onOversize: () => oversize++ },
    maxEventBytes === undefined ? {} : { maxEventBytes },
  );
  for (const chunk of chunks) parser.push(chunk);
  parser.end();
  return { events, oversize };
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

function split(data: Uint8Array, cuts: readonly number[]): Uint8Array[] {
  const points = [0, ...cuts.map((cut) => cut % (data.length + 1)).sort((a, b) => a - b), data.length];
  return points.slice(1).map((end, i) => data.subarray(points[i], end));
}

describe('createSseParser', () => {
  it.each(['\n', '\r', '\r\n'])('reads fields, comments and several data lines with line end %j', (end) => {
    const text = [
      '﻿: comment',
      'event: x',
      'id: 1',
      'data: a é😀',
      'data',
      'data:  b',
      '',
      'data: c',
      '',
      '',
    ].join(end);
    expect(parse([bytes(text)]).events).toEqual([
      ['x', 'a é😀\n\n b'],
      ['', 'c'],
    ]);
  });

  it('gives out the last event when the final blank line or line end is missing', () => {
    expect(parse([bytes('data: 1\n\ndata: 2')]).events).toEqual([
      ['', '1'],
      ['', '2'],
    ]);
    expect(parse([bytes('data: 1\n')]).events).toEqual([['', '1']]);
  });

  it('dispatches nothing for an event without data', () => {
    expect(parse([bytes('event: ping\n\n: x\n\n\n')]).events).toEqual([]);
  });

  it('gives the same events under any split of the bytes (INV-S1)', () => {
    const line = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 12 }).map((text) => `data: ${text.replaceAll(/[\r\n]/g, '')}`),
      fc.constantFrom('', 'event: e', ': c', 'data', 'data:x', 'id: 7', 'retry', '日本: 語'),
    );
    const stream = fc
      .array(fc.tuple(line, fc.constantFrom('\n', '\r', '\r\n')), { maxLength: 20 })
      .map((lines) => bytes(lines.flat().join('')));
    fc.assert(
      fc.property(stream, fc.array(fc.nat(), { maxLength: 12 }), fc.boolean(), (data, cuts, byteWise) => {
        const chunks = byteWise ? Array.from(data, (_, i) => data.subarray(i, i + 1)) : split(data, cuts);
        expect(parse(chunks)).toEqual(parse([data]));
      }),
      { numRuns: 500 },
    );
  }, 60_000);

  it('drops an event past the limit whole, says so, and goes on with the next (INV-S4)', () => {
    const text = `data: ${'x'.repeat(100)}\ndata: y\n\ndata: small\n\n`;
    for (const chunks of [[bytes(text)], Array.from(bytes(text), (byte) => Uint8Array.of(byte))]) {
      expect(parse(chunks, 50)).toEqual({ events: [['', 'small']], oversize: 1 });
    }
    expect(parse([bytes('data: 123\n\n')], 9)).toEqual({ events: [['', '123']], oversize: 0 });
    expect(parse([bytes('data: 1234\n\n')], 9)).toEqual({ events: [], oversize: 1 });
  });

  it('takes a long line in single bytes without copying it anew for each', () => {
    const data = bytes(`data: ${'x'.repeat(300_000)}\n\n`);
    const { events } = parse(Array.from(data, (_, i) => data.subarray(i, i + 1)));
    expect(events[0]?.[1].length).toBe(300_000);
  });
});

it('formats events that parse back', () => {
  expect(parse([bytes(formatSse('{"a":1}', 'x') + formatSse('[DONE]'))]).events).toEqual([
    ['x', '{"a":1}'],
    ['', '[DONE]'],
  ]);
});
