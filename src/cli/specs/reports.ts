import type { CommandSpec, OptionSpec } from '../command.ts';
import { positiveNumber } from '../parse-values.ts';

const GROUP = 'Figures:';
/** Ten years. */
const MAX_HOURS = 24 * 366 * 10;

const REPORT_OPTIONS: readonly OptionSpec[] = [
  {
    flags: '--hours <hours>',
    description: 'length of the period that ends now',
    parse: positiveNumber('--hours', MAX_HOURS),
    defaultValue: 24,
  },
  {
    flags: '--format <format>',
    description: 'form of the result',
    choices: ['text', 'json', 'markdown', 'csv', 'html'],
    defaultValue: 'text',
  },
  { flags: '--output <file>', description: 'file for the result, replaced as a whole' },
];

/** Sums, report and rankings. */
export const REPORT_COMMANDS: readonly CommandSpec[] = [
  {
    name: 'stats',
    description: 'cache and usage sums',
    group: GROUP,
    options: REPORT_OPTIONS,
    load: async () => ({ run: (await import('../commands/reports.ts')).stats }),
  },
  {
    name: 'report',
    description: 'optimization report with recommendations',
    group: GROUP,
    options: REPORT_OPTIONS,
    load: async () => ({ run: (await import('../commands/reports.ts')).report }),
  },
  {
    name: 'rankings',
    description: 'models by efficiency',
    group: GROUP,
    options: REPORT_OPTIONS,
    load: async () => ({ run: (await import('../commands/reports.ts')).rankings }),
  },
];
