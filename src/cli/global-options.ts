import type { OptionSpec } from './command.ts';

/** Options that every command takes, before or after its name. */
export const GLOBAL_OPTIONS: readonly OptionSpec[] = [
  { flags: '--config <file>', description: 'configuration file (default: pare.config.* found upwards)' },
  { flags: '--data-dir <dir>', description: 'folder of the databases (PARE_DATA_DIR, default ~/.pare)' },
  { flags: '--json', description: 'print the result as JSON' },
  { flags: '--quiet', description: 'no progress and no summaries' },
  { flags: '--verbose', description: 'say more on stderr' },
  { flags: '--no-color', description: 'no colors (also NO_COLOR)' },
  { flags: '--model <model>', description: 'model whose tokens are counted (default: gpt-4o)' },
  { flags: '--encoding <encoding>', description: 'encoding to count with, instead of a model' },
];
