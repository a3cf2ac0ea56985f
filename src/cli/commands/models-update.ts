import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { readModelUpdates, writeModelUpdates } from '../../optimizer/models.ts';
import {
  createModelRegistry,
  type MergedPriceList,
  mergePriceList,
  type ParsedPriceList,
  parsePriceList,
} from '../../tokens/models/index.ts';
import type { CommandContext, ExitCode } from '../command.ts';
import { eventReporter } from '../event-reporter.ts';
import { fetchList, isAddress } from '../fetch-list.ts';
import { formatCount } from '../figures.ts';
import { readInput } from '../input.ts';
import { toJson } from '../output.ts';
import { readConfig } from '../read-config.ts';
import { renderTable } from '../text-table.ts';

/** Longer lists are cut unless `--verbose` asks for all. */
const SHOWN_ROWS = 20;

/** `pare models update`: takes prices from a public list and shows what changes. */
export async function run(context: CommandContext): Promise<ExitCode> {
  const { options, io, globals } = context;
  const { config } = await readConfig(context);
  const provider = options['provider'] as string | undefined;
  const { text, date } = await readList(context, context.args[0] as string);
  const list = parsePriceList(text, { date, ...(provider === undefined ? {} : { provider }) });
  const overrides = readModelUpdates(config, eventReporter(context));
  const merged = mergePriceList(createModelRegistry({ overrides }).list(), list.models, overrides);
  const hasNews = merged.added.length + merged.changed.length > 0;
  const path = hasNews && options['dryRun'] !== true ? writeModelUpdates(config, merged.rows) : null;
  await io.out(
    globals.json === true
      ? toJson(describe(list, merged, path))
      : renderText(list, merged, globals.verbose === true),
  );
  if (path !== null) io.note(`pare: written to ${path}; a running gateway takes it up at its next start`);
  else io.note(hasNews ? 'pare: nothing was written (--dry-run)' : 'pare: the list changes nothing');
  return 0;
}

/** The list and the day it was read: a file's own day, else today. */
async function readList(
  context: CommandContext,
  from: string,
): Promise<{ readonly text: string; readonly date: string }> {
  const today = new Date().toISOString();
  if (isAddress(from)) {
    return { text: await fetchList(from, context.signal), date: toDay(today) };
  }
  const text = (await readInput(context, from)).toString('utf8');
  const changedAt = from === '-' ? undefined : statSync(resolve(context.directory, from)).mtime.toISOString();
  return { text, date: toDay(changedAt ?? today) };
}

function toDay(time: string): string {
  return time.slice(0, 'YYYY-MM-DD'.length);
}

function describe(list: ParsedPriceList, merged: MergedPriceList, path: string | null): object {
  return {
    format: list.format,
    source_date: list.sourceDate,
    written_to: path,
    added: merged.added.map(({ id, provider }) => ({ id, provider })),
    changed: merged.changed.map(({ id, field, before, after }) => ({
      id,
      field: toSnake(field),
      before: before ?? null,
      after: after ?? null,
    })),
    conflicts: merged.conflicts.map(({ id, field, kept, offered, reason }) => ({
      id,
      field: toSnake(field),
      kept: kept ?? null,
      offered,
      reason,
    })),
    rejected: list.rejected,
  };
}

function renderText(list: ParsedPriceList, merged: MergedPriceList, isVerbose: boolean): string {
  const { added, changed, conflicts } = merged;
  const name = (field: string): string => toSnake(field).replaceAll('_', ' ');
  const sections = [
    `${list.format} of ${list.sourceDate}: ${formatCount(list.models.length)} models; ` +
      `${formatCount(added.length)} added, ${formatCount(changed.length)} values changed, ` +
      `${formatCount(conflicts.length)} conflicts, ${formatCount(list.rejected.length)} rejected\n`,
    section('Added', ['model', 'provider', 'input', 'output'], {
      isVerbose,
      rows: added.map((model) => [
        model.id,
        model.provider,
        value(model.prices.input),
        value(model.prices.output),
      ]),
    }),
    section('Changed', ['model', 'value', 'before', 'after'], {
      isVerbose,
      rows: changed.map((change) => [
        change.id,
        name(change.field),
        value(change.before),
        value(change.after),
      ]),
    }),
    section('Conflicts: not taken', ['model', 'value', 'kept', 'offered', 'why'], {
      isVerbose,
      rows: conflicts.map((conflict) => [
        conflict.id,
        name(conflict.field),
        value(conflict.kept),
        value(conflict.offered),
        conflict.reason,
      ]),
    }),
    section('Rejected: numbers that cannot be right', ['model', 'why'], {
      isVerbose,
      rows: list.rejected.map((entry) => [entry.model, entry.reason]),
    }),
  ];
  return sections.filter((text) => text !== '').join('\n');
}

function section(
  title: string,
  heads: readonly string[],
  content: { readonly rows: readonly (readonly string[])[]; readonly isVerbose: boolean },
): string {
  const { rows, isVerbose } = content;
  if (rows.length === 0) return '';
  const shown = isVerbose ? rows : rows.slice(0, SHOWN_ROWS);
  const more = rows.length - shown.length;
  const rest = more === 0 ? '' : `... and ${formatCount(more)} more (--verbose or --json shows all)\n`;
  return `${title}\n${renderTable(
    heads.map((head) => ({ name: head })),
    shown,
  )}${rest}`;
}

function value(known: number | string | undefined): string {
  return known === undefined ? 'unknown' : String(known);
}

function toSnake(field: string): string {
  return field.replaceAll(/([a-z])([A-Z1])/g, '$1_$2').toLowerCase();
}
