import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createFuzz } from '../../tests/fuzz-text.ts';
import { isPareError } from '../contract/index.ts';
import { countBatch, createBatchCounter } from './batch.ts';
import { countTokens } from './count-tokens.ts';
import { type EncodingCounter, loadEncoding } from './encoding.ts';

let folder: string;
let counter: EncodingCounter;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pare-batch-'));
  counter = await loadEncoding('o200k_base');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const next = createFuzz(99);
const big = Array.from({ length: 15_000 }, next).join('\n').toWellFormed();

describe('countBatch', () => {
  it.each([0, 1, 2])('counts texts and files exactly and in order with %i workers', async (workers) => {
    const path = join(folder, `big-${workers}.txt`);
    await writeFile(path, big);
    const inputs = [{ text: 'hello world' }, { path }, { text: '' }, { text: big }, { text: 'a\uD800b' }];
    const counts = await countBatch(inputs, { workers });
    const tokens = counts.map((count) => (count.status === 'counted' ? count.tokens : -1));
    expect(tokens).toEqual([2, counter.count(big), 0, counter.count(big), counter.count('a\uFFFDb')]);
    expect(counts[1]).toMatchObject({ bytes: Buffer.byteLength(big) });
  });

  it('fails a file alone, and says why', async () => {
    const counts = await countBatch([
      { path: join(folder, 'none') },
      { path: folder },
      { text: 'hello world' },
    ]);
    expect(counts.map((count) => count.status)).toEqual(['failed', 'failed', 'counted']);
    const codes = counts.map((count) => (count.status === 'failed' ? count.error.code : ''));
    expect(codes).toEqual(['file_unreadable', 'not_a_file', '']);
  });

  it('counts a file without any place to cut, and one that is no UTF-8', async () => {
    const run = join(folder, 'run.txt');
    const binary = join(folder, 'binary');
    await writeFile(run, 'é'.repeat(1_000_000));
    await writeFile(binary, Buffer.from([0xff, 0xfe, 0x41, 0x00, 0xc3]));
    const counts = await countBatch([{ path: run }, { path: binary }], { workers: 2 });
    expect(counts[0]).toMatchObject({ tokens: counter.count('é'.repeat(1_000_000)) });
    expect(counts[1]).toMatchObject({ tokens: counter.count('\uFFFD\uFFFDA\u0000\uFFFD') });
  });

  it('tells its progress up to the end', async () => {
    const seen: number[] = [];
    const text = 'word '.repeat(300_000);
    await countBatch([{ text }, { text }], { workers: 2, onProgress: (done) => seen.push(done) });
    expect(seen.at(-1)).toBe(2 * text.length);
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
  });

  it.each([0, 2])('stops when asked to, with %i workers', async (workers) => {
    const controller = new AbortController();
    const counting = countBatch([{ text: big }, { text: big }, { text: big }], {
      workers,
      signal: controller.signal,
    });
    setTimeout(() => controller.abort(), 5);
    await expect(counting).rejects.toSatisfy((error: unknown) => isPareError(error, 'aborted'));
  });
});

it('keeps its threads from batch to batch', async () => {
  const batches = createBatchCounter({ workers: 1 });
  const counts = [
    await batches.count([{ text: 'a b' }]),
    await batches.count([{ text: 'a b c' }], { encoding: 'cl100k_base' }),
  ];
  await batches.close();
  expect(counts.flat().map((count) => (count.status === 'counted' ? count.tokens : -1))).toEqual([2, 3]);
});

describe('countTokens', () => {
  it('counts one text in an encoding or for a model', async () => {
    expect(await countTokens('hello world')).toEqual({ tokens: 2, basis: 'exact', errorBand: 0 });
    expect((await countTokens('hello world', { encoding: 'p50k_base' })).tokens).toBe(2);
    expect((await countTokens('hello world', { model: 'some-model' })).basis).toBe('estimated');
    const families = () => ({ family: 'gpt', encoding: 'cl100k_base' }) as const;
    expect((await countTokens('hello world', { model: 'gpt-4', families })).basis).toBe('exact');
  });
});
