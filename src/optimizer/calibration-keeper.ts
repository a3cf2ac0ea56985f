import type { EventSink, StateStore } from '../contract/index.ts';
import type { CalibratedTokenCounter } from '../tokens/index.ts';
import { keepState, type StateKeeper } from './state-keeper.ts';

const COLLECTION = 'calibration';
const ID = 'tokens';
const SAVE_EVERY_MS = 60_000;

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
): Promise<StateKeeper> {
  const failed = (error: unknown): void =>
    onEvent({
      level: 'warn',
      code: 'calibration_not_saved',
      message: `What was learned about token counts could not be kept: ${error instanceof Error ? error.message : String(error)}`,
    });
  await restoreCalibration(counter, state).catch(failed);
  return keepState(state, {
    collection: COLLECTION,
    id: ID,
    everyMs: SAVE_EVERY_MS,
    snapshot: () => counter.calibrationState(),
    onFailed: failed,
  });
}
