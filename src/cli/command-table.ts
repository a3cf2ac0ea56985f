import type { CommandSpec, OptionSpec } from './command.ts';
import { CACHE_COMMANDS } from './specs/cache.ts';
import { GATEWAY_COMMANDS } from './specs/gateway.ts';
import { REPORT_COMMANDS } from './specs/reports.ts';
import { SETUP_COMMANDS } from './specs/setup.ts';
import { TOKEN_COMMANDS } from './specs/tokens.ts';

/** Every command, in the order of the help. Code is loaded when a command runs, so that the help is fast. */
export const COMMANDS: readonly CommandSpec[] = [
  ...GATEWAY_COMMANDS,
  ...TOKEN_COMMANDS,
  ...REPORT_COMMANDS,
  ...CACHE_COMMANDS,
  ...SETUP_COMMANDS,
];

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
