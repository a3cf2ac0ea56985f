import type { CommandSpec } from './command.ts';
import { CACHE_COMMANDS } from './specs/cache.ts';
import { GATEWAY_COMMANDS } from './specs/gateway.ts';
import { LOG_COMMANDS } from './specs/logs.ts';
import { REPORT_COMMANDS } from './specs/reports.ts';
import { SETUP_COMMANDS } from './specs/setup.ts';
import { TOKEN_COMMANDS } from './specs/tokens.ts';
import { TOOL_COMMANDS } from './specs/tools.ts';

/** Every command, in the order of the help. Code is loaded when a command runs, so that the help is fast. */
export const COMMANDS: readonly CommandSpec[] = [
  ...GATEWAY_COMMANDS,
  ...TOKEN_COMMANDS,
  ...LOG_COMMANDS,
  ...TOOL_COMMANDS,
  ...REPORT_COMMANDS,
  ...CACHE_COMMANDS,
  ...SETUP_COMMANDS,
];
