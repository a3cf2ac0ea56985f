import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assert, property, string } from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeEmbedder } from '../../testing/conformance/embedder.ts';
import { createStaticEmbedder } from './static-embedder.ts';

const TABLE = new URL('../../../models/static-table.bin', import.meta.url);

function cosine(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, i) => sum + value * (b[i] as number), 0);
}

describeEmbedder('the built-in table', { create: () => createStaticEmbedder() });

describe('the built-in embedder', () => {
  const embedder = createStaticEmbedder();
  const embed = (text: string) => {
    if (embedder.embedNow === undefined) throw new Error('no fast path');
    return embedder.embedNow(text);
  };
  const similarity = (a: string, b: string) => cosine(embed(a), embed(b));

  it('finds paraphrases nearer than questions about something else', () => {
    const question = 'How can I change my PIN?';
    expect(similarity(question, 'I want to set a new pin code')).toBeGreaterThan(0.5);
    expect(similarity(question, 'Where does the train to Oslo leave?')).toBeLessThan(0.3);
  });

  it('reads letters of either case and with or without accents alike', () => {
    expect(embed('ÜBER Café résumé')).toEqual(embed('uber cafe resume'));
    expect(embed('Cafe\u0301')).toEqual(embed('café'));
    expect(embed('soft\u00adhyphen and zero\u200bwidth')).toEqual(embed('softhyphen and zerowidth'));
  });

  it('hears the order of words that belong together', () => {
    expect(similarity('turn off the light', 'turn on the light')).toBeLessThan(0.999);
  });

  it.each([
    ['你好，世界', '再见，朋友'],
    ['Как сменить пароль?', 'Где мой заказ'],
    ['😀', '😢'],
    ['مرحبا بالعالم', 'وداعا'],
    ['ก็ไม่รู้', 'สวัสดีครับ'],
  ])('tells texts apart that no token of the table stands for: %s, %s', (a, b) => {
    expect(similarity(a, b)).toBeLessThan(0.6);
    expect(similarity(a, `${a} ${a}`)).toBeGreaterThan(0.9);
  });

  it('finds words of other scripts that share most characters near', () => {
    expect(similarity('打开客厅的灯', '打开卧室的灯')).toBeGreaterThan(
      similarity('打开客厅的灯', '今天天气怎么样'),
    );
  });

  it('gives a finite vector of length 1 or 0 for any text', () => {
    assert(
      property(string({ unit: 'binary', maxLength: 60 }), (text) => {
        const vector = embed(text);
        const length = Math.sqrt(cosine(vector, vector));
        expect(vector).toHaveLength(embedder.identity.dimensions);
        expect(length === 0 || Math.abs(length - 1) < 1e-3).toBe(true);
      }),
    );
  });

  it.each([
    ['one word', 'x'.repeat(4_000_000)],
    ['signs', '!'.repeat(4_000_000)],
    ['white space', ' '.repeat(4_000_000)],
    ['unknown characters', '字'.repeat(4_000_000)],
    ['prose', 'the cat sat on the mat '.repeat(200_000)],
  ])('reads only the beginning of huge texts: %s', (_, text) => {
    const most = embedder.maxTextChars as number;
    expect(embed(text)).toEqual(embed(text.slice(0, most)));
    const started = performance.now();
    embed(text);
    // Some milliseconds; the limit is wide because the machine may be busy.
    expect(performance.now() - started).toBeLessThan(500);
  });

  it('lets the event loop run between many texts, and ends when told to', async () => {
    const texts = Array.from({ length: 400 }, () => 'some words of a text '.repeat(100));
    const stop = new AbortController();
    setImmediate(() => stop.abort());
    await expect(embedder.embed(texts, { signal: stop.signal })).rejects.toMatchObject({ code: 'aborted' });
  });

  it('knows its version without reading the table', () => {
    expect(embedder.identity).toEqual({
      model: 'pare-static',
      version: expect.stringMatching(/^\d+-[0-9a-f]{8}$/),
      dimensions: expect.any(Number),
      normalization: 'unit',
    });
  });
});

describe('a file that is not the table', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'pare-table-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const damaged = (name: string, change: (bytes: Buffer) => Buffer) => {
    const path = join(folder, name);
    writeFileSync(path, change(readFileSync(TABLE)));
    return path;
  };
  const embedWith = async (tablePath: string) => createStaticEmbedder({ tablePath }).embed(['a text']);

  it('is an error that says where it was looked for', async () => {
    await expect(embedWith(join(folder, 'none'))).rejects.toMatchObject({
      code: 'embedding_table_missing',
      message: expect.stringContaining(join(folder, 'none')),
    });
  });

  it.each<[string, (bytes: Buffer) => Buffer]>([
    ['empty', () => Buffer.alloc(0)],
    ['short', (bytes) => bytes.subarray(0, bytes.length - 1)],
    ['long', (bytes) => Buffer.concat([bytes, Buffer.of(0)])],
    ['foreign', (bytes) => Buffer.concat([Buffer.from('PNG'), bytes])],
    [
      'flipped',
      (bytes) => {
        bytes.writeUInt8(bytes.readUInt8(bytes.length - 5) ^ 1, bytes.length - 5);
        return bytes;
      },
    ],
  ])('is an error when it is %s', async (name, change) => {
    await expect(embedWith(damaged(name, change))).rejects.toMatchObject({ code: 'embedding_table_corrupt' });
  });
});
