import type { LearnedLimit } from '../cache/semantic/index.ts';
import type { EventSink, JsonValue, StateStore } from '../contract/index.ts';

const COLLECTION = 'semantic-limit';
const SAVE_EVERY_MS = 30_000;

/** Keeps what the semantic cache learned across restarts. */
export interface LimitKeeper {
  save(): Promise<void>;
  close(): Promise<void>;
}

/** Gives the limit what was learned with this embedder, and saves what it learns, every half minute and at the end. */
export async function keepLimit(
  limit: Pick<LearnedLimit, 'snapshot' | 'restore'>,
  state: StateStore,
  { onEvent, key }: { readonly onEvent: EventSink; readonly key: string },
): Promise<LimitKeeper> {
  const kept = await state.get(COLLECTION, key);
  if (kept !== undefined && !limit.restore(kept)) {
    onEvent({
      level: 'warn',
      code: 'semantic_limit_unreadable',
      message: 'What the semantic cache had learned cannot be read; it learns anew.',
    });
  }
  let saved = JSON.stringify(limit.snapshot());
  const save = async (): Promise<void> => {
    const text = JSON.stringify(limit.snapshot());
    if (text === saved) return;
    try {
      await state.put(COLLECTION, key, JSON.parse(text) as JsonValue);
      saved = text;
    } catch (error) {
      onEvent({
        level: 'warn',
        code: 'semantic_limit_not_saved',
        message: `What the semantic cache learned could not be kept: ${error instanceof Error ? error.message : String(error)}`,
      });
    }
  };
  const timer = setInterval(() => void save(), SAVE_EVERY_MS);
  timer.unref();
  return {
    save,
    close: async () => {
      clearInterval(timer);
      await save();
    },
  };
}
