import type { JsonObject, LogReport } from '../../contract/index.ts';
import { describeCounting } from '../counting.ts';
import { formatBytes, formatCount, formatMany, formatPercent } from '../figures.ts';
import { toJson } from '../output.ts';
import { plain, renderTable } from '../text-table.ts';
import { type Compared, compare, renderComparison } from './compare.ts';
import type { Condenser } from './condense-inputs.ts';
import { writeToFolder } from './output-folder.ts';
import { reportToJson } from './report-json.ts';
import { PRIORITIES } from './settings.ts';
import { trackUsage } from './track-usage.ts';

/** A result to print. */
export interface Result {
  /** The sums over all logs; the report itself when there is one log. */
  readonly report: LogReport;
  /** What it is called in summaries and names of files. */
  readonly name: string;
  readonly logs: readonly Compared[];
}

/** Prints a result: text or JSON on stdout, the rest on stderr. */
export async function present(
  condenser: Condenser,
  result: Result,
  { isLine = false }: { readonly isLine?: boolean } = {},
): Promise<void> {
  const { context } = condenser;
  const { io, options, globals } = context;
  const path = writeToFolder(context, result.name, result.report.text);
  const report: LogReport = { ...result.report, output: { ...result.report.output, path } };
  const rows = options['compareOriginal'] === true ? await compare(condenser, result.logs) : undefined;
  if (globals.json === true) {
    const document = {
      ...toDocument(report, result.logs),
      ...(options['tokenDistribution'] === true ? { token_distribution: distribution(report) } : {}),
      ...(rows === undefined
        ? {}
        : {
            comparison: rows.map(({ name, tokens, errorsHeld }) => ({
              name,
              tokens,
              errors_held: errorsHeld,
            })),
          }),
    };
    await io.out(isLine ? `${JSON.stringify(document)}\n` : toJson(document));
  } else {
    // Nothing is added for whoever reads it, not even a line end: it could be the token too many.
    await io.out(forTerminal(condenser, report.text));
    if (isLine) await io.out('\n\n');
  }
  if (rows !== undefined) io.note(renderComparison(rows).trimEnd());
  if (options['tokenDistribution'] === true) io.note(renderDistribution(report).trimEnd());
  if (isTooSmall(condenser, report)) {
    const tokens = formatMany(report.budget, 'token');
    io.note(`pare: ${plain(result.name)}: ${tokens} are too few for any of its lines`);
  }
  io.note(summary(condenser, result.name, report));
  await trackUsage(condenser, report);
}

/** True when nothing but the budget kept all lines from being shown. */
function isTooSmall({ resolved }: Condenser, { input, output }: LogReport): boolean {
  const { priorityFilter = 'verbose', componentBudgets } = resolved.settings;
  return (
    input.tokens > 0 && output.lines === 0 && priorityFilter === 'verbose' && componentBudgets === undefined
  );
}

function toDocument(report: LogReport, logs: readonly Compared[]): JsonObject {
  if (logs.length < 2) return reportToJson(report);
  // A line number says nothing without its log.
  const withPath = (key: 'errors' | 'templates' | 'gaps'): JsonObject[] =>
    logs.flatMap(({ report: part }) =>
      (reportToJson(part)[key] as JsonObject[]).map((entry) => ({ path: part.input.path, ...entry })),
    );
  return {
    ...reportToJson(report),
    errors: withPath('errors'),
    templates: withPath('templates'),
    gaps: withPath('gaps'),
    files: logs.map(({ report: part }) => reportToJson(part)),
  };
}

/** Marks of gaps are faint where a person looks. */
function forTerminal({ context }: Condenser, text: string): string {
  const { io, options } = context;
  if (!io.hasColor || options['color'] === 'never') return text;
  return `${text.replaceAll(/^\[….*\]$/gmu, '\u001B[2m$&\u001B[22m')}\n`;
}

function summary({ counting, texts }: Condenser, name: string, report: LogReport): string {
  const { input, output, errors, keptRatio, profile, durationMs } = report;
  const { basis, errorBand } = texts.count(report.text);
  const about = input.basis === 'exact' ? '' : 'about ';
  const seconds = (durationMs / 1000).toFixed(1);
  return (
    `pare: ${plain(name)}: ${formatMany(input.lines, 'line')}, ${formatBytes(input.bytes)}, ` +
    `${about}${formatCount(input.tokens)} -> ${formatCount(output.tokens)} tokens of ${formatCount(report.budget)} ` +
    `(${formatPercent(keptRatio)} kept; ${formatMany(errors.length, 'distinct error')}${seenOf(errors)}; ${profile}; ` +
    `${describeCounting(counting, { basis, errorBand })}) in ${seconds} s` +
    (output.path === null ? '' : `; written to ${plain(output.path)}`)
  );
}

function seenOf(errors: LogReport['errors']): string {
  const seen = errors.filter(({ seenRuns }) => seenRuns !== undefined).length;
  return seen === 0 ? '' : `, ${formatCount(seen)} seen before`;
}

function distribution(report: LogReport): JsonObject {
  const total = PRIORITIES.reduce((sum, name) => sum + report.priorities[name].tokens, 0);
  return Object.fromEntries(
    PRIORITIES.map((name) => {
      const { tokens } = report.priorities[name];
      return [name, { tokens, share: total === 0 ? 0 : tokens / total }];
    }),
  );
}

function renderDistribution(report: LogReport): string {
  const total = PRIORITIES.reduce((sum, name) => sum + report.priorities[name].tokens, 0);
  const right = 'right' as const;
  return renderTable(
    [
      { name: 'priority' },
      { name: 'lines', align: right },
      { name: 'kept', align: right },
      { name: 'tokens', align: right },
      { name: 'share', align: right },
    ],
    PRIORITIES.map((name) => {
      const { lines, kept, tokens } = report.priorities[name];
      const share = formatPercent(total === 0 ? 0 : tokens / total);
      return [name, formatCount(lines), formatCount(kept), formatCount(tokens), share];
    }),
  );
}
