import type { PareEvent } from '../contract/index.ts';
import { type Core, createCore, type LoadedConfig, loadConfig } from '../optimizer/index.ts';
import type { CommandContext } from './command.ts';

/** Reads the configuration as the command line, the environment and files give it. */
export function readConfig(
  context: CommandContext,
  overrides: Readonly<Record<string, unknown>> = {},
): Promise<LoadedConfig> {
  const { globals } = context;
  return loadConfig({
    environment: context.environment,
    directory: context.directory,
    ...(globals.config === undefined ? {} : { file: globals.config }),
    overrides: { dataDir: globals.dataDir, model: globals.model, ...overrides },
  });
}

/** Opens the core for a command; warnings and errors go to stderr. */
export async function openCore(
  context: CommandContext,
  overrides: Readonly<Record<string, unknown>> = {},
): Promise<Core> {
  const { config } = await readConfig(context, overrides);
  return createCore({ config, onEvent: (event) => reportEvent(context, event) });
}

/** Opens the core, runs with it, and closes it whatever happens. */
export async function withCore<T>(context: CommandContext, use: (core: Core) => Promise<T>): Promise<T> {
  const core = await openCore(context);
  try {
    return await use(core);
  } finally {
    await core.close();
  }
}

function reportEvent(context: CommandContext, event: PareEvent): void {
  const line = `pare: ${event.message} [${event.code}]`;
  if (event.level === 'info') {
    if (context.globals.verbose === true) context.io.note(line);
  } else {
    context.io.warn(line);
  }
}
