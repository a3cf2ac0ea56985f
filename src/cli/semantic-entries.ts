import type { SemanticFilter, SemanticStore } from '../contract/index.ts';
import type { Core } from '../optimizer/index.ts';
import { openSemanticStore } from '../optimizer/stores.ts';
import type { CommandContext } from './command.ts';
import { eventReporter } from './event-reporter.ts';

const HOUR_MS = 3_600_000;
/** Entries deleted at a time. */
const PAGE = 500;

/** Opens the texts that are found by meaning, works with them, and closes them whatever happens. @throws StoreError */
export async function withEntries<T>(
  context: CommandContext,
  core: Core,
  use: (store: SemanticStore) => Promise<T>,
): Promise<T> {
  const store = openSemanticStore(core.config, {
    onEvent: eventReporter(context),
    now: core.now,
    onUnavailable: 'throw',
  });
  try {
    return await use(store);
  } finally {
    await store.close();
  }
}

/** Deletes the texts that a filter finds; without conditions, all. */
export async function forget(store: SemanticStore, filter: SemanticFilter): Promise<void> {
  const ids: number[] = [];
  for await (const { id } of store.select(filter)) ids.push(id);
  await store.delete(ids);
}

/** Deletes the texts that expired and, with an age, those that are older. */
export async function forgetOld(
  store: SemanticStore,
  { now, maxAgeHours }: { readonly now: number; readonly maxAgeHours: number | undefined },
): Promise<void> {
  while ((await store.deleteExpired(now, PAGE)).length === PAGE);
  if (maxAgeHours !== undefined) await forget(store, { createdBefore: now - maxAgeHours * HOUR_MS });
}
