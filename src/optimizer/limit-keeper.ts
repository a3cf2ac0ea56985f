import type { LearnedLimit } from '../cache/semantic/index.ts';
import {
  type Embedder,
  type EventSink,
  embedderKey,
  type SemanticLive,
  type StateStore,
} from '../contract/index.ts';
import { saveLive } from './semantic-live.ts';
import { keepState, type StateKeeper } from './state-keeper.ts';

const COLLECTION = 'semantic-limit';
const SAVE_EVERY_MS = 30_000;

/** Gives a limit what was learned with an embedder; false when that cannot be read. */
export async function restoreLimit(
  limit: Pick<LearnedLimit, 'restore'>,
  state: StateStore,
  embedder: Pick<Embedder, 'identity'>,
): Promise<boolean> {
  const kept = await state.get(COLLECTION, embedderKey(embedder.identity));
  return kept === undefined || limit.restore(kept);
}

/** Gives the limit what was learned with this embedder, and saves what it learns, every half minute and at the end. */
export async function keepLimit(
  limit: Pick<LearnedLimit, 'snapshot' | 'restore'>,
  state: StateStore,
  parts: {
    readonly onEvent: EventSink;
    readonly embedder: Pick<Embedder, 'identity'>;
    /** Written down beside it. */
    readonly live: () => SemanticLive;
  },
): Promise<StateKeeper> {
  const { onEvent, embedder, live } = parts;
  // A store that fails must not keep the service from starting (INV-S5).
  const isRestored = await restoreLimit(limit, state, embedder).catch(() => false);
  if (!isRestored) {
    onEvent({
      level: 'warn',
      code: 'semantic_limit_unreadable',
      message: 'What the semantic cache had learned cannot be read; it learns anew.',
    });
  }
  return keepState(state, {
    collection: COLLECTION,
    id: embedderKey(embedder.identity),
    everyMs: SAVE_EVERY_MS,
    snapshot: () => limit.snapshot(),
    beside: () => saveLive(state, live()),
    onFailed: (error) =>
      onEvent({
        level: 'warn',
        code: 'semantic_limit_not_saved',
        message: `What the semantic cache learned could not be kept: ${error instanceof Error ? error.message : String(error)}`,
      }),
  });
}
