// Tables of the log bench on the terminal.
import type { Evaluation, Outcome } from './evaluate.ts';
import { FIGURES, type FigureId, LARGE_BUDGET, specOf } from './figures.ts';

type Results = ReadonlyMap<string, Evaluation>;

function printRows(rows: readonly (readonly string[])[]): void {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)),
  );
  for (const row of rows) {
    const cells = row.map((cell, column) =>
      column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
    );
    console.log(cells.join('  ').trimEnd());
  }
  console.log('');
}

function show(value: number | undefined): string {
  if (value === undefined) return '-';
  return Number.isInteger(value) && value > 1 ? String(value) : value.toFixed(3);
}

/** Prints every figure with its target and what each condenser reached. */
export function printTable(results: Results): void {
  const found = [...results.values()];
  const ids = (Object.keys(FIGURES) as FigureId[]).filter((id) => found.some(({ figures }) => id in figures));
  printRows([
    ['figure', 'budget', 'target', ...results.keys()],
    ...ids.map((id) => {
      const { name, budget, atLeast } = specOf(id);
      const reached = found.map(({ figures }) => show(figures[id]));
      return [name, budget.toLocaleString('en'), atLeast === undefined ? '-' : `>= ${atLeast}`, ...reached];
    }),
    ['seconds', '', '-', ...found.map(({ durationMs }) => (durationMs / 1000).toFixed(1))],
  ]);
}

/** Logs of which all is kept; where single lines count, lines. */
function tally(outcomes: readonly Outcome[]): string {
  const wholeLogs = outcomes.filter(({ isWhole }) => isWhole).length;
  if (outcomes.length > 1) return `${wholeLogs}/${outcomes.length}`;
  return outcomes.map(({ kept, required }) => `${kept}/${required}`).join('');
}

/** Prints each set by language or log, at each budget; LogChunks counts logs, the others lines. */
export function printDetails(results: Results): void {
  const all = [...results.values()].map(({ outcomes }) =>
    Map.groupBy(outcomes, ({ set, kind, id, budget }) =>
      [set, set === 'logchunks' && budget !== LARGE_BUDGET ? kind : id, budget.toLocaleString('en')].join(
        '\t',
      ),
    ),
  );
  const keys = [...(all[0]?.keys() ?? [])];
  const rows = keys.map((key) => [
    key.split('\t').slice(0, 2).join(' '),
    key.split('\t')[2] ?? '',
    ...all.map((groups) => tally(groups.get(key) ?? [])),
  ]);
  printRows([['kept', 'budget', ...results.keys()], ...rows]);
}

/** Prints the logs that lost something, and the lines that are missing. */
export function printFailures(found: Evaluation | undefined): void {
  for (const outcome of found?.outcomes ?? []) {
    if (outcome.isWhole) continue;
    const { set, id, kind, budget, kept, required, missing, isOversized } = outcome;
    const size = isOversized ? ', chunk over the budget' : '';
    console.log(`${set} ${id} (${kind}) at ${budget}: ${kept} of ${required} kept${size}`);
    for (const line of missing.slice(0, 12)) console.log(`    - ${line.slice(0, 160)}`);
    if (missing.length > 12) console.log(`    ... and ${missing.length - 12} more`);
  }
  console.log('');
}

/** Prints outputs over the budget and failures; the first of them, when there are many. */
export function printFaults(results: Results): void {
  for (const [name, { faults }] of results) {
    for (const fault of faults.slice(0, 10)) console.error(`${name}: ${fault}`);
    if (faults.length > 10) console.error(`${name}: ... and ${faults.length - 10} more faults`);
  }
}
