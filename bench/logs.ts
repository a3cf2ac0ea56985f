/**
 * Measures what of a log's failure is left after it was condensed, side by side with tail and grep.
 *
 *   PARE_BENCH_DATA=/path/to/data node bench/logs.ts [--only logdx,logchunks] [--details] [--fail-list]
 *
 * Everyone gets the same budget in o200k_base tokens and every output is counted again; one that is
 * over counts as empty. `--only` takes sets, `--ours` leaves the baselines out. Only a whole run is
 * written to bench/results/.
 */
import { parseArgs } from 'node:util';
import { loadEncoding } from '../src/tokens/index.ts';
import { type Figure, publish } from './harness.ts';
import { dataFolder, loadCases, SETS, type SetName } from './logs/cases.ts';
import { type Condense, createBaselines, createCeiling, loadOurs } from './logs/condensers.ts';
import { type Evaluation, evaluate } from './logs/evaluate.ts';
import { FIGURES, type FigureId, specOf } from './logs/figures.ts';
import { printDetails, printFailures, printFaults, printTable } from './logs/print.ts';

const { values: flags } = parseArgs({
  options: {
    only: { type: 'string' },
    ours: { type: 'boolean', default: false },
    details: { type: 'boolean', default: false },
    'fail-list': { type: 'boolean', default: false },
  },
});

function chosenSets(): SetName[] {
  const names = flags.only?.split(',') ?? [...SETS];
  const unknown = names.filter((name) => !SETS.some((set) => set === name));
  if (unknown.length > 0) throw new Error(`--only ${unknown.join(',')}: take of ${SETS.join(', ')}.`);
  return SETS.filter((set) => names.includes(set));
}

function figureOf(id: FigureId, results: ReadonlyMap<string, Evaluation>): Figure {
  const { name, budget, atLeast } = specOf(id);
  const beside = [...results].filter(([who]) => who !== 'ours');
  return {
    name: `${name} at ${budget.toLocaleString('en')}`,
    ...(atLeast === undefined ? {} : { target: { atLeast } }),
    reached: Number((results.get('ours')?.figures[id] ?? Number.NaN).toFixed(4)),
    unit: '',
    note: beside.map(([who, { figures }]) => `${who} ${(figures[id] ?? Number.NaN).toFixed(2)}`).join(', '),
  };
}

async function main(): Promise<void> {
  const sets = chosenSets();
  const cases = loadCases(dataFolder(), sets);
  const counter = await loadEncoding('o200k_base');
  const count = (text: string): number => counter.count(text);
  const ours = await loadOurs(count);
  const contenders: Record<string, Condense> = {
    ...(flags.ours ? {} : createBaselines(count)),
    ...(flags.ours ? {} : { ceiling: createCeiling(cases, count) }),
    ...(typeof ours === 'string' ? {} : { ours }),
  };
  if (typeof ours === 'string') console.error(`No figures of ours: ${ours}.`);
  const results = new Map<string, Evaluation>();
  const inputTokens = new Map<string, number>();
  for (const [name, condense] of Object.entries(contenders)) {
    results.set(name, await evaluate(condense, { cases, counter, inputTokens, details: flags['fail-list'] }));
  }
  if (flags.details) printDetails(results);
  if (flags['fail-list']) printFailures(results.get('ours') ?? results.get('grep+tail'));
  printTable(results);
  const faults = [...results].flatMap(([name, found]) => found.faults.map((fault) => `${name}: ${fault}`));
  printFaults(results);
  process.exitCode = faults.length === 0 && typeof ours !== 'string' ? 0 : 1;
  if (typeof ours === 'string' || flags.ours || sets.length < SETS.length) return;
  const figures = (Object.keys(FIGURES) as FigureId[]).map((id) => figureOf(id, results));
  const table = Object.fromEntries([...results].map(([name, found]) => [name, found.figures]));
  if (!publish('logs', figures, { encoding: 'o200k_base', logs: cases.length, table, faults }))
    process.exitCode = 1;
}

try {
  await main();
} catch (cause) {
  console.error(cause instanceof Error ? cause.message : cause);
  process.exitCode = 2;
}
