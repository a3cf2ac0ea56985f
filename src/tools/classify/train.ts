import { setImmediate } from 'node:timers/promises';
import { throwIfAborted } from '../../support/index.ts';
import { highest } from '../rank.ts';
import { calibrate, type ScoredExample } from './calibrate.ts';
import { type SparseVector, Vocabulary } from './features.ts';
import { type LinearExamples, linearScorer, squaresOf, trainLinear } from './linear.ts';
import { fitLocal } from './local-kernel.ts';
import { CANDIDATES, type IntentModel, type Members } from './model.ts';
import type { IntentExample } from './options.ts';
import { roundRows, splitRows } from './rows.ts';

/** Parts that the examples are cut into, to score each by models that have not seen it. */
const FOLDS = 2;
/** Members of a label in the kernel; the work grows with their cube. */
const MOST_MEMBERS = 800;
const MOST_OWN = 500;

/** What a model is made of. */
export interface TrainingSet {
  readonly examples: readonly IntentExample[];
  readonly labels: readonly string[];
  /** Vectors of all examples, one after the other. */
  readonly vectors: Float32Array;
  readonly dimensions: number;
  readonly signal: AbortSignal | undefined;
}

/** Learns everything; lets the event loop run between labels. */
export async function trainModel(set: TrainingSet): Promise<IntentModel> {
  const { examples, labels, dimensions, signal } = set;
  const points = roundRows(set.vectors, dimensions, 127);
  const vocabulary = Vocabulary.of(examples.map(({ text }) => text));
  const linear = linearExamples(set, vocabulary, splitRows(points.values, dimensions));
  const turn = async () => {
    await setImmediate();
    throwIfAborted(signal);
  };
  const width = vocabulary.size + dimensions + 1;
  const weights = new Float32Array(width * labels.length);
  const all = Int32Array.from(examples.keys());
  for (const label of labels.keys()) {
    await turn();
    weights.set(trainLinear(linear, all, label), label * width);
  }
  const unseen = await scoreUnseen(linear, labels.length, turn);
  const { members, scored } = await trainKernels(linear, unseen, turn);
  return {
    labels,
    examples: examples.length,
    dimensions,
    vocabulary,
    linear: roundRows(weights, width, 32_767),
    points,
    members,
    calibration: calibrate(scored),
  };
}

function linearExamples(
  { examples, labels }: TrainingSet,
  vocabulary: Vocabulary,
  vectors: readonly Float32Array[],
): LinearExamples {
  const words = examples.map(({ text }) => vocabulary.read(text));
  const places = new Map(labels.map((label, place) => [label, place]));
  return {
    words,
    vectors,
    terms: vocabulary.size,
    labels: Int32Array.from(examples, ({ label }) => places.get(label) as number),
    squares: squaresOf(words, vectors),
  };
}

/** For each example, the linear score of each label by a model that was trained without the example. */
async function scoreUnseen(
  linear: LinearExamples,
  labels: number,
  turn: () => Promise<void>,
): Promise<readonly Float32Array[]> {
  const met = new Int32Array(labels);
  // Spread over the parts label by label, so that each part has some of each.
  const parts = linear.labels.map((label) => {
    const before = met[label] as number;
    met[label] = before + 1;
    return before % FOLDS;
  });
  const rows = Int32Array.from(parts.keys());
  const scores = splitRows(new Float32Array(rows.length * labels), labels);
  for (let part = 0; part < FOLDS; part += 1) {
    const seen = rows.filter((i) => parts[i] !== part);
    for (let label = 0; label < labels; label += 1) {
      await turn();
      const score = linearScorer(trainLinear(linear, seen, label), linear.terms);
      for (const i of rows) {
        if (parts[i] !== part) continue;
        const value = score(linear.words[i] as SparseVector, linear.vectors[i] as Float32Array);
        (scores[i] as Float32Array)[label] = value;
      }
    }
  }
  return scores;
}

/** The kernel part of each label, and how the candidates of each example were scored by both parts. */
async function trainKernels(
  { labels, vectors }: LinearExamples,
  unseen: readonly Float32Array[],
  turn: () => Promise<void>,
): Promise<{ readonly members: readonly Members[]; readonly scored: readonly ScoredExample[] }> {
  const candidates = unseen.map((scores) => highest(scores, CANDIDATES));
  const members: Members[] = [];
  const leftOut: ReadonlyMap<number, number>[] = [];
  for (const label of unseen[0]?.keys() ?? []) {
    await turn();
    const points = membersOf(label, { labels, candidates, unseen });
    const own = Array.from(points, (i) => vectors[i] as Float32Array);
    const fit = fitLocal(
      own,
      Array.from(points, (i) => labels[i] === label),
    );
    members.push({ points, alphas: fit.alphas });
    leftOut.push(new Map(Array.from(points, (i, at) => [i, fit.leftOut[at] as number])));
  }
  const scored = candidates.flatMap((own, i): ScoredExample[] => {
    const kernel = own.map((label) => leftOut[label]?.get(i));
    // A member that was left for want of room has no such score.
    if (!kernel.every((value) => value !== undefined)) return [];
    const scores = own.map((label) => unseen[i]?.[label] as number);
    return [{ right: own.indexOf(labels[i] as number), linear: scores, kernel }];
  });
  return { members, scored };
}

/** A label's own examples, and those of others that it may be taken for: the likeliest, where there are many. */
function membersOf(
  label: number,
  {
    labels,
    candidates,
    unseen,
  }: {
    readonly labels: Int32Array;
    readonly candidates: readonly (readonly number[])[];
    readonly unseen: readonly Float32Array[];
  },
): Int32Array {
  const own: number[] = [];
  const others: number[] = [];
  for (const [i, places] of candidates.entries()) {
    if (labels[i] === label) own.push(i);
    else if (places.includes(label)) others.push(i);
  }
  const step = Math.max(1, own.length / MOST_OWN);
  const kept = Array.from(
    { length: Math.min(own.length, MOST_OWN) },
    (_, i) => own[Math.floor(i * step)] as number,
  );
  const scoreOf = (i: number) => unseen[i]?.[label] as number;
  const near = others.toSorted((a, b) => scoreOf(b) - scoreOf(a)).slice(0, MOST_MEMBERS - kept.length);
  return Int32Array.from([...kept, ...near]).toSorted();
}
