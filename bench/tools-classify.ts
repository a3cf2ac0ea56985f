/**
 * Measures the classifier of intents: accuracy on texts it was not trained with, what it does with texts of no
 * intent, how far its confidence is to be believed, and its time; beside two peers in the same run.
 *
 *   PARE_BENCH_DATA=/path/to/data [PARE_BENCH_PYTHON=python3] node bench/tools-classify.ts
 *
 * banking77 in ten parts, each asked of a classifier of the other nine, which is near to one trained with all; in five
 * parts too, which shows what examples are worth. clinc150: trained with `train`, asked `val`. With a Python that has scikit-learn, its LinearSVC over TF-IDF stands beside.
 */
import { existsSync } from 'node:fs';
import { createStaticEmbedder } from '../src/embeddings/index.ts';
import { type IntentClassifier, trainIntentClassifier } from '../src/tools/index.ts';
import { type Figure, percentile, publish } from './harness.ts';
import {
  foldsOf,
  type IntentSplit,
  labelsByNearest,
  labelsByPeer,
  OUT_OF_SCOPE,
  readIntents,
} from './tools/intents.ts';
import { interval, mean } from './tools/interval.ts';

const data = process.env['PARE_BENCH_DATA'];
if (data === undefined || !existsSync(data)) {
  console.error('Set PARE_BENCH_DATA to a folder with banking77 and clinc150 (docs/benches.md).');
  process.exit(2);
}
const MIN_CONFIDENCE = 0.3;
const embedder = createStaticEmbedder();

interface Answer {
  readonly isRight: boolean;
  readonly confidence: number;
}

async function ask(classifier: IntentClassifier, split: IntentSplit): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (const { text, label } of split.test) {
    const [best] = await classifier.classify(text, { minConfidence: 0 });
    answers.push({ isRight: best?.label === label, confidence: best?.confidence ?? 0 });
  }
  return answers;
}

/** Asks each part of a classifier of the others. */
async function askEach(splits: readonly IntentSplit[]): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (const split of splits) answers.push(...(await ask(await train(split), split)));
  return answers;
}

const train = ({ train: examples }: IntentSplit) => trainIntentClassifier({ examples, embedder });
const rights = (answers: readonly Answer[]) => answers.map(({ isRight }) => (isRight ? 1 : 0));
const agreeing = (splits: readonly IntentSplit[], labels: readonly (readonly string[])[]) =>
  splits.flatMap(({ test }, part) => test.map(({ label }, i) => (labels[part]?.[i] === label ? 1 : 0)));

function accuracy(name: string, answers: readonly Answer[], splits: readonly IntentSplit[]): Figure {
  const [low, high] = interval(rights(answers));
  const peer = labelsByPeer(process.env['PARE_BENCH_PYTHON'], splits);
  const near = agreeing(
    splits,
    splits.map((split) => labelsByNearest(embedder, split)),
  );
  const beside = peer === undefined ? 'not run' : mean(agreeing(splits, peer)).toFixed(3);
  return {
    name,
    target: { atLeast: 0.93 },
    reached: mean(rights(answers)),
    unit: '',
    note: `${answers.length} texts, 95% ${low.toFixed(3)} to ${high.toFixed(3)}; LinearSVC on TF-IDF ${beside}, nearest example ${mean(near).toFixed(3)}`,
  };
}

/** Mean distance between confidence and accuracy over ten classes of confidence (Naeini et al. 2015). */
function calibrationError(answers: readonly Answer[]): number {
  let error = 0;
  for (let place = 0; place < 10; place += 1) {
    const own = answers.filter(({ confidence }) => Math.min(9, Math.floor(confidence * 10)) === place);
    const sure = own.reduce((sum, { confidence }) => sum + confidence, 0);
    error += Math.abs(sure - own.filter(({ isRight }) => isRight).length);
  }
  return error / answers.length;
}

async function bestTimes(classifier: IntentClassifier, texts: readonly string[]): Promise<number[]> {
  const best = texts.map(() => Number.POSITIVE_INFINITY);
  for (let round = 0; round < 5; round += 1) {
    for (const [i, text] of texts.entries()) {
      const started = performance.now();
      await classifier.classify(text);
      best[i] = Math.min(best[i] as number, performance.now() - started);
    }
  }
  return best;
}

const banking = readIntents(data, 'banking77', 'train.jsonl');
const folds = foldsOf(banking, 10);
const bankingAnswers = await askEach(folds);
const fewerAnswers = await askEach(foldsOf(banking, 5));

const asked = readIntents(data, 'clinc150', 'val.jsonl');
const clinc: IntentSplit = {
  train: readIntents(data, 'clinc150', 'train.jsonl'),
  test: asked.filter(({ label }) => label !== OUT_OF_SCOPE),
};
const clincClassifier = await train(clinc);
const inScope = await ask(clincClassifier, clinc);
const outside = await ask(clincClassifier, {
  train: [],
  test: asked.filter(({ label }) => label === OUT_OF_SCOPE),
});
const isRefused = ({ confidence }: Answer) => confidence < MIN_CONFIDENCE;
const refused = outside.filter(isRefused).length;
const refusedInScope = inScope.filter(isRefused).length;
const withOutside = [
  ...inScope.map((answer) => (answer.isRight && !isRefused(answer) ? 1 : 0)),
  ...outside.map((answer) => (isRefused(answer) ? 1 : 0)),
];

const before = process.cpuUsage();
const whole = await train({ train: banking.slice(0, 10_000), test: [] });
const { user, system } = process.cpuUsage(before);
const times = await bestTimes(
  whole,
  asked.slice(0, 1_000).map(({ text }) => text),
);
const bankingTimes = await bestTimes(
  whole,
  banking.filter((_, i) => i % 10 === 0).map(({ text }) => text),
);
const snapshotBytes = JSON.stringify(whole.snapshot()).length;

const isGood = publish('tools-classify', [
  accuracy('banking77, 77 intents, ten-fold: accuracy', bankingAnswers, folds),
  {
    name: 'banking77, 77 intents, five-fold: accuracy',
    reached: mean(rights(fewerAnswers)),
    unit: '',
    note: 'trained with 8,000 examples in place of 9,000',
  },
  accuracy('clinc150, 150 intents, in scope: accuracy', inScope, [clinc]),
  {
    name: 'clinc150 with texts of no intent: accuracy at confidence 0.3',
    reached: mean(withOutside),
    unit: '',
    note: `${withOutside.length} texts; 95% ${interval(withOutside)
      .map((end) => end.toFixed(3))
      .join(' to ')}`,
  },
  {
    name: 'texts of no intent refused: recall',
    reached: refused / outside.length,
    unit: '',
    note: `${outside.length} texts; precision ${(refused / (refused + refusedInScope)).toFixed(3)}; of texts in scope ${((100 * refusedInScope) / inScope.length).toFixed(1)}% refused`,
  },
  {
    name: 'confidence against accuracy, banking77: mean distance',
    target: { atMost: 0.05 },
    reached: calibrationError(bankingAnswers),
    unit: '',
    note: `clinc150 ${calibrationError(inScope).toFixed(3)}`,
  },
  {
    name: 'training, 10,000 examples of 77 intents',
    target: { atMost: 30 },
    reached: (user + system) / 1e6,
    unit: 's',
    note: 'time of the processor',
  },
  {
    name: 'classification p99',
    target: { atMost: 1 },
    reached: Math.max(percentile(times, 0.99), percentile(bankingTimes, 0.99)),
    unit: 'ms',
    note: 'best of 5 rounds; texts it knows nothing of, or of its own kind, whichever is longer',
  },
  { name: 'snapshot', reached: snapshotBytes / 1e6, unit: 'MB', note: '10,000 examples, as JSON' },
]);
process.exitCode = isGood ? 0 : 1;
