import type { JsonValue, StateStore } from '../contract/index.ts';

/** What is kept, where and how often. */
export interface KeptState {
  readonly collection: string;
  readonly id: string;
  /** Time between two looks, in milliseconds. */
  readonly everyMs: number;
  /** What is to be kept now, as JSON. */
  readonly snapshot: () => unknown;
  /** False where the state as it is now is not kept yet. @default true */
  readonly isKept?: boolean;
  /** Called before each look, whether anything has changed or not. @default nothing */
  readonly beside?: () => Promise<void>;
  /** Told of a store that fails, which is asked again at the next look. */
  readonly onFailed: (error: unknown) => void;
}

/** Keeps a state across restarts. */
export interface StateKeeper {
  save(): Promise<void>;
  /** Saves a last time and looks no more. */
  close(): Promise<void>;
}

/**
 * Saves a state whenever it has changed since this was called or since it was last saved, by timer and at the end.
 * The timer keeps no process alive.
 */
export function keepState(state: StateStore, kept: KeptState): StateKeeper {
  const { collection, id, snapshot, beside, onFailed } = kept;
  let saved = kept.isKept === false ? undefined : JSON.stringify(snapshot());
  const save = async (): Promise<void> => {
    const text = JSON.stringify(snapshot());
    try {
      await beside?.();
      if (text === saved) return;
      await state.put(collection, id, JSON.parse(text) as JsonValue);
      saved = text;
    } catch (error) {
      onFailed(error);
    }
  };
  const timer = setInterval(() => void save(), kept.everyMs);
  timer.unref();
  return {
    save,
    close: async () => {
      clearInterval(timer);
      await save();
    },
  };
}
