import type { EventSink, StateStore } from '../contract/index.ts';
import type { CalibratedTokenCounter } from '../tokens/index.ts';

const COLLECTION = 'calibration';
const ID = 'tokens';
const SAVE_EVERY_MS = 60_000;

/** Keeps what the counter learned across restarts. */
export interface CalibrationKeeper {
  save(): Promise<void>;
  close(): Promise<void>;
}

/** Gives a counter what was learned before. */
export async function restoreCalibration(
  counter: Pick<CalibratedTokenCounter, 'restore'>,
  state: StateStore,
): Promise<void> {
  const kept = await state.get(COLLECTION, ID);
  if (kept !== undefined) counter.restore(kept);
}

/** Forgets what was learned; false when nothing was. A running gateway goes on with what it has in memory. */
export async function resetCalibration(state: StateStore): Promise<boolean> {
  return state.delete(COLLECTION, ID);
}

/** Gives the counter what was learned before, and saves what it learns, every minute and at the end. */
export async function keepCalibration(
  counter: CalibratedTokenCounter,
  state: StateStore,
  onEvent: EventSink,
): Promise<CalibrationKeeper> {
  const failed = (error: unknown): void =>
    onEvent({
      level: 'warn',
      code: 'calibration_not_saved',
      message: `What was learned about token counts could not be kept: ${error instanceof Error ? error.message : String(error)}`,
    });
  let saved = '';
  const save = async (): Promise<void> => {
    const learned = counter.calibrationState();
    const text = JSON.stringify(learned);
    if (text === saved) return;
    try {
      await state.put(COLLECTION, ID, JSON.parse(text));
      saved = text;
    } catch (error) {
      failed(error);
    }
  };
  try {
    await restoreCalibration(counter, state);
    saved = JSON.stringify(counter.calibrationState());
  } catch (error) {
    failed(error);
  }
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
