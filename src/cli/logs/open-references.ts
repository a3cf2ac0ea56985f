import { join } from 'node:path';
import { StoreError } from '../../contract/index.ts';
import type { ErrorMemory } from '../../logs/index.ts';
import { createReferences, type References } from '../../logs/references/index.ts';
import { openStateStore } from '../../optimizer/state-store.ts';
import type { CommandContext } from '../command.ts';
import { eventReporter } from '../event-reporter.ts';
import { readConfig } from '../read-config.ts';
import { openErrorMemory } from './error-memory.ts';

/** References that are open, and the errors of earlier logs beside them; close them at the end. */
export interface OpenReferences extends References {
  /** `undefined` where nothing is to be remembered. */
  readonly memory: ErrorMemory | undefined;
  close(): Promise<void>;
}

/** Opens the references of the data folder. @throws StoreError when they cannot be used */
export async function openReferences(context: CommandContext): Promise<OpenReferences> {
  const { config } = await readConfig(context);
  const report = eventReporter(context);
  let locked: string | undefined;
  const state = openStateStore(config, (event) => {
    // What is written to a substitute is not there after this process.
    if (event.code === 'store_locked') locked = event.message;
    else report(event);
  });
  if (locked !== undefined) {
    await state.close();
    throw new StoreError('store_locked', `${locked} Try again, or see: pare doctor`);
  }
  const isRemembering = (context.options['storeMemory'] as boolean | undefined) ?? config.logs.storeMemory;
  const references = createReferences({ state, folder: join(config.dataDir, 'originals') });
  return {
    memory: isRemembering ? openErrorMemory(context, state) : undefined,
    keepFile: (path, previous) => references.keepFile(path, previous),
    beginCopy: () => references.beginCopy(),
    keepCopy: (draft) => references.keepCopy(draft),
    open: (reference, signal) => references.open(reference, signal),
    close: async () => state.close(),
  };
}

/** The same, or `undefined` with a warning: a log is worth condensing even where nothing can be remembered. */
export async function tryReferences(context: CommandContext): Promise<OpenReferences | undefined> {
  try {
    return await openReferences(context);
  } catch (error) {
    warnUnreferred(context, error);
    return undefined;
  }
}

/** Says that a condensed text has no reference. */
export function warnUnreferred({ io }: Pick<CommandContext, 'io'>, error: unknown): void {
  const why = error instanceof Error ? error.message : String(error);
  io.warn(`pare: nothing will lead back from the condensed text to the log: ${why} [reference_not_kept]`);
}
