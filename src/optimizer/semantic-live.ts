import type { JsonValue, SemanticLive, StateStore } from '../contract/index.ts';
import type { Config } from './config.ts';

const COLLECTION = 'semantic-live';
const ID = 'live';

/** Writes down how the semantic cache fares, for commands that run beside it. */
export async function saveLive(state: StateStore, live: SemanticLive): Promise<void> {
  await state.put(COLLECTION, ID, { ...live, ci95: [...live.ci95] });
}

/** What was written down last; undefined where nothing was, or for another limit than the configured one. */
export async function readLive(
  state: StateStore,
  { semantic }: Pick<Config, 'semantic'>,
): Promise<SemanticLive | undefined> {
  const kept = await state.get(COLLECTION, ID);
  return isLive(kept) && kept.maxFalseHitRate === semantic.maxFalseHitRate ? kept : undefined;
}

function isLive(value: JsonValue | undefined): value is JsonValue & SemanticLive {
  const { mode, entries, maxFalseHitRate, checked, unsure, falseHitRate, ci95, isBreached, isProven } =
    (value ?? {}) as Partial<Record<keyof SemanticLive, unknown>>;
  return (
    (mode === 'on' || mode === 'shadow') &&
    [entries, maxFalseHitRate, checked, unsure].every((number) => typeof number === 'number') &&
    (falseHitRate === null || typeof falseHitRate === 'number') &&
    Array.isArray(ci95) &&
    ci95.length === 2 &&
    typeof isBreached === 'boolean' &&
    typeof isProven === 'boolean'
  );
}
