import { StoreError } from '../contract/index.ts';
import { type Core, createCore } from '../optimizer/index.ts';
import type { CommandContext } from './command.ts';
import { eventReporter } from './event-reporter.ts';
import { readConfig } from './read-config.ts';

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
  const core = await createCore({
    config,
    onEvent: eventReporter(context),
    onUnavailable: 'throw',
    isServing: false,
  });
  try {
    checkStores(core);
    const result = await use(core);
    checkStores(core);
    return result;
  } finally {
    await core.close();
  }
}

function checkStores(core: Core): void {
  const locked = core.events.recent().find((event) => event.code === 'store_locked');
  if (locked === undefined) return;
  throw new StoreError('store_locked', `${locked.message} Try again, or see: pare doctor`);
}
