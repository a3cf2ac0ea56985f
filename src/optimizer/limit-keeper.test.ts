import { describe, expect, it } from 'vitest';
import { createLearnedLimit } from '../cache/semantic/index.ts';
import type { PareEvent, SemanticLive, StateStore } from '../contract/index.ts';
import { createSqliteStateStore } from '../stores/index.ts';
import { createFakeEmbedder } from '../testing/index.ts';
import { keepLimit } from './limit-keeper.ts';

const live = (): SemanticLive => ({
  mode: 'on',
  entries: 0,
  maxFalseHitRate: 0.01,
  checked: 0,
  unsure: 0,
  falseHitRate: null,
  ci95: [0, 1],
  isBreached: false,
  isProven: false,
});

describe('what the semantic cache learned', () => {
  it('hinders no start where the store fails, and the operator is told (INV-S5)', async () => {
    const events: PareEvent[] = [];
    const fails = async (): Promise<never> => Promise.reject(new Error('damaged'));
    const state = { get: fails, put: fails } as unknown as StateStore;
    const limit = createLearnedLimit({ coldLimit: 0.98 });
    const onEvent = (event: PareEvent): void => void events.push(event);
    const keeper = await keepLimit(limit, state, { onEvent, embedder: createFakeEmbedder(), live });
    await keeper.close();
    expect(events.map(({ code }) => code)).toEqual(['semantic_limit_unreadable', 'semantic_limit_not_saved']);
  });

  it('is kept apart by the identity of the embedder (INV-C10)', async () => {
    const state = createSqliteStateStore({ path: ':memory:', onEvent: () => undefined });
    for (const version of ['1', '2']) {
      const limit = createLearnedLimit({ coldLimit: 0.98, exploreShare: 0 });
      const embedder = createFakeEmbedder({ version });
      const keeper = await keepLimit(limit, state, { onEvent: () => undefined, embedder, live });
      const near = { id: 1, similarity: 0.9, answerGroup: 1, gate: null, confidence: 0.99 };
      limit.observe(limit.decide({ neighbours: [near] }), true);
      await keeper.close();
    }
    expect(await state.list('semantic-limit')).toHaveLength(2);
  });
});
