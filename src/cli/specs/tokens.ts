import type { CommandSpec } from '../command.ts';
import { wholeNumber } from '../parse-values.ts';

const GROUP = 'Tokens and prices:';
const MAX_WORKERS = 256;

/** Counting, cutting, models and calibration. */
export const TOKEN_COMMANDS: readonly CommandSpec[] = [
  {
    name: 'count',
    description: 'count tokens of files or stdin',
    group: GROUP,
    arguments: ['[files...]'],
    options: [
      {
        flags: '--workers <n>',
        description: 'threads; 0 counts in one (default: one for each processor, at most 4)',
        parse: wholeNumber('--workers', 0, MAX_WORKERS),
      },
    ],
    load: () => import('../commands/count.ts'),
  },
  {
    name: 'fit',
    description: 'cut a text to a number of tokens, keeping its head and tail',
    group: GROUP,
    arguments: ['[file]'],
    options: [
      {
        flags: '--max-tokens <n>',
        description: 'most tokens that the result may have',
        parse: wholeNumber('--max-tokens'),
        isRequired: true,
      },
    ],
    load: () => import('../commands/fit.ts'),
  },
  {
    name: 'models',
    description: 'known models and their prices',
    group: GROUP,
    commands: [
      {
        name: 'list',
        description: 'list models',
        options: [
          { flags: '--provider <provider>', description: 'only models of this provider' },
          { flags: '--filter <text>', description: 'only models whose name holds this text' },
        ],
        load: async () => ({ run: (await import('../commands/models.ts')).list }),
      },
      {
        name: 'show',
        description: 'show one model, by any of its names',
        arguments: ['<model>'],
        options: [{ flags: '--provider <provider>', description: 'the host, where prices differ' }],
        load: async () => ({ run: (await import('../commands/models.ts')).show }),
      },
      {
        name: 'update',
        description: 'take prices from a list of models.dev, Portkey or LiteLLM',
        arguments: ['<file-or-url>'],
        options: [
          { flags: '--dry-run', description: 'show what would change and change nothing' },
          { flags: '--provider <provider>', description: 'whose models a single Portkey file holds' },
        ],
        load: () => import('../commands/models-update.ts'),
      },
    ],
  },
  {
    name: 'calibrate',
    description: 'what was learned about token counts from recorded usage',
    group: GROUP,
    options: [{ flags: '--reset', description: 'forget it' }],
    load: () => import('../commands/calibrate.ts'),
  },
];
