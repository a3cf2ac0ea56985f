import type { LogReport } from '../../contract/index.ts';
import { formatCount } from '../figures.ts';
import { renderTable } from '../text-table.ts';
import type { Condenser } from './condense-inputs.ts';
import type { LogInputFile } from './log-inputs.ts';
import { piecesOf } from './original-text.ts';

/** Text that is looked at for each token of the budget: no log has more characters to a token. */
const CHARS_PER_TOKEN = 16;
/** What people search a log for. */
const GREP = /error|fail|fatal|exception|panic/i;

/** What one way to shorten a log leaves of it. */
export interface Kept {
  readonly name: 'raw' | 'tail' | 'grep' | 'pare';
  readonly tokens: number;
  /** Distinct errors of the log whose message is in there. */
  readonly errorsHeld: number;
}

/** One log and what was made of it. */
export interface Compared {
  readonly input: LogInputFile;
  readonly report: LogReport;
}

/** The whole logs, their last lines, their lines that look like errors, and ours, each within the budget. */
export async function compare(condenser: Condenser, logs: readonly Compared[]): Promise<readonly Kept[]> {
  const rows = new Map<Kept['name'], { tokens: number; errorsHeld: number }>();
  const add = (name: Kept['name'], tokens: number, errorsHeld: number): void => {
    const row = rows.get(name) ?? { tokens: 0, errorsHeld: 0 };
    rows.set(name, { tokens: row.tokens + tokens, errorsHeld: row.errorsHeld + errorsHeld });
  };
  const count = (text: string): number => condenser.texts.count(text).tokens;
  for (const { input, report } of logs) {
    const held = (text: string): number =>
      report.errors.filter(({ message }) => text.includes(message)).length;
    const { tail, grep } = await shorten(input.path, {
      budget: report.budget,
      count,
      signal: condenser.context.signal,
    });
    add('raw', report.input.tokens, report.errors.length);
    add('tail', count(tail), held(tail));
    add('grep', count(grep), held(grep));
    add('pare', report.output.tokens, held(report.text));
  }
  return [...rows].map(([name, row]) => ({ name, ...row }));
}

/** The comparison for people. */
export function renderComparison(rows: readonly Kept[]): string {
  const errors = rows.find(({ name }) => name === 'raw')?.errorsHeld ?? 0;
  return renderTable(
    [{ name: 'way' }, { name: 'tokens', align: 'right' }, { name: 'distinct errors', align: 'right' }],
    rows.map(({ name, tokens, errorsHeld }) => [
      name,
      formatCount(tokens),
      `${formatCount(errorsHeld)} of ${formatCount(errors)}`,
    ]),
  );
}

interface Bounds {
  readonly budget: number;
  readonly count: (text: string) => number;
  readonly signal: AbortSignal;
}

async function shorten(
  path: string,
  { budget, count, signal }: Bounds,
): Promise<{ readonly tail: string; readonly grep: string }> {
  const most = (budget + 1) * CHARS_PER_TOKEN;
  let end = '';
  const found: string[] = [];
  let foundChars = 0;
  for await (const piece of piecesOf(path, signal)) {
    end = (end + piece).slice(-most);
    for (const line of foundChars < most ? piece.split('\n') : []) {
      if (foundChars >= most || !GREP.test(line)) continue;
      found.push(line);
      foundChars += line.length + 1;
    }
  }
  const fits = (text: string): boolean => count(text) <= budget;
  const lines = end.replace(/\n$/, '').split('\n');
  return {
    tail: longest(lines.length, (n) => lines.slice(lines.length - n).join('\n'), fits),
    grep: longest(found.length, (n) => found.slice(0, n).join('\n'), fits),
  };
}

/** The longest of the texts of 0 to `most` lines that fits. */
function longest(most: number, textOf: (lines: number) => string, fits: (text: string) => boolean): string {
  let low = 0;
  let high = most;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (fits(textOf(middle))) low = middle;
    else high = middle - 1;
  }
  return low === 0 ? '' : textOf(low);
}
