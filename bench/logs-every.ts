/**
 * Condenses every log of the data with `pare logs`, in text and in JSON, and holds each result to what is promised:
 * never a token over the budget, the same text in both, every line kept or in a gap, and references that lead back.
 *
 *   PARE_BENCH_DATA=/path/to/data node bench/logs-every.ts [--only logdx,logchunks] [--part 1/4]
 *
 * `--part` takes every n-th log; the last of the parts writes bench/results/, as a run without it does.
 */
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { loadEncoding } from '../src/tokens/index.ts';
import { type Figure, publish } from './harness.ts';
import { dataFolder, SETS } from './logs/cases.ts';
import { type CommandRunner, createCommandRunner } from './logs/command-runner.ts';

const BUDGETS = [500, 2000, 8000] as const;
const BYTE_ORDER_MARK = Buffer.from('\ufeff');
/** References to errors that are followed in each report. */
const MOST_REFERENCES = 3;

const { values: flags } = parseArgs({ options: { only: { type: 'string' }, part: { type: 'string' } } });

/** What is looked at in `--json`. */
interface Report {
  readonly input: { readonly lines: number; readonly bytes: number };
  readonly output: { readonly tokens: number; readonly lines: number };
  readonly errors: readonly { readonly ref: string | null }[];
  readonly gaps: readonly {
    readonly lines: number;
    readonly first_line: number;
    readonly last_line: number;
  }[];
  readonly text: string;
}

const PROMISES = ['budget', 'text and JSON', 'conservation', 'references'] as const;
type Promised = (typeof PROMISES)[number];

const faults: {
  readonly promised: Promised;
  readonly log: string;
  readonly budget: number;
  readonly what: string;
}[] = [];
const checked: Record<Promised, number> = { budget: 0, conservation: 0, 'text and JSON': 0, references: 0 };

/** Counts a check, and remembers what it found wrong. */
function check(promised: Promised, at: { log: string; budget: number }, what: string | undefined): void {
  checked[promised]++;
  if (what !== undefined) faults.push({ promised, ...at, what });
}

function logsOf(folder: string): string[] {
  const sets = flags.only?.split(',') ?? [...SETS];
  const all = sets.flatMap((set) => globSync(`${set}/**/*.log`, { cwd: folder }).toSorted());
  if (all.length === 0) throw new Error(`There are no logs of ${sets.join(', ')} in ${folder}.`);
  const [index = 1, of = 1] = (flags.part ?? '1/1').split('/').map(Number);
  return all.filter((_, at) => at % of === index - 1).map((name) => join(folder, name));
}

function brokenSum({ input, output, gaps }: Report): string | undefined {
  const folded = gaps.reduce((sum, { lines }) => sum + lines, 0);
  const sum = output.lines + folded;
  const isOrdered = gaps.every(({ first_line: first, last_line: last, lines }) => last - first + 1 >= lines);
  if (sum !== input.lines) return `${output.lines} kept and ${folded} folded of ${input.lines} lines`;
  return isOrdered ? undefined : 'a gap says more lines than lie between its ends';
}

async function followAll(pare: CommandRunner, path: string, report: Report): Promise<string | undefined> {
  const whole = /pare show (pare:[a-z2-9]+)/.exec(report.text)?.[1];
  const bytes = readFileSync(path);
  const original = bytes.subarray(bytes.indexOf(BYTE_ORDER_MARK) === 0 ? BYTE_ORDER_MARK.length : 0);
  if (whole !== undefined && !(await pare(['show', whole])).stdout.equals(original))
    return `${whole} shows another text`;
  for (const { ref } of report.errors.slice(0, MOST_REFERENCES)) {
    if (ref === null) continue;
    const { code, stdout } = await pare(['show', ref]);
    if (code !== 0 || !original.includes(stdout.subarray(0, -1)))
      return `${ref} shows what is not in the log`;
  }
  return undefined;
}

async function condenseAll(pare: CommandRunner, paths: readonly string[], folder: string): Promise<void> {
  const encoding = await loadEncoding('o200k_base');
  for (const path of paths) {
    for (const budget of BUDGETS) {
      const at = { log: relative(folder, path), budget };
      const args = ['logs', path, '--token-budget', String(budget)];
      const text = (await pare(args)).stdout.toString();
      const report = JSON.parse((await pare([...args, '--json'])).stdout.toString()) as Report;
      const tokens = encoding.count(text);
      check('budget', at, tokens > budget ? `${tokens} tokens` : undefined);
      const isSame = report.text === text && report.output.tokens === tokens;
      check(
        'text and JSON',
        at,
        isSame ? undefined : `${report.output.tokens} tokens in JSON, ${tokens} in the text`,
      );
      check('conservation', at, brokenSum(report));
      // They lead to the log, whatever the budget.
      if (budget === BUDGETS[0]) check('references', at, await followAll(pare, path, report));
    }
  }
}

/** What one part found. */
interface Part {
  readonly logs: number;
  readonly checked: typeof checked;
  readonly faults: typeof faults;
}

/** Where a part leaves what it found until the last one is there. */
function partFile(index: number, of: number): string {
  return join(tmpdir(), `pare-logs-every-${index}-of-${of}.json`);
}

/** All parts, once the last one has run; the parts are then removed. */
function gather(part: Part): Part | undefined {
  const [index = 1, of = 1] = (flags.part ?? '1/1').split('/').map(Number);
  writeFileSync(partFile(index, of), JSON.stringify(part));
  const files = Array.from({ length: of }, (_, at) => partFile(at + 1, of));
  if (!files.every((file) => existsSync(file))) return undefined;
  const parts = files.map((file) => JSON.parse(readFileSync(file, 'utf8')) as Part);
  for (const file of files) rmSync(file);
  const sum = (promised: Promised): number =>
    parts.reduce((total, { checked: found }) => total + found[promised], 0);
  return {
    logs: parts.reduce((total, { logs }) => total + logs, 0),
    checked: Object.fromEntries(PROMISES.map((name) => [name, sum(name)])) as typeof checked,
    faults: parts.flatMap((found) => found.faults),
  };
}

function figuresOf({ logs, checked: found, faults: broken }: Part): Figure[] {
  return PROMISES.map((promised) => ({
    name: `${promised}: results that break it`,
    target: { atMost: 0 },
    reached: broken.filter((fault) => fault.promised === promised).length,
    unit: '',
    note: `of ${found[promised]}, ${logs} logs at ${BUDGETS.join(', ')} tokens`,
  }));
}

async function main(): Promise<void> {
  const folder = dataFolder();
  const paths = logsOf(folder);
  const home = mkdtempSync(join(tmpdir(), 'pare-bench-'));
  try {
    await condenseAll(createCommandRunner(home), paths, folder);
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
  for (const { promised, log, budget, what } of faults)
    console.error(`${promised}: ${log} at ${budget}: ${what}`);
  const part: Part = { logs: paths.length, checked, faults };
  const all = flags.only === undefined ? gather(part) : undefined;
  if (all === undefined) {
    for (const { name, reached, note } of figuresOf(part)) console.log(`${name}: ${reached} ${note ?? ''}`);
    process.exitCode = faults.length === 0 ? 0 : 1;
  } else if (
    !publish('logs-every', figuresOf(all), { encoding: 'o200k_base', logs: all.logs, faults: all.faults })
  )
    process.exitCode = 1;
}

await main();
