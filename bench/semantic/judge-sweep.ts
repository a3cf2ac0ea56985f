/**
 * Sweeps the pair judge over labelled pairs: what it serves at which precision, what its gates stop, and how often.
 *
 *   PARE_BENCH_DATA=/path/to/data node bench/semantic/judge-sweep.ts [--similarities FOLDER] [--show wrong|refused|GATE] [--limit N]
 *
 * `--similarities` names a folder of `teacher-SET.json` files, cosines of another embedder by row of the set.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { coldLimit, createPairJudge } from '../../src/cache/index.ts';
import type { PairJudgement } from '../../src/contract/index.ts';
import { createStaticEmbedder } from '../../src/embeddings/index.ts';

interface Pair {
  readonly a: string;
  readonly b: string;
  readonly isSame: boolean;
  readonly similarity: number;
}

interface Judged extends Pair {
  readonly judgement: PairJudgement;
}

const { values } = parseArgs({
  options: {
    similarities: { type: 'string' },
    show: { type: 'string' },
    limit: { type: 'string', default: '60' },
    set: { type: 'string' },
  },
});
const data = process.env['PARE_BENCH_DATA'];
if (data === undefined || !existsSync(data)) {
  console.error(
    'Set PARE_BENCH_DATA to a folder with qqp_gptcache, mrpc, sick, banking77 and gptcache_mock.',
  );
  process.exit(2);
}

const embedder = createStaticEmbedder();
const embed = (text: string): Float32Array => {
  if (embedder.embedNow === undefined) throw new Error('The built-in embedder has no fast path.');
  return embedder.embedNow(text);
};
const judge = createPairJudge({ embedWord: embed });

function readRows<T>(...path: readonly string[]): T[] {
  return readFileSync(join(data as string, ...path), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as T);
}

function cosine(a: string, b: string): number {
  const [x, y] = [embed(a), embed(b)];
  let sum = 0;
  for (let i = 0; i < x.length; i += 1) sum += (x[i] as number) * (y[i] as number);
  return sum;
}

function similaritiesOf(set: string, pairs: readonly { a: string; b: string }[]): readonly number[] {
  if (values.similarities === undefined) return pairs.map(({ a, b }) => cosine(a, b));
  return JSON.parse(readFileSync(join(values.similarities, `teacher-${set}.json`), 'utf8')) as number[];
}

function judged(set: string, rows: readonly { a: string; b: string; isSame: boolean }[]): Judged[] {
  const similarities = similaritiesOf(set, rows);
  return rows.map((row, i) => {
    const similarity = similarities[i] as number;
    return { ...row, similarity, judgement: judge.judge(row.a, row.b, similarity) };
  });
}

function curve(name: string, pairs: readonly Judged[]): void {
  const positives = pairs.filter(({ isSame }) => isSame).length;
  const served = pairs
    .filter(({ judgement }) => judgement.gate === null)
    .sort((x, y) => y.judgement.confidence - x.judgement.confidence);
  let hits = 0;
  let best = { recall: 0, confidence: 1 };
  const marks: string[] = [];
  for (const [i, pair] of served.entries()) {
    if (pair.isSame) hits += 1;
    const precision = hits / (i + 1);
    if (precision >= 0.95) best = { recall: hits / positives, confidence: pair.judgement.confidence };
    if ((i + 1) % Math.ceil(served.length / 8) === 0 || i === served.length - 1) {
      marks.push(
        `  confidence ${pair.judgement.confidence.toFixed(3)}: precision ${precision.toFixed(3)}, recall ${(hits / positives).toFixed(3)}`,
      );
    }
  }
  console.log(
    `${name}: ${pairs.length} pairs, ${positives} the same; best recall at precision 0.95: ${best.recall.toFixed(3)} (confidence >= ${best.confidence.toFixed(3)})`,
  );
  console.log(marks.join('\n'));
  for (const rate of [0.01, 0.05]) {
    const limit = coldLimit(rate, values.similarities === undefined ? 'pare-static' : 'all-MiniLM-L6-v2');
    const above = served.filter(({ judgement }) => judgement.confidence >= limit);
    const right = above.filter(({ isSame }) => isSame).length;
    console.log(
      `  limit ${limit} at a rate of ${rate}: ${above.length} served, precision ${(right / above.length).toFixed(3)}, recall ${(right / positives).toFixed(3)}`,
    );
  }
  reasons(pairs);
}

function reasons(pairs: readonly Judged[]): void {
  const counts = new Map<string, [number, number]>();
  for (const { isSame, judgement } of pairs) {
    const count = counts.get(judgement.gate ?? 'served') ?? [0, 0];
    count[isSame ? 0 : 1] += 1;
    counts.set(judgement.gate ?? 'served', count);
  }
  const rows = [...counts].sort((x, y) => y[1][0] + y[1][1] - x[1][0] - x[1][1]);
  console.log(
    `  (same/different) ${rows.map(([gate, [same, other]]) => `${gate} ${same}/${other}`).join(', ')}`,
  );
}

function show(pairs: readonly Judged[], what: string): void {
  const picks: Record<string, (pair: Judged) => boolean> = {
    wrong: ({ isSame, judgement }) => !isSame && judgement.gate === null,
    refused: ({ isSame, judgement }) => isSame && judgement.gate !== null,
  };
  const pick = picks[what] ?? (({ isSame, judgement }: Judged) => isSame && judgement.gate === what);
  const chosen = pairs.filter(pick);
  const step = Math.max(1, Math.floor(chosen.length / Number(values.limit)));
  for (const { a, b, judgement, similarity } of chosen
    .filter((_, i) => i % step === 0)
    .slice(0, Number(values.limit))) {
    console.log(
      `  ${judgement.confidence.toFixed(2)} ${similarity.toFixed(2)} ${judgement.gate ?? ''} ${judgement.detail ?? ''} | ${a} | ${b}`,
    );
  }
}

/** Pairs of one intent against pairs of two, each text with its neighbours in the file. */
function intentPairs(): { a: string; b: string; isSame: boolean }[] {
  const rows = readRows<{ text: string; intent: string }>('banking77', 'train.jsonl');
  return rows.flatMap((row, i) =>
    [1, 7, 501, 2_003].map((step) => {
      const other = rows[(i + step) % rows.length] as { text: string; intent: string };
      return { a: row.text, b: other.text, isSame: row.intent === other.intent };
    }),
  );
}

const sets: Record<string, () => Judged[]> = {
  qqp: () =>
    judged(
      'qqp',
      readRows<{ a: string; b: string; label: number }>('qqp_gptcache', 'pairs.jsonl').map(
        ({ a, b, label }) => ({ a, b, isSame: label === 1 }),
      ),
    ),
  mock: () =>
    judged(
      'mock',
      readRows<{ origin: string; similar: string }>('gptcache_mock', 'pairs.jsonl').map(
        ({ origin, similar }) => ({ a: origin, b: similar, isSame: true }),
      ),
    ),
  sick: () =>
    judged(
      'sick',
      readRows<{ a: string; b: string; entail: string; score: number }>('sick', 'train.jsonl').map(
        ({ a, b, entail, score }) => ({ a, b, isSame: entail === 'ENTAILMENT' && score > 4.5 }),
      ),
    ),
  contradictions: () =>
    judged(
      'sick',
      readRows<{ a: string; b: string; entail: string; overlap: number }>('sick', 'train.jsonl').map(
        (row) => ({ ...row, isSame: false }),
      ),
    ).filter(
      (pair) =>
        (pair as Judged & { entail: string; overlap: number }).entail === 'CONTRADICTION' &&
        (pair as Judged & { overlap: number }).overlap >= 0.6,
    ),
  mrpc: () =>
    judged(
      'mrpc',
      readRows<{ a: string; b: string; label: number }>('mrpc', 'train.jsonl').map(({ a, b, label }) => ({
        a,
        b,
        isSame: label === 1,
      })),
    ),
  ...(values.similarities === undefined ? { banking: () => judged('banking', intentPairs()) } : {}),
};

for (const [name, read] of Object.entries(sets)) {
  if (values.set !== undefined && values.set !== name) continue;
  const started = performance.now();
  const pairs = read();
  curve(name, pairs);
  console.log(
    `  ${(((performance.now() - started) * 1_000) / pairs.length).toFixed(0)} us a pair with its vectors`,
  );
  if (values.show !== undefined) show(pairs, values.show);
}
