import {
  array,
  assert,
  asyncProperty,
  constantFrom,
  property,
  record,
  string,
  uniqueArray,
} from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Embedder } from '../../contract/index.ts';
import { createStaticEmbedder } from '../../embeddings/index.ts';
import { createFakeEmbedder } from '../../testing/index.ts';
import { calibrate, probabilities } from './calibrate.ts';
import { type IntentClassifier, restoreIntentClassifier, trainIntentClassifier } from './index.ts';
import { fitLocal, likeness } from './local-kernel.ts';
import { dot } from './rows.ts';

const embedder = createStaticEmbedder();
const of = (label: string, ...texts: readonly string[]) => texts.map((text) => ({ text, label }));
const EXAMPLES = [
  ...of(
    'weather',
    'will it rain tomorrow',
    'how warm is it in Oslo',
    'is there snow in the mountains',
    'do I need an umbrella today',
    'what is the forecast for the weekend',
    'how strong is the wind outside',
  ),
  ...of(
    'music',
    'play the next song',
    'turn up the volume of the music',
    'who sings this song',
    'put on some jazz',
    'skip this track',
    'add this album to my playlist',
  ),
  ...of(
    'bank',
    'how much money is in my account',
    'transfer twenty euros to Ann',
    'my credit card was stolen',
    'what is the balance of my savings',
    'pay the electricity bill',
    'freeze my debit card',
  ),
];
const HELD = [
  ['is it going to snow on Sunday', 'weather'],
  ['how hot will it be this afternoon', 'weather'],
  ['play a song by the Beatles', 'music'],
  ['pause the music please', 'music'],
  ['send 50 euros to my landlord', 'bank'],
  ['I lost my credit card', 'bank'],
] as const;
const train = (examples: readonly { text: string; label: string }[] = EXAMPLES) =>
  trainIntentClassifier({ examples, embedder });

describe('a classifier of a few examples', () => {
  let classifier: IntentClassifier;
  beforeAll(async () => {
    classifier = await train();
  });

  it.each(HELD)('knows what it was not told: %s', async (text, label) => {
    const guesses = await classifier.classify(text, { minConfidence: 0 });
    expect(guesses[0]?.label).toBe(label);
    expect(guesses.map(({ confidence }) => confidence)).toEqual(
      guesses.map(({ confidence }) => confidence).toSorted((a, b) => b - a),
    );
  });

  it('is surer of what it was told than of what is none of it', async () => {
    const sure = await classifier.classify('play the next song', { minConfidence: 0 });
    const unsure = await classifier.classify('the proof uses induction over prime ideals', {
      minConfidence: 0,
    });
    expect(sure[0]?.confidence).toBeGreaterThan((unsure[0]?.confidence ?? 0) + 0.2);
  });

  it('gives no guess below the least confidence, on either side of the limit', async () => {
    const [best] = await classifier.classify(HELD[0][0], { minConfidence: 0 });
    const confidence = best?.confidence as number;
    await expect(classifier.classify(HELD[0][0], { minConfidence: confidence })).resolves.toHaveLength(1);
    await expect(
      classifier.classify(HELD[0][0], { minConfidence: Math.min(1, confidence + 1e-6) }),
    ).resolves.toEqual([]);
  });

  it('learns the same from the same examples', async () => {
    expect((await train()).snapshot()).toEqual(classifier.snapshot());
  });

  it('answers from its snapshot, as text, as it did before', async () => {
    const restored = restoreIntentClassifier(JSON.parse(JSON.stringify(classifier.snapshot())), { embedder });
    expect(restored.labels).toEqual(['weather', 'music', 'bank']);
    expect(restored.examples).toBe(EXAMPLES.length);
    for (const text of [...HELD.map(([text]) => text), ...EXAMPLES.map(({ text }) => text)]) {
      const options = { minConfidence: 0 };
      expect(await restored.classify(text, options)).toEqual(await classifier.classify(text, options));
    }
    expect(restored.snapshot()).toEqual(classifier.snapshot());
  });

  it('gives for any text at most four known labels, whose probabilities sum to at most 1', async () => {
    await assert(
      asyncProperty(string({ unit: 'binary', maxLength: 60 }), async (text) => {
        const guesses = await classifier.classify(text, { minConfidence: 0 });
        expect(guesses.length).toBeLessThanOrEqual(4);
        expect(new Set(guesses.map(({ label }) => label)).size).toBe(guesses.length);
        for (const { label, confidence } of guesses) {
          expect(classifier.labels).toContain(label);
          expect(confidence).toBeGreaterThanOrEqual(0);
        }
        expect(guesses.reduce((sum, { confidence }) => sum + confidence, 0)).toBeLessThanOrEqual(1 + 1e-9);
      }),
      { numRuns: 100 },
    );
  });

  it('reads the beginning of a huge text alone, and says nothing of none', async () => {
    const beginning = 'will it rain in Oslo tomorrow '.repeat(400).slice(0, 8_000);
    const options = { minConfidence: 0 };
    expect(await classifier.classify(beginning + 'play the song '.repeat(8_000), options)).toEqual(
      await classifier.classify(beginning, options),
    );
    for (const text of ['', ' \n\t', '\u200b\u0000']) {
      await expect(classifier.classify(text, options)).resolves.toEqual([]);
    }
  });

  it('refuses limits that are none, on either side', async () => {
    for (const minConfidence of [-0.01, 1.01, Number.NaN]) {
      await expect(classifier.classify('x', { minConfidence })).rejects.toMatchObject({
        code: 'invalid_min_confidence',
      });
      await expect(
        trainIntentClassifier({ examples: EXAMPLES, embedder, minConfidence }),
      ).rejects.toMatchObject({ code: 'invalid_min_confidence' });
    }
  });
});

describe('examples that are odd', () => {
  it.each([
    ['none', []],
    ['one label', of('a', 'one', 'two')],
    ['two labels of which one has no content', [...of('a', 'one', 'two'), ...of('b', '', ' ')]],
    ['no label', [{ text: 'one', label: '' }]],
    ['no text', [{ label: 'a' }]],
    ['null', [null]],
    ['no list', 'examples'],
  ])('are refused with a reason: %s', async (_, examples) => {
    await expect(trainIntentClassifier({ examples: examples as never, embedder })).rejects.toMatchObject({
      code: 'invalid_examples',
    });
  });

  it('may contradict each other: a text of two labels is likely of both', async () => {
    const classifier = await train([
      ...EXAMPLES,
      ...of('bank', 'pay for the song'),
      ...of('music', 'pay for the song'),
    ]);
    const guesses = await classifier.classify('pay for the song', { minConfidence: 0 });
    expect(new Set(guesses.slice(0, 2).map(({ label }) => label))).toEqual(new Set(['bank', 'music']));
    expect((guesses[0]?.confidence ?? 1) - (guesses[1]?.confidence ?? 0)).toBeLessThan(0.4);
  });

  it('may be of scripts that the built-in table has no words of', async () => {
    const classifier = await train([
      ...of('天气', '明天会下雨吗', '今天奥斯陆多少度', '周末天气怎么样'),
      ...of('音乐', '播放下一首歌', '把音乐声音调大', '这首歌是谁唱的'),
      ...of('оплата', 'оплати счёт за свет', 'переведи деньги Анне', 'заблокируй мою карту'),
    ]);
    const best = async (text: string) => (await classifier.classify(text, { minConfidence: 0 }))[0]?.label;
    expect(await best('后天会下雨吗')).toBe('天气');
    expect(await best('播放这首歌')).toBe('音乐');
    expect(await best('переведи деньги Ивану')).toBe('оплата');
  });

  it('may be huge, or equal: learning ends with numbers all the same', async () => {
    const classifier = await train([
      ...of('a', ...Array.from({ length: 12 }, () => 'the same text')),
      ...of('b', ...Array.from({ length: 12 }, () => 'the same text')),
      ...of('c', 'x'.repeat(100_000), 'word '.repeat(20_000)),
    ]);
    const guesses = await classifier.classify('the same text', { minConfidence: 0 });
    expect(guesses.every(({ confidence }) => Number.isFinite(confidence))).toBe(true);
  });

  it('are learned from whatever they are, if there are two labels', async () => {
    const texts = constantFrom('a', 'rain', 'rain today', '雨', '👍', 'a b c d e f', '', '-');
    await assert(
      asyncProperty(
        array(record({ text: texts, label: constantFrom('x', 'y', '__proto__') }), { maxLength: 12 }),
        async (examples) => {
          const labels = new Set(examples.filter(({ text }) => text !== '').map(({ label }) => label));
          if (labels.size < 2) return;
          const classifier = await train(examples);
          const guesses = await classifier.classify('rain', { minConfidence: 0 });
          expect(guesses.length).toBeGreaterThan(0);
          for (const { label, confidence } of guesses) {
            expect(labels).toContain(label);
            expect(confidence).toBeGreaterThanOrEqual(0);
            expect(confidence).toBeLessThanOrEqual(1);
          }
        },
      ),
      { numRuns: 40 },
    );
  });
});

describe('an embedder', () => {
  it('may need to be waited for', async () => {
    const classifier = await trainIntentClassifier({ examples: EXAMPLES, embedder: createFakeEmbedder() });
    const [best] = await classifier.classify('play this song', { minConfidence: 0 });
    expect(best?.label).toBe('music');
  });

  it('that fails fails the call', async () => {
    const broken = createFakeEmbedder({
      before: () => {
        throw new Error('down');
      },
    });
    await expect(trainIntentClassifier({ examples: EXAMPLES, embedder: broken })).rejects.toThrow('down');
  });

  it('that gives vectors of another size or without numbers is refused, and nothing is learned of it', async () => {
    const giving = (vector: Float32Array): Embedder => ({
      identity: { model: 'odd', version: '1', dimensions: 4, normalization: 'unit' },
      embed: (texts) => Promise.resolve(texts.map(() => vector)),
    });
    for (const vector of [new Float32Array(3), new Float32Array(5), new Float32Array(4).fill(Number.NaN)]) {
      await expect(
        trainIntentClassifier({ examples: EXAMPLES, embedder: giving(vector) }),
      ).rejects.toMatchObject({ code: 'invalid_vector' });
    }
  });

  it('INV-C10: is the one of the training, or the snapshot is refused', async () => {
    const snapshot = (await train()).snapshot();
    const other = createFakeEmbedder();
    expect(() => restoreIntentClassifier(snapshot, { embedder: other })).toThrow(/embedder/);
  });

  it('INV-X6: leaves room for others while it learns, and stops when told to', async () => {
    const stop = new AbortController();
    setImmediate(() => stop.abort());
    await expect(
      trainIntentClassifier({ examples: EXAMPLES, embedder, signal: stop.signal }),
    ).rejects.toMatchObject({ code: 'aborted' });
  });
});

describe('a snapshot that is damaged', () => {
  it('is refused, whichever part is', async () => {
    const snapshot = (await train()).snapshot();
    const damaged: unknown[] = [
      null,
      'snapshot',
      { ...snapshot, version: 2 },
      { ...snapshot, labels: snapshot.labels.slice(1) },
      { ...snapshot, words: snapshot.words.slice(1) },
      { ...snapshot, examples: snapshot.examples - 1 },
      { ...snapshot, members: snapshot.members.slice(1) },
      { ...snapshot, points: { ...snapshot.points, values: '' } },
      { ...snapshot, calibration: { ...snapshot.calibration, temperature: 0 } },
      { ...snapshot, linear: undefined },
    ];
    for (const value of damaged) {
      expect(() => restoreIntentClassifier(value, { embedder })).toThrowError(
        expect.objectContaining({ code: 'intent_snapshot_invalid' }),
      );
    }
  });
});

describe('the kernel', () => {
  const unit = (...values: readonly number[]) => {
    const length = Math.hypot(...values);
    return Float32Array.from(values, (value) => value / length);
  };
  const vectors = [unit(1, 0, 0), unit(1, 0.4, 0), unit(0, 1, 0), unit(0, 1, 0.3), unit(0.2, 0.1, 1)];
  const isOwn = [true, true, false, false, true];
  const scoreOf = (query: Float32Array, points: readonly Float32Array[], alphas: Float32Array) =>
    points.reduce((sum, point, i) => sum + (alphas[i] as number) * likeness(dot(query, point)), 0);

  it('scores a member that was left out as a fit without it would', () => {
    const { leftOut } = fitLocal(vectors, isOwn);
    for (const i of vectors.keys()) {
      const points = vectors.toSpliced(i, 1);
      const { alphas } = fitLocal(points, isOwn.toSpliced(i, 1));
      expect(leftOut[i]).toBeCloseTo(scoreOf(vectors[i] as Float32Array, points, alphas), 4);
    }
  });
});

describe('probabilities', () => {
  it('of what was scored are right as often as they say', () => {
    // The right one of two scores 0.5 more in three of four: it deserves 0.75, whatever the unit.
    const scored = Array.from({ length: 400 }, (_, i) => ({
      right: i % 4 === 0 ? 1 : 0,
      linear: [0, 0],
      kernel: [0.5, 0],
    }));
    const calibration = calibrate(scored);
    const [first] = probabilities([0.5, 0], { ...calibration, none: Number.NEGATIVE_INFINITY });
    expect(first).toBeCloseTo(0.75, 2);
  });

  it('rise with the score and leave the rest for none of the labels', () => {
    assert(
      property(
        uniqueArray(constantFrom(-2, -1.5, -1, -0.5, 0, 0.5, 1, 1.5, 2), { minLength: 1, maxLength: 4 }),
        (scores) => {
          const shares = probabilities(scores, { linearShare: 1, temperature: 0.3, none: -0.5 });
          expect(shares.reduce((sum, share) => sum + share, 0)).toBeLessThan(1);
          const order = (values: readonly number[]) =>
            values
              .map((value, i) => [value, i] as const)
              .toSorted((a, b) => b[0] - a[0])
              .map(([, i]) => i);
          expect(order(shares)).toEqual(order(scores));
        },
      ),
    );
  });
});
