/**
 * Measures token counting side by side with gpt-tokenizer, js-tiktoken and tiktoken.
 *
 *   PARE_BENCH_DATA=/path/to/data node bench/tokens.ts
 *
 * Every rate is that of a first pass: the corpus is cut into slices that each counter sees once, after
 * a warm-up on other slices of the same kind. The second pass over the same slices is given beside it.
 */
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { countTokens as peerCount } from 'gpt-tokenizer/encoding/o200k_base';
import { Tiktoken } from 'js-tiktoken/lite';
import ranks from 'js-tiktoken/ranks/o200k_base';
import { createBatchCounter, loadEncoding } from '../src/tokens/index.ts';
import { createFuzz } from '../tests/fuzz-text.ts';

interface Reference {
  encode_ordinary: (text: string) => Uint32Array;
}

const { get_encoding } = createRequire(import.meta.url)('tiktoken') as {
  get_encoding: (name: string) => Reference;
};

const SLICE_CHARS = 150_000;
const WARM_SLICES = 3;
const MEASURED_SLICES = 12;
const CORPUS_CHARS = SLICE_CHARS * (WARM_SLICES + MEASURED_SLICES);
const FUZZED = 10_000;
const MB = 1_000_000;

const data = process.env['PARE_BENCH_DATA'];
if (data === undefined || !existsSync(data)) {
  console.error(
    [
      'Set PARE_BENCH_DATA to a folder with these public data sets, as far as you have them:',
      '  loghub/*.log (github.com/logpai/loghub), logchunks/logs/*.log (LogChunks, Zenodo),',
      '  qmsum/*.jsonl (github.com/Yale-LILY/QMSum), squad/*.jsonl (SQuAD paragraphs), locomo/*.json (LoCoMo).',
    ].join('\n'),
  );
  process.exit(2);
}

/** All strings of at least some words in a JSON value. */
function stringsIn(value: unknown, found: string[]): string[] {
  if (typeof value === 'string') {
    if (value.length > 40) found.push(value);
  } else if (typeof value === 'object' && value !== null) {
    for (const item of Object.values(value)) stringsIn(item, found);
  }
  return found;
}

function filesIn(folder: string, test: RegExp): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return filesIn(path, test);
      return entry.isFile() && test.test(entry.name) ? [path] : [];
    })
    .toSorted();
}

function proseCorpus(folder: string): string {
  const paths = ['qmsum', 'squad', 'locomo'].flatMap((name) => filesIn(join(folder, name), /\.jsonl?$/));
  const texts = paths.flatMap((path) =>
    readFileSync(path, 'utf8')
      .split(path.endsWith('l') ? '\n' : '\u0000')
      .filter((line) => line.trim() !== '')
      .flatMap((line) => stringsIn(JSON.parse(line), [])),
  );
  return texts.join('\n');
}

/** Takes a like share of every file until the corpus is full. */
function joined(paths: readonly string[]): string {
  const share = Math.max(4000, Math.ceil((CORPUS_CHARS * 1.2) / Math.max(1, paths.length)));
  return paths.map((path) => readFileSync(path, 'utf8').slice(0, share)).join('\n');
}

function codeCorpus(): string {
  const root = new URL('../node_modules', import.meta.url).pathname;
  const packages = [
    'vitest',
    'typescript/lib',
    'hono',
    'undici',
    'zod',
    'commander',
    'openai',
    'fast-check',
    'piscina',
  ];
  const paths = packages.flatMap((name) => filesIn(join(root, name), /(?<!\.min)\.(?:[cm]?js|[cm]?ts)$/));
  return joined(paths.filter((_, index) => index % 4 === 0));
}

const corpora = {
  prose: proseCorpus(data),
  code: codeCorpus(),
  logs: joined([...filesIn(join(data, 'loghub'), /\.log$/), ...filesIn(join(data, 'logchunks'), /\.log$/)]),
};

const own = await loadEncoding('o200k_base');
const wasm = get_encoding('o200k_base');
const script = new Tiktoken(ranks);
const noSpecial = { disallowedSpecial: new Set<string>() };
const counters: Readonly<Record<string, (text: string) => number>> = {
  pare: (text) => own.count(text),
  'gpt-tokenizer': (text) => peerCount(text, noSpecial),
  tiktoken: (text) => wasm.encode_ordinary(text).length,
  'js-tiktoken': (text) => script.encode(text, [], []).length,
};

interface Rates {
  readonly first: Record<string, number>;
  readonly second: Record<string, number>;
  /** Slices that tiktoken counts otherwise than Pare. */
  readonly differing: number;
}

/** Median of a list. */
function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] as number;
}

/** MB/s of each counter on text that it has not seen, and on text that it has. */
function rates(corpus: string): Rates {
  const slices = Array.from({ length: Math.floor(corpus.length / SLICE_CHARS) }, (_, i) =>
    corpus.slice(i * SLICE_CHARS, (i + 1) * SLICE_CHARS),
  ).slice(0, WARM_SLICES + MEASURED_SLICES);
  const names = Object.keys(counters);
  const speeds = { first: new Map<string, number[]>(), second: new Map<string, number[]>() };
  let differing = 0;
  for (const [index, slice] of slices.entries()) {
    const bytes = Buffer.byteLength(slice);
    const seen = new Set<number>();
    // Turns rotate, so that no counter always follows the same one.
    for (let turn = 0; turn < names.length; turn++) {
      const name = names[(turn + index) % names.length] as string;
      const count = counters[name] as (text: string) => number;
      for (const pass of ['first', 'second'] as const) {
        const started = performance.now();
        const tokens = count(slice);
        const speed = bytes / 1000 / (performance.now() - started);
        if (name === 'pare' || name === 'tiktoken') seen.add(tokens);
        if (index >= WARM_SLICES) speeds[pass].set(name, [...(speeds[pass].get(name) ?? []), speed]);
      }
    }
    if (seen.size > 1) differing++;
  }
  const medians = (map: Map<string, number[]>): Record<string, number> =>
    Object.fromEntries([...map].map(([name, values]) => [name, Number(median(values).toFixed(2))]));
  return { first: medians(speeds.first), second: medians(speeds.second), differing };
}

const targets: { name: string; target: number; reached: number; unit: string; isMet: boolean }[] = [];

function target(
  name: string,
  wanted: number,
  reached: number,
  options: { unit: string; atMost?: boolean },
): void {
  const isMet = options.atMost === true ? reached <= wanted : reached >= wanted;
  targets.push({ name, target: wanted, reached: Number(reached.toFixed(2)), unit: options.unit, isMet });
}

const measured: Record<string, Rates> = {};
for (const [kind, corpus] of Object.entries(corpora)) {
  if (corpus.length < SLICE_CHARS * (WARM_SLICES + 2)) {
    console.error(`No ${kind}: the data set has only ${corpus.length} characters.`);
    continue;
  }
  const found = rates(corpus);
  measured[kind] = found;
  const best = Math.max(...Object.entries(found.first).map(([name, speed]) => (name === 'pare' ? 0 : speed)));
  const wanted = kind === 'logs' ? 2 : 1;
  target(`${kind}, first pass, against the fastest peer`, wanted, (found.first['pare'] as number) / best, {
    unit: 'x',
  });
  target(`${kind}, slices that tiktoken counts otherwise`, 0, found.differing, { unit: '', atMost: true });
}

const runs: Record<string, number> = {};
for (const unit of ['a', ' ', '!', '=', '0', '\n', 'é', '日', '😀']) {
  const text = unit.repeat(Math.floor(MB / Buffer.byteLength(unit)));
  const times = Array.from({ length: 5 }, () => {
    const started = performance.now();
    own.count(text);
    return performance.now() - started;
  });
  // The best of five: other processes only ever make it slower.
  runs[JSON.stringify(unit)] = Number(Math.min(...times).toFixed(1));
}
target('1 MB of one character, the slowest', 100, Math.max(...Object.values(runs)), {
  unit: 'ms',
  atMost: true,
});
const timeOf = (length: number): number => {
  const text = 'a'.repeat(length);
  const started = performance.now();
  own.count(text);
  return performance.now() - started;
};
const best = (length: number): number => Math.min(...[1, 2, 3, 4, 5].map(() => timeOf(length)));
const growth = best(4 * MB) / best(MB);
target('time for 4 x the run, in times', 6, growth, { unit: 'x', atMost: true });

async function workerGain(): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'pare-bench-'));
  const path = join(folder, 'large.txt');
  const block = Object.values(corpora).join('\n');
  writeFileSync(path, block.repeat(Math.ceil((24 * MB) / block.length)));
  const pools = [createBatchCounter({ workers: 1 }), createBatchCounter({ workers: 2 })];
  const times: number[][] = [[], []];
  for (let round = 0; round < 8; round++) {
    for (const [index, pool] of pools.entries()) {
      const started = performance.now();
      await pool.count([{ path }]);
      // The first round starts the threads.
      if (round > 0) times[index]?.push(performance.now() - started);
    }
  }
  await Promise.all(pools.map((pool) => pool.close()));
  rmSync(folder, { recursive: true });
  return Math.min(...(times[0] as number[])) / Math.min(...(times[1] as number[]));
}
target('two workers against one, one file of 24 MB', 1.5, await workerGain(), { unit: 'x' });

const differences: Record<string, number> = {};
for (const encoding of ['o200k_base', 'cl100k_base', 'p50k_base'] as const) {
  const reference = get_encoding(encoding);
  const counter = await loadEncoding(encoding);
  const next = createFuzz(Number(process.env['PARE_BENCH_SEED'] ?? 42));
  let differing = 0;
  for (let i = 0; i < FUZZED; i++) {
    const text = next();
    if (counter.count(text) !== reference.encode_ordinary(text).length) differing++;
  }
  differences[encoding] = differing;
  target(`${encoding}, of 10,000 fuzzed strings counted otherwise than tiktoken`, 0, differing, {
    unit: '',
    atMost: true,
  });
}

const started = performance.now();
await loadEncoding('o200k_base');
const loadMs = Number((performance.now() - started).toFixed(1));

const result = {
  date: new Date().toISOString(),
  commit: execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim(),
  machine: { cpu: cpus()[0]?.model ?? 'unknown', cores: cpus().length, node: process.version },
  encoding: 'o200k_base',
  mbPerSecond: measured,
  unbrokenRunMsPerMb: runs,
  differences,
  loadMs,
  targets,
};
for (const [kind, found] of Object.entries(measured)) console.log(kind, 'MB/s', JSON.stringify(found));
console.log('1 MB of one character, ms', JSON.stringify(runs), 'load', loadMs);
for (const { name, target: wanted, reached, unit, isMet } of targets) {
  console.log(`${isMet ? 'met   ' : 'MISSED'} ${name}: target ${wanted}${unit}, reached ${reached}${unit}`);
}
const output = new URL('./results/', import.meta.url);
mkdirSync(output, { recursive: true });
writeFileSync(new URL('tokens.json', output), `${JSON.stringify(result, null, 2)}\n`);
