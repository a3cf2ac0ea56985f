import { describe, expect, it } from 'vitest';
import type { PareEvent, StateStore, ToolRecall } from '../contract/index.ts';
import { createSqliteStateStore } from '../stores/index.ts';
import { keepRecall, readRecall } from './tool-recall.ts';

const RECALL: ToolRecall = {
  selections: 120,
  misses: 3,
  recall: 0.975,
  ci95: [0.93, 0.99],
  minRecall: 0.95,
  isBreached: false,
};
const config = { toolSelection: { minRecall: 0.95 } } as Parameters<typeof readRecall>[1];
const open = (): StateStore => createSqliteStateStore({ path: ':memory:', onEvent: () => {} });

describe('how tool selection fares', () => {
  it('is there for commands after the gateway ended, for the limit that it was taken with', async () => {
    const state = open();
    await keepRecall(
      () => RECALL,
      state,
      () => {},
    ).close();
    expect(await readRecall(state, config)).toEqual(RECALL);
    const other = { toolSelection: { ...config.toolSelection, minRecall: 0.9 } };
    expect(await readRecall(state, other)).toBeUndefined();
  });

  it('is nothing before the first selection, nor where something else was kept', async () => {
    const state = open();
    await keepRecall(
      () => ({ ...RECALL, selections: 0, recall: null }),
      state,
      () => {},
    ).close();
    expect(await readRecall(state, config)).toBeUndefined();
    await state.put('tool-selection-live', 'live', { recall: 'much' });
    expect(await readRecall(state, config)).toBeUndefined();
  });

  it('hinders nobody where it cannot be kept, and says so (INV-S5)', async () => {
    const events: PareEvent[] = [];
    const state = open();
    await state.close();
    await keepRecall(
      () => RECALL,
      state,
      (event) => void events.push(event),
    ).close();
    expect(events.map(({ code }) => code)).toEqual(['tool_recall_not_saved']);
  });
});
