import type { EventSink, JsonValue, StateStore, ToolRecall } from '../contract/index.ts';
import type { Config } from './config.ts';

const COLLECTION = 'tool-selection-live';
const ID = 'live';
const SAVE_EVERY_MS = 30_000;

/** Writes down how tool selection fares, for commands that run beside it: every half minute, and at the end. */
export function keepRecall(
  recall: () => ToolRecall,
  state: StateStore,
  onEvent: EventSink,
): { close(): Promise<void> } {
  let saved = '';
  const save = async (): Promise<void> => {
    const now = recall();
    const text = JSON.stringify(now);
    if (text === saved || now.recall === null) return;
    try {
      await state.put(COLLECTION, ID, { ...now, ci95: [...now.ci95] });
      saved = text;
    } catch (error) {
      onEvent({
        level: 'warn',
        code: 'tool_recall_not_saved',
        message: `How tool selection fares could not be kept: ${error instanceof Error ? error.message : String(error)}`,
      });
    }
  };
  const timer = setInterval(() => void save(), SAVE_EVERY_MS);
  timer.unref();
  return {
    close: async () => {
      clearInterval(timer);
      await save();
    },
  };
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
