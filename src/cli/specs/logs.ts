import type { CommandSpec, OptionSpec } from '../command.ts';
import { notEmpty, numberBetween, repeated, size, sizeOrAuto, wholeNumber } from '../parse-values.ts';

const GROUP = 'Logs:';
const MAX_WORKERS = 256;
const LEAST_CHUNK_BYTES = 64_000;
const MOST_CHUNK_BYTES = 64 * 1024 * 1024;
const PRIORITIES = ['critical', 'high', 'medium', 'low', 'verbose'];
const PRESETS = ['monitoring', 'ci-integration', 'max-compression', 'balanced', 'test-debugging'];

/** How much is kept and what matters: for files and for what a command prints. */
const SETTINGS: readonly OptionSpec[] = [
  {
    flags: '--token-budget <n>',
    description: 'most tokens that the result may have',
    parse: wholeNumber('--token-budget', 1),
    defaultValue: 76_659,
  },
  {
    flags: '--reserve <share>',
    description: 'share of the budget for critical lines alone',
    parse: numberBetween('--reserve', 0, 1),
    defaultValue: 0.1,
  },
  {
    flags: '--token-buffer <n>',
    description: 'tokens of the budget that stay free',
    parse: wholeNumber('--token-buffer'),
    defaultValue: 0,
  },
  {
    flags: '--target-tokens <n>',
    description: 'aim for fewer tokens than the budget',
    parse: wholeNumber('--target-tokens', 1),
  },
  {
    flags: '--min-compression <share>',
    description: 'share of the log to leave out at least',
    parse: numberBetween('--min-compression', 0, 1),
  },
  {
    flags: '--component-budgets <json>',
    description: 'tokens, or share of the budget, for each priority: {"low": 500, "verbose": 0.05}',
  },
  {
    flags: '--profile <profile>',
    description: 'kind of log',
    choices: ['auto', 'test_logs', 'error_logs', 'info_logs'],
    defaultValue: 'auto',
  },
  { flags: '--preset <preset>', description: 'a set of these settings', choices: PRESETS },
  { flags: '--custom-profile <file>', description: 'settings and patterns of your own, as JSON' },
  { flags: '--load-config <name>', description: 'settings that were saved before' },
  { flags: '--save-config <name>', description: 'save the settings of this run under a name' },
  {
    flags: '--priority-filter <priority>',
    description: 'only lines as urgent as this, or more',
    choices: PRIORITIES,
  },
  {
    flags: '--add-priority-pattern <priority=regex>',
    description: 'lines that match have this priority; may be given again',
    parse: repeated(),
  },
];

/** Where the result goes and what is told about it. */
const OUTPUT: readonly OptionSpec[] = [
  {
    flags: '--workers <n>',
    description: 'threads that read a log (default: one for each processor, at most 4)',
    parse: wholeNumber('--workers', 1, MAX_WORKERS),
  },
  {
    flags: '--memory-limit <size>',
    description: 'records of lines beyond this go to a temporary file',
    parse: size('--memory-limit'),
    defaultValue: '64MB',
  },
  {
    flags: '--chunk-size <size>',
    description: 'bytes of a log read at once: auto, or 64KB to 64MiB',
    parse: sizeOrAuto('--chunk-size', LEAST_CHUNK_BYTES, MOST_CHUNK_BYTES),
    defaultValue: 'auto',
  },
  {
    flags: '--output-dir <dir>',
    description: 'write the result to a new file in this folder',
    parse: notEmpty('--output-dir', 'a folder'),
  },
  {
    flags: '--max-log-size <size>',
    description: 'largest file in that folder; a longer result goes into several',
    parse: size('--max-log-size'),
    defaultValue: '5MB',
  },
  {
    flags: '--max-logs <n>',
    description: 'results kept in that folder; the oldest are removed',
    parse: wholeNumber('--max-logs', 1),
    defaultValue: 10,
  },
  {
    flags: '--store-memory',
    description: 'remember the errors as digests, to tell later which were there before (default: on)',
  },
  { flags: '--no-store-memory', description: 'remember no errors, and say nothing of earlier ones' },
  { flags: '--track-usage', description: 'record tokens before and after in the ledger, as no saving' },
  { flags: '--compare-original', description: 'show what tail and grep would have kept' },
  { flags: '--token-distribution', description: 'show the tokens of each priority' },
  { flags: '--strict-estimation', description: 'count every token of the input, however long it is' },
  {
    flags: '--color <when>',
    description: 'colors on a terminal',
    choices: ['auto', 'never'],
    defaultValue: 'auto',
  },
];

/** Condensing logs, and the way back. */
export const LOG_COMMANDS: readonly CommandSpec[] = [
  {
    name: 'logs',
    description: 'condense logs to a number of tokens',
    group: GROUP,
    arguments: ['[files...]'],
    options: [
      ...SETTINGS,
      ...OUTPUT,
      { flags: '--follow', description: 'condense again as the file grows, until interrupted' },
    ],
    hasSmallHeap: true,
    load: () => import('../commands/logs.ts'),
  },
  {
    name: 'run',
    description: 'run a command, condense what it prints, and keep its exit code',
    group: GROUP,
    arguments: ['<command...>'],
    runsCommand: true,
    options: [...SETTINGS, ...OUTPUT],
    hasSmallHeap: true,
    load: () => import('../commands/run.ts'),
  },
  {
    name: 'simulate',
    description: 'search for the settings that keep most errors of sample logs',
    group: GROUP,
    arguments: ['<files...>'],
    options: [
      {
        flags: '--token-budget <n>',
        description: 'most tokens that a result may have',
        parse: wholeNumber('--token-budget', 1),
        defaultValue: 8000,
      },
    ],
    load: () => import('../commands/simulate.ts'),
  },
  {
    name: 'show',
    description: 'print the original behind a reference pare:…',
    group: GROUP,
    arguments: ['<reference>'],
    load: () => import('../commands/show.ts'),
  },
];
