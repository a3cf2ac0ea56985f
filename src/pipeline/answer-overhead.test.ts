import { describe, expect, it } from 'vitest';
import type { Stage } from '../contract/index.ts';
import { bodyOf, firstToolOnly, requestOf } from '../testing/fixtures/recovery.ts';
import { bench } from '../testing/fixtures/runner-bench.ts';

const WIRE = 'anthropic-messages';
const REQUEST = requestOf(WIRE);
const PLAIN = bodyOf(WIRE, { calls: ['clock'] });
const SEARCH = [
  { type: 'server_tool_use', id: 'srvtoolu_1', name: 'tool_search_tool_bm25', input: { query: 'time' } },
  {
    type: 'tool_search_tool_result',
    tool_use_id: 'srvtoolu_1',
    content: {
      type: 'tool_search_tool_search_result',
      tool_references: [{ type: 'tool_reference', tool_name: 'clock' }],
    },
  },
];
const SEARCHED = { ...PLAIN, content: [...SEARCH, ...(PLAIN['content'] as object[])] };

const accepting = (more: Partial<Stage>): Stage => firstToolOnly(() => ({ kind: 'accept' }), more);
const measured = async (more: Partial<Stage>) => {
  const made = bench([accepting(more)], { body: PLAIN });
  await made.run(REQUEST);
  return { made, measurement: made.records[0]?.measurements[0] };
};

describe('what an answer cost because of a stage', () => {
  it('is charged to the stage, at the price of input (INV-U4)', async () => {
    const { measurement: free } = await measured({});
    const { measurement, made } = await measured({ overheadOf: ({ usage }) => usage.inputTokens / 2 });
    expect(measurement?.overhead).toBe(50);
    expect((free?.netCostUsd ?? 0) - (measurement?.netCostUsd ?? 0)).toBeCloseTo((50 * 3) / 1e6, 12);
    expect(made.records[0]?.netTokens).toBe(
      (measurement?.tokensBefore ?? 0) - (measurement?.tokensAfter ?? 0) - 50,
    );
  });

  it('is told and left out where the stage fails to say it', async () => {
    const { measurement, made } = await measured({
      overheadOf: () => {
        throw new Error('unheard of');
      },
    });
    expect(measurement?.overhead).toBe(0);
    expect(made.events).toContainEqual(
      expect.objectContaining({ code: 'overhead_failed', details: { stage: 'tool-selection' } }),
    );
  });
});

it('an answer with a search, billed for two readings, teaches the token counter nothing (INV-U3)', async () => {
  const searched = bench([], { body: SEARCHED });
  await searched.run(REQUEST);
  const plain = bench([], { body: PLAIN });
  await plain.run(REQUEST);
  expect(plain.learned).toHaveLength(1);
  expect(searched.learned).toEqual([]);
  expect(searched.records[0]?.usage.inputTokens).toBe(100);
});
