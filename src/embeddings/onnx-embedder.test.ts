import { describe, expect, it, onTestFinished } from 'vitest';
import { embedderKey } from '../contract/index.ts';
import { describeEmbedder } from '../testing/conformance/embedder.ts';
import { createOnnxEmbedder } from './onnx-embedder.ts';
import type { OnnxEmbedderOptions } from './options.ts';

const FAKE = new URL('./fixtures/fake-transformers.mjs', import.meta.url).href;

const make = (options: Partial<OnnxEmbedderOptions> = {}) => {
  const embedder = createOnnxEmbedder({ model: 'fake/model', dimensions: 16, packageName: FAKE, ...options });
  onTestFinished(() => embedder.close?.());
  return embedder;
};

describeEmbedder('an ONNX model', {
  create: () => createOnnxEmbedder({ model: 'fake/model', dimensions: 16, packageName: FAKE }),
});

// A real model: PARE_TEST_ONNX_MODEL names a folder of a model of 384 dimensions in ONNX form, and
// PARE_TEST_ONNX_PACKAGE the package, where it is not installed here.
const realModel = process.env['PARE_TEST_ONNX_MODEL'];
describe.skipIf(realModel === undefined)('with the real package', () => {
  const packageName = process.env['PARE_TEST_ONNX_PACKAGE'];
  describeEmbedder('a real ONNX model', {
    create: () =>
      createOnnxEmbedder({
        model: realModel ?? '',
        dimensions: 384,
        ...(packageName === undefined ? {} : { packageName }),
      }),
  });
});

describe('an embedder of an ONNX model', () => {
  it('says what to install when the package is absent', async () => {
    await expect(make({ packageName: 'pare-no-such-package' }).embed(['a'])).rejects.toMatchObject({
      code: 'embedding_peer_missing',
      message: expect.stringContaining('npm install pare-no-such-package'),
    });
  });

  it('gives embedding_failed when the model cannot be loaded, and tries again', async () => {
    await expect(make({ model: 'absent' }).embed(['a'])).rejects.toMatchObject({
      code: 'embedding_failed',
      message: expect.stringContaining('no model "absent"'),
    });
    const second = make({ model: 'second-time' });
    await expect(second.embed(['a'])).rejects.toMatchObject({ code: 'embedding_failed' });
    expect(await second.embed(['a'])).toHaveLength(1);
  });

  it('ends a process that hangs, and starts another (INV-S6)', async () => {
    const embedder = make({ deadlineMs: 4_000 });
    await expect(embedder.embed(['hang'])).rejects.toMatchObject({ code: 'embedding_timeout' });
    expect(await embedder.embed(['a'])).toHaveLength(1);
  });

  it('ends a process that hangs although whoever asked has left (INV-S6)', async () => {
    const embedder = make({ deadlineMs: 2_000 });
    await embedder.embed(['loaded']);
    const left = embedder.embed(['hang'], { signal: AbortSignal.timeout(50) });
    await expect(left).rejects.toMatchObject({ code: 'aborted' });
    await expect(embedder.embed(['a'])).rejects.toMatchObject({ code: 'embedding_timeout' });
    expect(await embedder.embed(['a'])).toHaveLength(1);
  });

  it('counts the time of a run from when it begins, not from when it was asked for', async () => {
    const embedder = make({ deadlineMs: 2_000 });
    await embedder.embed(['loaded']);
    const asked = Array.from({ length: 7 }, () => embedder.embed(['slow']));
    expect(await Promise.all(asked)).toHaveLength(7);
  });

  it('never begins what nobody waits for any more', async () => {
    const embedder = make();
    const slow = embedder.embed(['slow']);
    const left = new AbortController();
    const dropped = embedder.embed(['dropped'], { signal: left.signal });
    left.abort();
    await expect(dropped).rejects.toMatchObject({ code: 'aborted' });
    await slow;
    expect(await embedder.embed(['seen'])).toEqual(await embedder.embed(['slow']));
  });

  it('is another one with other weights or another pooling (INV-C10)', () => {
    const keys = [{}, { dtype: 'q8' }, { pooling: 'cls' }, { dtype: 'q8', pooling: 'cls' }] as const;
    expect(new Set(keys.map((options) => embedderKey(make(options).identity))).size).toBe(keys.length);
    expect(make().identity.version).toBe('onnx');
  });

  it.each([
    ['ends', 'exit', 'code 3'],
    ['is killed, as where memory runs out', 'killed', 'SIGKILL'],
  ])('outlives a process that %s (INV-S6)', async (_how, text, why) => {
    const embedder = make();
    await expect(embedder.embed([text])).rejects.toMatchObject({
      code: 'embedding_failed',
      message: expect.stringContaining(why),
    });
    expect(await embedder.embed(['a'])).toHaveLength(1);
  });

  it('closes amid a run, and works again', async () => {
    const embedder = make();
    await embedder.embed(['loaded']);
    await Promise.all([
      expect(embedder.embed(['slow'])).rejects.toMatchObject({ code: 'embedding_failed' }),
      embedder.close?.(),
    ]);
    expect(await embedder.embed(['a'])).toHaveLength(1);
  });

  it('checks the dimensions', async () => {
    await expect(make({ dimensions: 384 }).embed(['a'])).rejects.toMatchObject({
      code: 'embedding_dimension_mismatch',
      details: { expected: 384, seen: 16 },
    });
  });

  it('loads a folder from disk without asking the network', async () => {
    const folder = new URL('./fixtures/', import.meta.url).pathname;
    const [seen, expected] = await make({ model: folder }).embed([
      'where',
      `false ${folder.replace(/\/fixtures\/$/, '')}`,
    ]);
    expect(seen).toEqual(expected);
  });

  it('embeds in batches, calls beside each other included', async () => {
    const embedder = make({ maxBatch: 2 });
    const texts = ['a b', 'c', 'd e', 'f', 'g'];
    const [all, last] = await Promise.all([embedder.embed(texts), embedder.embed(['g'])]);
    expect(all).toHaveLength(5);
    expect(all[4]).toEqual(last[0]);
  });
});
