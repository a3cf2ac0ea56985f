// How fast and in how much memory logs are scanned and condensed by the built package, beside readline over the
// same file in the same run. The package is built first.
// One command: node bench/logs-speed.ts [BYTES]  (default 1 GB; PARE_BENCH_FOLDER: where the logs are written)
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Figure, median, publish, ROOT } from './harness.ts';
import { generateLog } from './logs/generate.ts';

const SMALL_BYTES = 10_000_000;
const ROUNDS = 3;
const CHILD = join(ROOT, 'bench/logs/speed-child.mjs');
const COMMAND = join(ROOT, 'dist/cli/main.js');
/** Says at the end what the process took at most, on stderr. */
const PEAK = join(ROOT, 'bench/logs/tell-peak.mjs');

/** What a process of its own measured. */
interface Measured {
  readonly ms: number;
  readonly cpuMs: number;
  readonly peakRssMb: number;
  readonly lines: number;
}

const LARGE_WAYS = ['readline', 'scan1', 'scan2', 'condense1', 'condense2'] as const;
const SMALL_WAYS = ['condense1', 'command', 'bare', 'empty'] as const;
type Way = (typeof LARGE_WAYS)[number] | (typeof SMALL_WAYS)[number];

function measure(way: Way, path: string): Measured {
  if (way === 'command') return measureCommand(path);
  if (way === 'empty') return measureEmpty();
  return JSON.parse(execFileSync(process.execPath, [CHILD, way, path], { encoding: 'utf8' })) as Measured;
}

/** `pare logs` as a user runs it: its own start, configuration and stores are part of it. */
function measureCommand(path: string): Measured {
  const folder = mkdtempSync(join(tmpdir(), 'pare-bench-data-'));
  const started = performance.now();
  const { status, stderr } = spawnSync(
    process.execPath,
    ['--import', PEAK, COMMAND, 'logs', path, '--token-budget', '4000', '--quiet', '--data-dir', folder],
    { encoding: 'utf8' },
  );
  const ms = performance.now() - started;
  rmSync(folder, { recursive: true });
  if (status !== 0) throw new Error(`pare logs ended with ${status}: ${stderr}`);
  return { ms, cpuMs: Number.NaN, peakRssMb: Number(stderr.trim().split('\n').at(-1)), lines: 0 };
}

/** A Node that does nothing at all. */
function measureEmpty(): Measured {
  const { stderr } = spawnSync(process.execPath, ['--import', PEAK, '-e', '0'], { encoding: 'utf8' });
  return { ms: 0, cpuMs: 0, peakRssMb: Number(stderr), lines: 0 };
}

/** The runs of each way over one file. */
class Runs {
  readonly bytes: number;
  readonly #path: string;
  readonly #byWay = new Map<Way, Measured[]>();

  constructor(path: string, bytes: number) {
    this.#path = path;
    generateLog(path, bytes);
    this.bytes = statSync(path).size;
  }

  run(way: Way): void {
    this.#byWay.set(way, [...this.of(way), measure(way, this.#path)]);
  }

  of(way: Way): readonly Measured[] {
    return this.#byWay.get(way) ?? [];
  }

  middle(way: Way, key: keyof Measured): number {
    return median(this.of(way).map((run) => run[key]));
  }

  /** How many times as fast as readline, round by round. */
  ratio(way: Way, key: 'ms' | 'cpuMs' = 'ms'): number {
    const readline = this.of('readline');
    return median(this.of(way).map((run, round) => (readline[round]?.[key] ?? Number.NaN) / run[key]));
  }
}

const how = `median of ${ROUNDS} rounds, one process each`;

function speeds(large: Runs): Figure[] {
  const mb = Math.round(large.bytes / 1e6);
  const speed = (way: Way): Figure => ({
    name: `${way}, ${mb} MB`,
    reached: large.bytes / 1000 / large.middle(way, 'ms'),
    unit: 'MB/s',
  });
  return [
    speed('readline'),
    speed('scan1'),
    speed('scan2'),
    { name: 'scan / readline, 1 thread', reached: large.ratio('scan1'), unit: 'x', note: how },
    { name: 'scan / readline, 2 threads', reached: large.ratio('scan2'), unit: 'x' },
    {
      name: 'condense / readline, 1 thread',
      target: { atLeast: 0.6 },
      reached: large.ratio('condense1'),
      unit: 'x',
      note: how,
    },
    {
      name: 'condense / readline, 2 threads',
      target: { atLeast: 1.1 },
      reached: large.ratio('condense2'),
      unit: 'x',
      note: `of processor time, whoever else had the cores: ${large.ratio('condense2', 'cpuMs').toFixed(2)}`,
    },
    {
      name: 'processor time beside the scan, 1 thread',
      reached: large.middle('condense1', 'cpuMs') - large.middle('scan1', 'cpuMs'),
      unit: 'ms',
      note: 'loading the encoding, the rules, the choice, the report',
    },
  ];
}

function costs(large: Runs, small: Runs): Figure[] {
  // What a process needs to start is in both, so the growth is that of the added bytes.
  const perByte =
    large.middle('condense1', 'ms') / large.bytes / (small.middle('condense1', 'ms') / small.bytes);
  const peak = (way: Way, threads: string): Figure => ({
    name: `peak RSS, ${threads}`,
    target: { atMost: 200 },
    reached: large.middle(way, 'peakRssMb'),
    unit: 'MB',
  });
  const [bare, empty, condensed, command] = (['bare', 'empty', 'condense1', 'command'] as const).map((way) =>
    small.middle(way, 'peakRssMb'),
  ) as [number, number, number, number];
  return [
    { name: 'time per byte, large against 10 MB', target: { atMost: 1.2 }, reached: perByte, unit: 'x' },
    {
      name: 'peak RSS of pare logs above an empty node, 10 MB',
      target: { atMost: 60 },
      reached: command - empty,
      unit: 'MB',
      note: `empty node: ${empty.toFixed(0)} MB`,
    },
    {
      name: 'peak RSS of the library above a node that has loaded it, 10 MB',
      reached: condensed - bare,
      unit: 'MB',
      note: `with the code loaded: ${bare.toFixed(0)} MB; the process's heap is its owner's to set`,
    },
    peak('condense1', '1 thread'),
    peak('condense2', '2 threads'),
  ];
}

function compare(bytes: number): void {
  execFileSync(process.execPath, [join(ROOT, 'scripts/build.mjs')], { stdio: 'inherit' });
  const folder = mkdtempSync(join(process.env['PARE_BENCH_FOLDER'] ?? tmpdir(), 'pare-bench-logs-'));
  try {
    const small = new Runs(join(folder, 'small.log'), SMALL_BYTES);
    const large = new Runs(join(folder, 'large.log'), bytes);
    for (let round = 0; round < ROUNDS; round++) {
      // The ways take turns, so that a slow moment hits all of them.
      for (const way of LARGE_WAYS) large.run(way);
      for (const way of SMALL_WAYS) small.run(way);
    }
    const figures = [...speeds(large), ...costs(large, small)];
    const isReached = publish('logs-speed', figures, {
      bytes: large.bytes,
      lines: large.of('scan1')[0]?.lines,
    });
    process.exitCode = isReached ? 0 : 1;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

compare(Number(process.argv[2] ?? 1_000_000_000));
