/**
 * Measures the built-in embedder: how near its similarities come to human judgement and to the teacher's,
 * its speed, and its size.
 *
 *   PARE_BENCH_DATA=/path/to/data node bench/embeddings.ts
 *
 * The teacher's figures stand in models/evaluation.json, calculated by models/make-table.py on the same pairs.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { createStaticEmbedder } from '../src/embeddings/index.ts';
import { areaUnderCurve, operatingPoints, spearman } from './embeddings/statistics.ts';
import { type Figure, median, percentile, publish, ROOT } from './harness.ts';

const MB = 1_000_000;
const LOADS = 9;
const QUERY_WORDS = 12;
const ROUNDS = 40;

interface ScoredPair {
  readonly year: number;
  readonly set: string;
  readonly a: string;
  readonly b: string;
  readonly score: number;
}

interface LabelledPair {
  readonly a: string;
  readonly b: string;
  readonly label: 0 | 1;
}

interface Evaluation {
  readonly teacher: {
    readonly sts_spearman_mean: number;
    readonly qqp_area: number;
    readonly sts_sets: Readonly<Record<string, number>>;
  };
}

const data = process.env['PARE_BENCH_DATA'];
if (data === undefined || !existsSync(data)) {
  console.error(
    [
      'Set PARE_BENCH_DATA to a folder with these public data sets:',
      '  sts/sts_2012_2014.jsonl: {year, set, a, b, score} (SemEval STS 2012 to 2014, github.com/brmson/dataset-sts)',
      '  qqp_gptcache/pairs.jsonl: {a, b, label} (github.com/zilliztech/GPTCache)',
    ].join('\n'),
  );
  process.exit(2);
}

const embedder = createStaticEmbedder();

function embed(text: string): Float32Array {
  if (embedder.embedNow === undefined) throw new Error('The built-in embedder has no fast path.');
  return embedder.embedNow(text);
}

function similarity({ a, b }: { readonly a: string; readonly b: string }): number {
  const [x, y] = [embed(a), embed(b)];
  let sum = 0;
  for (let i = 0; i < x.length; i += 1) sum += (x[i] as number) * (y[i] as number);
  return sum;
}

function readRows<T>(...path: readonly string[]): T[] {
  return readFileSync(join(data as string, ...path), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as T);
}

/** Spearman's correlation with the human scores, by set. */
function stsBySet(): Map<string, number> {
  const rows = Map.groupBy(
    readRows<ScoredPair>('sts', 'sts_2012_2014.jsonl'),
    ({ year, set }) => `${year}/${set}`,
  );
  return new Map(
    [...rows].map(([name, pairs]) => [
      name,
      spearman(
        pairs.map(similarity),
        pairs.map(({ score }) => score),
      ),
    ]),
  );
}

/** Microseconds of a query: the median of all, and what 99% of the queries stay under in their best round. */
function queryTimes(texts: readonly string[]): { median: number; p99: number } {
  const best = texts.map(() => Number.POSITIVE_INFINITY);
  const all: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [i, text] of texts.entries()) {
      const begun = performance.now();
      embed(text);
      const took = (performance.now() - begun) * 1_000;
      all.push(took);
      best[i] = Math.min(best[i] as number, took);
    }
  }
  return { median: median(all), p99: percentile(best, 0.99) };
}

/** Milliseconds from the making of an embedder to its first vector, each in a process of its own. */
function loadTimes(): number[] {
  const module = join(ROOT, 'src/embeddings/index.ts');
  const code = `import { createStaticEmbedder } from ${JSON.stringify(module)};
    const started = performance.now();
    createStaticEmbedder().embedNow('how do i reset my password');
    console.log(performance.now() - started);`;
  return Array.from({ length: LOADS }, () =>
    Number(execFileSync(process.execPath, ['--input-type=module', '-e', code], { encoding: 'utf8' })),
  );
}

/** Bytes of the packed package, built when there is no build. */
function tarballBytes(): number {
  if (!existsSync(join(ROOT, 'dist/index.js')))
    execFileSync(process.execPath, [join(ROOT, 'scripts/build.mjs')]);
  const [packed] = JSON.parse(
    execFileSync('npm', ['pack', '--dry-run', '--json'], { cwd: ROOT, encoding: 'utf8' }),
  ) as [{ size: number }];
  return packed.size;
}

const { teacher } = JSON.parse(readFileSync(join(ROOT, 'models/evaluation.json'), 'utf8')) as Evaluation;
const sets = stsBySet();
const mean = [...sets.values()].reduce((sum, value) => sum + value, 0) / sets.size;
const questions = readRows<LabelledPair>('qqp_gptcache', 'pairs.jsonl');
const judged = questions.map((pair) => ({ similarity: similarity(pair), isSame: pair.label === 1 }));
const points = operatingPoints(judged);
const bestF1 = points.reduce((best, point) => (f1(point) > f1(best) ? point : best));
const servedAt = (precision: number) =>
  points.reduce((most, point) => (point.precision >= precision ? Math.max(most, point.recall) : most), 0);

function f1({ precision, recall }: { precision: number; recall: number }): number {
  return (2 * precision * recall) / (precision + recall || 1);
}

const queries = questions.map(({ a }) => a).filter((text) => text.split(' ').length === QUERY_WORDS);
const times = queryTimes(queries);
const loads = loadTimes();
const table = statSync(join(ROOT, 'models/static-table.bin')).size;

const figures: Figure[] = [
  {
    name: "STS Spearman, share of the teacher's",
    target: { atLeast: 0.9 },
    reached: mean / teacher.sts_spearman_mean,
    unit: '',
    note: `mean of ${sets.size} sets: ${mean.toFixed(4)}, teacher ${teacher.sts_spearman_mean.toFixed(4)}`,
  },
  {
    name: `a query of ${QUERY_WORDS} words, median`,
    target: { atMost: 50 },
    reached: times.median,
    unit: 'us',
    note: `${queries.length} questions, ${ROUNDS} rounds; 99% of them under ${times.p99.toFixed(1)} us in their best round`,
  },
  {
    name: 'load',
    target: { atMost: 60 },
    reached: median(loads),
    unit: 'ms',
    note: `to the first vector, median of ${LOADS} new processes, worst ${Math.max(...loads).toFixed(0)} ms`,
  },
  { name: 'table', target: { atMost: 12 }, reached: table / MB, unit: 'MB', note: 'models/static-table.bin' },
  {
    name: 'packed package',
    target: { atMost: 5 },
    reached: tarballBytes() / MB,
    unit: 'MB',
    note: 'npm pack',
  },
  {
    name: 'question pairs, area under the curve',
    reached: areaUnderCurve(judged),
    unit: '',
    note: `cosine alone, no gates; teacher ${teacher.qqp_area.toFixed(4)}`,
  },
  {
    name: 'question pairs, best F1',
    reached: f1(bestF1),
    unit: '',
    note: `precision ${bestF1.precision.toFixed(3)}, recall ${bestF1.recall.toFixed(3)} at limit ${bestF1.minSimilarity.toFixed(3)}`,
  },
  ...[0.9, 0.95].map((precision) => ({
    name: `question pairs, served at precision ${precision}`,
    reached: servedAt(precision),
    unit: '',
    note: 'share of the duplicates, cosine alone, best limit chosen on the same pairs',
  })),
];

const isGood = publish('embeddings', figures, {
  sts: Object.fromEntries(
    [...sets].map(([name, value]) => [name, { table: value, teacher: teacher.sts_sets[name] ?? null }]),
  ),
});
process.exitCode = isGood ? 0 : 1;
