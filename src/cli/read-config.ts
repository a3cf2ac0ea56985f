import { type LoadedConfig, loadConfig } from '../optimizer/load-config.ts';
import type { CommandContext } from './command.ts';
import { eventReporter } from './event-reporter.ts';

// Commands that need no core import single files of the optimizer: its index loads the HTTP client and all
// else that a gateway needs, which takes longer than most commands.

/** Commands that have been told what is odd about their environment; some read the configuration twice. */
const told = new WeakSet<CommandContext>();

/** Reads the configuration as the command line, the environment and files give it. */
export function readConfig(
  context: CommandContext,
  overrides: Readonly<Record<string, unknown>> = {},
): Promise<LoadedConfig> {
  const { globals } = context;
  const isTold = told.has(context);
  told.add(context);
  return loadConfig({
    environment: context.environment,
    directory: context.directory,
    ...(globals.config === undefined ? {} : { file: globals.config }),
    overrides: { dataDir: globals.dataDir, model: globals.model, ...overrides },
    ...(isTold ? {} : { onEvent: eventReporter(context) }),
  });
}
