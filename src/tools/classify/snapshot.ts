import { type EmbedderIdentity, embedderKey } from '../../contract/index.ts';
import { refuseSnapshot } from './errors.ts';
import { Vocabulary } from './features.ts';
import type { IntentModel, Members } from './model.ts';
import type { Calibration, IntentSnapshot } from './options.ts';
import type { ScaledRows } from './rows.ts';

type Numbers = Int8Array | Int16Array | Int32Array | Float32Array;

/** A model as JSON. */
export function writeModel(
  model: IntentModel,
  { embedder, minConfidence }: Pick<IntentSnapshot, 'embedder' | 'minConfidence'>,
): IntentSnapshot {
  const { labels, examples, vocabulary, linear, points, members, calibration } = model;
  return {
    version: 1,
    embedder,
    labels,
    examples,
    minConfidence,
    words: vocabulary.terms,
    wordWeights: encode(vocabulary.weights),
    linear: {
      scales: encode(linear.scales),
      weights: encode(Int16Array.from(multiples(linear, labels.length))),
    },
    points: { scales: encode(points.scales), values: encode(Int8Array.from(multiples(points, examples))) },
    members: members.map((own) => ({ points: encode(own.points), alphas: encode(own.alphas) })),
    calibration,
  };
}

/** @throws InputError `intent_snapshot_invalid` */
export function readModel(
  value: unknown,
  identity: EmbedderIdentity,
): { readonly model: IntentModel; readonly minConfidence: number } {
  const snapshot = value as IntentSnapshot;
  if (typeof value !== 'object' || value === null || snapshot.version !== 1)
    refuseSnapshot('it is not one of version 1');
  if (snapshot.embedder !== embedderKey(identity))
    refuseSnapshot(`it was made with the embedder ${snapshot.embedder}, not ${embedderKey(identity)}`);
  try {
    return { model: modelOf(snapshot, identity.dimensions), minConfidence: snapshot.minConfidence };
  } catch (cause) {
    return refuseSnapshot('it is damaged', cause);
  }
}

function modelOf(snapshot: IntentSnapshot, dimensions: number): IntentModel {
  const { labels, examples, words, members } = snapshot;
  const width = words.length + dimensions + 1;
  const model: IntentModel = {
    labels: labels.map((label) => (typeof label === 'string' ? label : fail())),
    examples,
    dimensions,
    vocabulary: new Vocabulary(words, decode(Float32Array, snapshot.wordWeights, words.length)),
    linear: rowsOf(
      decode(Float32Array, snapshot.linear.scales, labels.length),
      decode(Int16Array, snapshot.linear.weights, labels.length * width),
    ),
    points: rowsOf(
      decode(Float32Array, snapshot.points.scales, examples),
      decode(Int8Array, snapshot.points.values, examples * dimensions),
    ),
    members: members.map(({ points, alphas }): Members => {
      const places = decode(Int32Array, points);
      if (places.some((place) => place < 0 || place >= examples)) fail();
      return { points: places, alphas: decode(Float32Array, alphas, places.length) };
    }),
    calibration: calibrationOf(snapshot.calibration),
  };
  if (model.members.length !== labels.length || labels.length < 2) fail();
  return model;
}

function calibrationOf({ linearShare, temperature, none }: Calibration): Calibration {
  if (![linearShare, temperature, none].every(Number.isFinite) || temperature <= 0) fail();
  return { linearShare, temperature, none };
}

function fail(): never {
  throw new RangeError('a part has another size or kind than the others ask for');
}

/** The whole numbers that rows are made of. */
function multiples({ scales, values }: ScaledRows, rows: number): Float32Array {
  const length = values.length / rows;
  return values.map((value, i) => {
    const scale = scales[Math.floor(i / length)] as number;
    return scale === 0 ? 0 : Math.round(value / scale);
  });
}

function rowsOf(scales: Float32Array, whole: Int16Array | Int8Array): ScaledRows {
  const length = whole.length / scales.length;
  const values = Float32Array.from(whole, (value, i) => value * (scales[Math.floor(i / length)] as number));
  return { scales, values };
}

function encode(numbers: Numbers): string {
  return Buffer.from(numbers.buffer, numbers.byteOffset, numbers.byteLength).toString('base64');
}

function decode<T extends Numbers>(
  kind: { readonly BYTES_PER_ELEMENT: number; new (buffer: ArrayBuffer): T },
  text: string,
  length?: number,
): T {
  const bytes = Buffer.from(text, 'base64');
  if (bytes.length % kind.BYTES_PER_ELEMENT !== 0) fail();
  // A copy: the bytes of a small buffer may not begin where numbers can.
  const numbers = new kind(new Uint8Array(bytes).buffer);
  if (length !== undefined && numbers.length !== length) fail();
  if (numbers instanceof Float32Array && !numbers.every(Number.isFinite)) fail();
  return numbers;
}
