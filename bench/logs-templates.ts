/**
 * Measures how well log lines are grouped into templates, on labelled samples of loghub, beside Drain3 and a
 * plain Drain; and how fast.
 *
 *   PARE_BENCH_DATA=/path/to/data node bench/logs-templates.ts
 *
 * Drain3 comes from PyPI: the bench installs it into a temporary folder, or takes it from the one that
 * PARE_BENCH_DRAIN3 names (`pip install drain3 --target FOLDER`). Nobody is told the format of a log: the
 * header is learnt from the lines, and the messages without it are given to all three; Drain3 also gets the
 * whole lines. The published figures of Drain (0.87) were reached with formats and masks made for each system.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createMiner, learnHeader } from '../src/logs/mine/index.ts';
import { openSource, scanLog } from '../src/logs/scan/index.ts';
import { type Figure, median, publish } from './harness.ts';
import { type Drain3Run, runDrain3 } from './logs/templates/drain3.ts';
import { createPlainDrain } from './logs/templates/plain-drain.ts';
import { type Score, scoreGroups } from './logs/templates/score.ts';

/** Systems whose wrong groups were looked at while the rules were made; any other shows how they carry over. */
const LOOKED_AT = new Set([
  'Android',
  'BGL_a',
  'HDFS',
  'Hadoop',
  'OpenSSH',
  'Proxifier',
  'Windows',
  'Zookeeper',
]);
const SPEED_SYSTEM = 'HDFS';
const SPEED_COPIES = 100;
const SPEED_ROUNDS = 5;

const data = process.env['PARE_BENCH_DATA'];
const folder = join(data ?? '', 'loghub');
if (data === undefined || !existsSync(folder)) {
  console.error(
    [
      'Set PARE_BENCH_DATA to a folder that holds loghub/ (github.com/logpai/loghub, the samples of 2,000 lines):',
      '  NAME.log with the lines, NAME.labels.csv with a header and then `line,event,…` for each line.',
    ].join('\n'),
  );
  process.exit(2);
}

interface System {
  readonly name: string;
  readonly lines: readonly string[];
  readonly events: readonly string[];
}

function readSystem(name: string): System {
  const events = readFileSync(join(folder, `${name}.labels.csv`), 'utf8')
    .trim()
    .split(/\r?\n/)
    .slice(1)
    .map((row) => row.split(',')[1] ?? '');
  const lines = readFileSync(join(folder, `${name}.log`), 'utf8').split(/\r\n|\r|\n/);
  return { name, lines: lines.slice(0, events.length), events };
}

/** The way a log goes in Pare: scanner, header, masks, miner. Values are not counted there, nor by Drain3. */
async function mine(bytes: Buffer): Promise<readonly number[]> {
  const log = await scanLog(await openSource({ bytes }), { workers: 1 });
  const texts = log.shapes.map(({ id }) => log.firstText(id));
  const strip = learnHeader(texts);
  const miner = createMiner({ slots: false });
  const ids = log.shapes.map((shape) => miner.add(strip(texts[shape.id] ?? ''), shape));
  const found = ids.map((id) => miner.find(id));
  const shapes = new Uint32Array(log.lineCount);
  log.fillShapes(0, shapes);
  log.close();
  return Array.from(shapes, (shape) => found[shape] ?? -1);
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

const systems = readdirSync(folder)
  .filter((file) => file.endsWith('.labels.csv'))
  .map((file) => readSystem(file.slice(0, -'.labels.csv'.length)));
const messages = systems.map(({ lines }) => {
  const strip = learnHeader(lines);
  return lines.map(strip);
});

/** The lines of one system many times over, with other digits each time. */
function repetitiveLog(): string[] {
  const lines = systems.find(({ name }) => name === SPEED_SYSTEM)?.lines ?? systems[0]?.lines ?? [];
  return Array.from({ length: SPEED_COPIES }, (_, copy) =>
    lines.map((line) => line.replaceAll(/\d(?=\d)/g, (digit) => String((Number(digit) + copy) % 10))),
  ).flat();
}

const ownGroups: (readonly number[])[] = [];
for (const { lines } of systems) ownGroups.push(await mine(Buffer.from(lines.join('\n'))));

const speedLog = repetitiveLog();
const speedBytes = Buffer.from(speedLog.join('\n'));
const stripSpeed = learnHeader(speedLog);
const ownSeconds: number[] = [];
for (let round = 0; round < SPEED_ROUNDS; round++) {
  const started = performance.now();
  await mine(speedBytes);
  ownSeconds.push((performance.now() - started) / 1000);
}

const peerRuns = runDrain3([
  ...messages,
  ...systems.map(({ lines }) => lines),
  speedLog,
  speedLog.map(stripSpeed),
]);
const scoresOf = (runs: readonly (Drain3Run | undefined)[]): (Score | undefined)[] =>
  systems.map(({ events }, index) => {
    const ids = runs[index]?.ids;
    return ids === undefined ? undefined : scoreGroups(ids, events);
  });
const drain3 = scoresOf(peerRuns?.slice(0, systems.length) ?? []);
const drain3Raw = scoresOf(peerRuns?.slice(systems.length, 2 * systems.length) ?? []);
const drain3Seconds = peerRuns?.at(-2)?.seconds;
const drain3StrippedSeconds = peerRuns?.at(-1)?.seconds ?? Number.NaN;

const rows = systems.map((system, index) => ({
  name: system.name,
  isLookedAt: LOOKED_AT.has(system.name),
  pare: scoreGroups(ownGroups[index] ?? [], system.events),
  plain: scoreGroups((messages[index] ?? []).map(createPlainDrain()), system.events),
  drain3: drain3[index],
  drain3Raw: drain3Raw[index],
}));

const show = (score: Score | undefined): string => score?.accuracy.toFixed(3) ?? '-';
const meanOf = (pick: (row: (typeof rows)[number]) => number | undefined): number =>
  mean(rows.map(pick).filter((value) => value !== undefined));
const peersOf = (row: (typeof rows)[number]): string =>
  `plain Drain ${show(row.plain)}, Drain3 ${show(row.drain3)}, on whole lines ${show(row.drain3Raw)}`;

const figures: Figure[] = [
  {
    name: 'grouping accuracy, mean',
    target: { atLeast: 0.92 },
    reached: meanOf(({ pare }) => pare.accuracy),
    unit: '',
    note: `plain Drain ${meanOf(({ plain }) => plain.accuracy).toFixed(3)}, Drain3 ${meanOf(({ drain3 }) => drain3?.accuracy).toFixed(3)}, on whole lines ${meanOf(({ drain3Raw }) => drain3Raw?.accuracy).toFixed(3)}`,
  },
  {
    name: 'F1 of grouping, mean',
    reached: meanOf(({ pare }) => pare.f1),
    unit: '',
    note: `plain Drain ${meanOf(({ plain }) => plain.f1).toFixed(3)}, Drain3 ${meanOf(({ drain3 }) => drain3?.f1).toFixed(3)}`,
  },
  ...rows.map((row) => ({
    name: `  ${row.name}${row.isLookedAt ? '' : ' (not looked at)'}`,
    reached: row.pare.accuracy,
    unit: '',
    note: `F1 ${row.pare.f1.toFixed(3)}, ${row.pare.groups} groups for ${row.pare.events} events; ${peersOf(row)}`,
  })),
];
const unseen = rows.filter(({ isLookedAt }) => !isLookedAt);
if (unseen.length > 0) {
  figures.push({
    name: 'grouping accuracy, mean of those not looked at',
    target: { atLeast: 0.92 },
    reached: mean(unseen.map(({ pare }) => pare.accuracy)),
    unit: '',
  });
}
const perLine = (seconds: number): string => ((seconds / speedLog.length) * 1e6).toFixed(2);
figures.push({
  name: 'time per line, repetitive log',
  reached: Number(perLine(median(ownSeconds))),
  unit: 'us',
});
if (drain3Seconds !== undefined) {
  figures.push({
    name: 'speed against Drain3, repetitive log',
    target: { atLeast: 20 },
    reached: drain3Seconds / median(ownSeconds),
    unit: 'x',
    note: `${speedLog.length} whole lines for both, Drain3 ${perLine(drain3Seconds)} us a line; ${(drain3StrippedSeconds / median(ownSeconds)).toFixed(1)} x where Drain3 (${perLine(drain3StrippedSeconds)} us) is spared the header`,
  });
}
process.exitCode = publish('logs-templates', figures, { systems: rows }) ? 0 : 1;
