// How fast and in how much memory logs are scanned and condensed, beside readline over the same file in the same run.
// One command: node bench/logs-speed.ts [BYTES]  (default 1 GB; PARE_BENCH_FOLDER: where the logs are written)
import { execFileSync } from 'node:child_process';
import { createReadStream, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { condenseLog } from '../src/logs/index.ts';
import { openSource, scanLog } from '../src/logs/scan/index.ts';
import { loadEncoding } from '../src/tokens/index.ts';
import { type Figure, median, publish } from './harness.ts';
import { generateLog } from './logs/generate.ts';

const SMALL_BYTES = 10_000_000;
const ROUNDS = 3;
const SCRIPT = import.meta.filename;

/** What a process of its own measured. */
interface Measured {
  readonly ms: number;
  readonly peakRssMb: number;
  readonly lines: number;
}

/** The ways to go through a file; each runs in a process of its own. */
const ways: Readonly<Record<string, (path: string) => Promise<number>>> = {
  bare: async () => 0,
  readline: async (path) => {
    let lines = 0;
    const reader = createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY });
    reader.on('line', () => lines++);
    await new Promise((resolve) => reader.once('close', resolve));
    return lines;
  },
  scan1: (path) => scanned(path, 1),
  scan2: (path) => scanned(path, 2),
  condense1: (path) => condensed(path, 1),
  condense2: (path) => condensed(path, 2),
};

/** The whole way: scanned, classified, packed to 4,000 tokens, written, counted, reported. */
async function condensed(path: string, workers: number): Promise<number> {
  const counter = await loadEncoding('o200k_base');
  const count = (text: string): number => counter.count(text);
  const { input } = await condenseLog({ path }, { limits: { tokenBudget: 4_000 }, workers, count });
  return input.lines;
}

async function scanned(path: string, workers: number): Promise<number> {
  const log = await scanLog(await openSource({ path }), { workers });
  const { lineCount } = log;
  log.close();
  return lineCount;
}

function measure(way: string, path: string): Measured {
  return JSON.parse(execFileSync(process.execPath, [SCRIPT, way, path], { encoding: 'utf8' })) as Measured;
}

async function child(way: string, path: string): Promise<void> {
  const started = performance.now();
  const lines = await (ways[way] as (path: string) => Promise<number>)(path);
  const ms = performance.now() - started;
  process.stdout.write(JSON.stringify({ ms, peakRssMb: process.resourceUsage().maxRSS / 1000, lines }));
}

function compare(bytes: number): void {
  const folder = mkdtempSync(join(process.env['PARE_BENCH_FOLDER'] ?? tmpdir(), 'pare-bench-logs-'));
  try {
    const [small, large] = [join(folder, 'small.log'), join(folder, 'large.log')];
    generateLog(small, SMALL_BYTES);
    generateLog(large, bytes);
    const runs: Record<string, Measured[]> = {
      readline: [],
      scan1: [],
      scan2: [],
      condense1: [],
      condense2: [],
    };
    const smallRuns: Measured[] = [];
    const bare: Measured[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      // The ways take turns, so that a slow moment hits all of them.
      for (const way of Object.keys(runs)) runs[way]?.push(measure(way, large));
      smallRuns.push(measure('condense1', small));
      bare.push(measure('bare', small));
    }
    const of = (list: readonly Measured[] | undefined, key: 'ms' | 'peakRssMb'): number =>
      median((list ?? []).map((run) => run[key]));
    const ratios = (way: string): number =>
      median((runs[way] ?? []).map((run, round) => (runs['readline']?.[round]?.ms ?? Number.NaN) / run.ms));
    const bareRss = of(bare, 'peakRssMb');
    const size = statSync(large).size;
    const speed = (way: string): Figure => ({
      name: `${way}, ${Math.round(size / 1e6)} MB`,
      reached: size / 1000 / of(runs[way], 'ms'),
      unit: 'MB/s',
    });
    const ratio = (name: string, way: string, atLeast: number): Figure => ({
      name,
      target: { atLeast },
      reached: ratios(way),
      unit: 'x',
      note: how,
    });
    // What a process needs to start is in both, so the growth is that of the added bytes.
    const perByte = of(runs['condense1'], 'ms') / size / (of(smallRuns, 'ms') / statSync(small).size);
    const how = `median of ${ROUNDS} rounds, one process each`;
    const figures: Figure[] = [
      speed('readline'),
      speed('scan1'),
      speed('scan2'),
      { name: 'scan / readline, 1 thread', reached: ratios('scan1'), unit: 'x', note: how },
      { name: 'scan / readline, 2 threads', reached: ratios('scan2'), unit: 'x' },
      ratio('condense / readline, 1 thread', 'condense1', 0.6),
      ratio('condense / readline, 2 threads', 'condense2', 1.1),
      { name: 'time per byte, large against 10 MB', target: { atMost: 1.2 }, reached: perByte, unit: 'x' },
      {
        name: 'peak RSS above a bare node, 10 MB',
        target: { atMost: 60 },
        reached: of(smallRuns, 'peakRssMb') - bareRss,
        unit: 'MB',
        note: `bare node with the code loaded: ${bareRss.toFixed(0)} MB`,
      },
      {
        name: 'peak RSS, 1 thread',
        target: { atMost: 200 },
        reached: of(runs['condense1'], 'peakRssMb'),
        unit: 'MB',
      },
      {
        name: 'peak RSS, 2 threads',
        target: { atMost: 200 },
        reached: of(runs['condense2'], 'peakRssMb'),
        unit: 'MB',
      },
    ];
    process.exitCode = publish('logs-speed', figures, { bytes: size, lines: runs['scan1']?.[0]?.lines })
      ? 0
      : 1;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const [first, path] = process.argv.slice(2);
if (path !== undefined && first !== undefined) await child(first, path);
else compare(Number(first ?? 1_000_000_000));
