import type { EventSink, JsonValue, StateStore, ToolRecall } from '../contract/index.ts';
import type { Config } from './config.ts';
import { keepState, type StateKeeper } from './state-keeper.ts';

const COLLECTION = 'tool-selection-live';
const ID = 'live';
const SAVE_EVERY_MS = 30_000;

/** Writes down how tool selection fares, for commands that run beside it: every half minute, and at the end. */
export function keepRecall(
  recall: () => ToolRecall,
  state: StateStore,
  onEvent: EventSink,
): Pick<StateKeeper, 'close'> {
  return keepState(state, {
    collection: COLLECTION,
    id: ID,
    everyMs: SAVE_EVERY_MS,
    snapshot: recall,
    // Nothing was selected yet: what was written down before says more.
    isKept: recall().recall === null,
    onFailed: (error) =>
      onEvent({
        level: 'warn',
        code: 'tool_recall_not_saved',
        message: `How tool selection fares could not be kept: ${error instanceof Error ? error.message : String(error)}`,
      }),
  });
}

/** What was written down last; undefined where nothing was, or for another limit than the configured one. */
export async function readRecall(
  state: StateStore,
  { toolSelection }: Pick<Config, 'toolSelection'>,
): Promise<ToolRecall | undefined> {
  const kept = await state.get(COLLECTION, ID);
  return isRecall(kept) && kept.minRecall === toolSelection.minRecall ? kept : undefined;
}

function isRecall(value: JsonValue | undefined): value is JsonValue & ToolRecall {
  const { selections, misses, recall, ci95, minRecall, isBreached } = (value ?? {}) as Partial<
    Record<keyof ToolRecall, unknown>
  >;
  return (
    [selections, misses, recall, minRecall].every((number) => typeof number === 'number') &&
    Array.isArray(ci95) &&
    ci95.length === 2 &&
    typeof isBreached === 'boolean'
  );
}
