import { describe, expect, it, vi } from 'vitest';
import { type Embedder, embedderKey, isPareError } from '../contract/index.ts';
import { describeEmbedder } from '../testing/conformance/embedder.ts';
import { createFakeEmbedder } from '../testing/index.ts';
import { inBatches } from './batches.ts';
import { cacheEmbeddings, guardEmbedder } from './index.ts';

describeEmbedder('the fake', { create: () => createFakeEmbedder() });
describeEmbedder('a cached embedder', { create: () => cacheEmbeddings(createFakeEmbedder()) });
describeEmbedder('a guarded embedder', { create: () => guardEmbedder(createFakeEmbedder()) });

describe('the key of an identity', () => {
  it('differs when any part differs, and only then (INV-C10, INV-C3)', () => {
    const base = { model: 'a', version: '1', dimensions: 2, normalization: 'unit' } as const;
    const others = [
      { ...base, model: 'b' },
      { ...base, version: '2' },
      { ...base, dimensions: 3 },
      { ...base, model: 'a","1', version: '' },
      { ...base, model: '', version: 'a1' },
    ];
    const keys = new Set([base, ...others].map(embedderKey));
    expect(keys.size).toBe(6);
    expect(embedderKey({ normalization: 'unit', dimensions: 2, version: '1', model: 'a' })).toBe(
      embedderKey(base),
    );
  });
});

describe('the cache of vectors', () => {
  it('asks for a text once, within a call and between calls', async () => {
    const fake = createFakeEmbedder();
    const cached = cacheEmbeddings(fake);
    await cached.embed(['a', 'b', 'a']);
    await cached.embed(['b', 'c']);
    expect(fake.calls).toEqual([['a', 'b'], ['c']]);
  });

  it('forgets the least recently used', async () => {
    const fake = createFakeEmbedder();
    const cached = cacheEmbeddings(fake, { maxEntries: 2 });
    for (const text of ['a', 'b', 'a', 'c', 'a', 'b']) await cached.embed([text]);
    expect(fake.calls.flat()).toEqual(['a', 'b', 'c', 'b']);
  });

  it('never gives a vector of another edition of the model (INV-C10)', async () => {
    const editions = [
      createFakeEmbedder({ version: '1' }),
      createFakeEmbedder({ version: '2', dimensions: 8 }),
    ];
    let at = 0;
    const cached = cacheEmbeddings({
      get identity() {
        return (editions[at] as Embedder).identity;
      },
      embed: (texts) => (editions[at] as Embedder).embed(texts),
    });
    expect((await cached.embed(['a']))[0]).toHaveLength(256);
    at = 1;
    expect((await cached.embed(['a']))[0]).toHaveLength(8);
  });

  it('keeps nothing of a failed call', async () => {
    let fails = true;
    const before = () => {
      if (fails) throw new Error('down');
    };
    const fake = createFakeEmbedder({ before });
    const cached = cacheEmbeddings(fake);
    await expect(cached.embed(['a'])).rejects.toThrow('down');
    fails = false;
    expect(await cached.embed(['a'])).toHaveLength(1);
  });

  it('keeps the way without waiting, and shares what it knows with it', async () => {
    const vector = new Float32Array(256).fill(1 / 16);
    const now = vi.fn<(text: string) => Float32Array>(() => vector);
    const cached = cacheEmbeddings({ ...createFakeEmbedder(), embedNow: now });
    expect(cached.embedNow?.('a')).toEqual(vector);
    expect(cached.embedNow?.('a')).toEqual(vector);
    expect(await cached.embed(['a'])).toEqual([vector]);
    expect(now).toHaveBeenCalledOnce();
  });
});

describe('the guard', () => {
  const codeOf = async (inner: Embedder, deadlineMs = 1_000) => {
    const error: unknown = await guardEmbedder(inner, { deadlineMs })
      .embed(['a', 'b'])
      .catch((thrown: unknown) => thrown);
    return isPareError(error) ? error.code : error;
  };
  const giving = (vectors: readonly Float32Array[]): Embedder => ({
    ...createFakeEmbedder({ dimensions: 4 }),
    embed: async () => vectors,
  });
  const good = Float32Array.of(1, 0, 0, 0);

  it.each<[string, readonly Float32Array[]]>([
    ['embedding_not_finite', [good, Float32Array.of(Number.NaN, 0, 0, 0)]],
    ['embedding_not_finite', [Float32Array.of(Number.POSITIVE_INFINITY, 0, 0, 0), good]],
    ['embedding_not_finite', [good, new Float32Array(4)]],
    ['embedding_dimension_mismatch', [good, Float32Array.of(1, 0, 0)]],
    ['embedding_dimension_mismatch', [new Float32Array(0), good]],
    ['embedding_count_mismatch', [good]],
    ['embedding_count_mismatch', [good, good, good]],
  ])('turns wrong vectors into %s', async (code, vectors) => {
    expect(await codeOf(giving(vectors))).toBe(code);
  });

  it('turns an embedder that throws or hangs into an error with a code', async () => {
    const fails = createFakeEmbedder({ before: () => Promise.reject(new TypeError('boom')) });
    expect(await codeOf(fails)).toBe('embedding_failed');
    expect(await codeOf(createFakeEmbedder({ before: () => new Promise(() => {}) }), 20)).toBe(
      'embedding_timeout',
    );
    const throwsAtOnce = {
      ...createFakeEmbedder(),
      embed: () => {
        throw new Error('at once');
      },
    };
    expect(await codeOf(throwsAtOnce)).toBe('embedding_failed');
  });

  it('tells a hanging embedder to stop', async () => {
    let told: AbortSignal | undefined;
    const hangs = createFakeEmbedder({
      before: (_, signal) => {
        told = signal;
        return new Promise(() => {});
      },
    });
    await codeOf(hangs, 20);
    expect(told?.aborted).toBe(true);
  });

  it('refuses an embedder that becomes another one (INV-C10)', async () => {
    const first = createFakeEmbedder({ version: '1' });
    const changing = { ...first, identity: first.identity };
    const guarded = guardEmbedder(changing);
    changing.identity = { ...first.identity, version: '2' };
    await expect(guarded.embed(['a'])).rejects.toMatchObject({ code: 'embedding_identity_changed' });
  });

  it('scales vectors of another length', async () => {
    const guarded = guardEmbedder(giving([Float32Array.of(3, 0, 4, 0)]));
    expect((await guarded.embed(['a']))[0]).toEqual(Float32Array.of(0.6, 0, 0.8, 0));
  });

  it('ends with AbortedError when the caller leaves meanwhile', async () => {
    const stop = new AbortController();
    const hangs = createFakeEmbedder({ before: () => new Promise(() => stop.abort()) });
    await expect(guardEmbedder(hangs).embed(['a'], { signal: stop.signal })).rejects.toMatchObject({
      code: 'aborted',
    });
  });
});

describe('batches', () => {
  const items = Array.from({ length: 10 }, (_, i) => i);

  it('keep the order, their size, and how many run at once', async () => {
    let running = 0;
    let most = 0;
    const sizes: number[] = [];
    const results = await inBatches(items, { maxBatch: 3, concurrency: 2 }, async (batch) => {
      running += 1;
      most = Math.max(most, running);
      sizes.push(batch.length);
      await new Promise((resolve) => setTimeout(resolve, 5 * (4 - (batch[0] as number) / 3)));
      running -= 1;
      return batch.map((item) => item * 2);
    });
    expect(results).toEqual(items.map((item) => item * 2));
    expect(sizes.toSorted((a, b) => a - b)).toEqual([1, 3, 3, 3]);
    expect(most).toBe(2);
  });

  it('begin no further one after a failure', async () => {
    const begun: number[] = [];
    const work = async (batch: readonly number[]) => {
      begun.push(batch[0] as number);
      throw new Error('down');
    };
    await expect(inBatches(items, { maxBatch: 1, concurrency: 2 }, work)).rejects.toThrow('down');
    expect(begun).toEqual([0, 1]);
  });
});
