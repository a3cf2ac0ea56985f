import { type EventSink, StoreError } from '../contract/index.ts';
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

/** Opens the core for a service: a store that cannot be used is replaced; warnings go to stderr. */
export async function openCore(
  context: CommandContext,
  overrides: Readonly<Record<string, unknown>> = {},
): Promise<Core> {
  const { config } = await readConfig(context, overrides);
  return createCore({ config, onEvent: eventReporter(context) });
}

/**
 * Opens the core for one command, runs with it, and closes it whatever happens.
 *
 * @throws StoreError also where a service would go on with a substitute: a figure from an empty store
 *   would be wrong, and a change to it lost
 */
export async function withCore<T>(context: CommandContext, use: (core: Core) => Promise<T>): Promise<T> {
  const { config } = await readConfig(context);
  const core = await createCore({ config, onEvent: eventReporter(context), onUnavailable: 'throw' });
  try {
    checkStores(core);
    const result = await use(core);
    checkStores(core);
    return result;
  } finally {
    await core.close();
  }
}

/** Writes events to stderr: warnings and errors always, the rest with `--verbose`. */
export function eventReporter(context: CommandContext): EventSink {
  return (event) => {
    const line = `pare: ${event.message} [${event.code}]`;
    if (event.level !== 'info') context.io.warn(line);
    else if (context.globals.verbose === true) context.io.note(line);
  };
}

function checkStores(core: Core): void {
  const locked = core.events.recent().find((event) => event.code === 'store_locked');
  if (locked === undefined) return;
  throw new StoreError('store_locked', `${locked.message} Try again, or see: pare doctor`);
}
