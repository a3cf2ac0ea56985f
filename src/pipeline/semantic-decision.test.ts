import { describe, expect, it } from 'vitest';
import type { BypassReason, Measurement, Stage, StageOutcome } from '../contract/index.ts';
import { answered, bench, PLAIN, REQUEST, STREAM, stage, waitFor } from '../testing/fixtures/runner-bench.ts';
import { codecFor } from '../wire/index.ts';
import type { StageSlot } from './index.ts';

const semantic = (prepare: Stage['prepare']): Stage => stage('semantic-cache', { prepare });
const bypassing = (reason: BypassReason, overheadTokens?: number): Stage =>
  semantic(() => ({ kind: 'bypassed', reason, ...(overheadTokens === undefined ? {} : { overheadTokens }) }));
const missing = stage('exact-cache', {
  prepare: () => ({ kind: 'bypassed', reason: 'miss', shareKey: 'k' }),
});
const inShadow = (of: Stage): StageSlot => ({ stage: of, mode: 'shadow' });
const later = async (outcome: StageOutcome): Promise<StageOutcome> => {
  await new Promise((resolve) => setTimeout(resolve, 10));
  return outcome;
};

describe('what the semantic cache decided', () => {
  it.each(['no_candidate', 'gate_negation', 'below_limit', 'explored', 'not_eligible'] as const)(
    'is in the record as the stage said it: %s',
    async (reason) => {
      const made = bench([missing, bypassing(reason)]);
      await made.run(REQUEST);
      expect(made.records).toMatchObject([{ cacheOutcome: 'miss', semanticReason: reason }]);
    },
  );

  it.each<[BypassReason, Stage['prepare']]>([
    ['error', () => Promise.reject(new Error('broken'))],
    ['deadline', () => new Promise(() => undefined)],
  ])('is %s when the stage failed so', async (reason, prepare) => {
    const made = bench([missing, semantic(prepare)]);
    await made.run(REQUEST);
    expect(made.records).toMatchObject([{ cacheOutcome: 'miss', semanticReason: reason }]);
  });

  it('is a hit when it answers, and a would-be hit in shadow', async () => {
    const on = bench([missing, semantic(answered)]);
    await on.run(REQUEST);
    expect(on.upstream.calls).toHaveLength(0);
    expect(on.records).toMatchObject([{ cacheOutcome: 'semantic', semanticReason: 'semantic_hit' }]);
    const shadow = bench([missing, inShadow(semantic(answered))]);
    await shadow.run(REQUEST);
    expect(shadow.upstream.calls).toHaveLength(1);
    expect(shadow.records).toMatchObject([
      { cacheOutcome: 'miss', semanticReason: 'would_hit', netTokens: 0 },
    ]);
  });

  it('is absent where it was not asked', async () => {
    const exact = stage('exact-cache', { prepare: answered });
    for (const stages of [
      [exact, bypassing('no_candidate')],
      [missing],
      [missing, { stage: bypassing('no_candidate'), mode: 'off' as const }],
    ]) {
      const made = bench(stages);
      await made.run(REQUEST);
      expect(made.records.map((record) => record.semanticReason)).toEqual([undefined]);
    }
  });

  it("is each caller's own when they share a call", async () => {
    const reasons: BypassReason[] = ['explored', 'below_limit', 'gate_number'];
    const made = bench(
      [missing, semantic(() => ({ kind: 'bypassed', reason: reasons.shift() ?? 'error' }))],
      { body: { ok: true }, latencyMs: 10 },
    );
    await Promise.all([made.run(REQUEST), made.run(REQUEST), made.run(REQUEST)]);
    await waitFor(() => made.records.length === 3);
    expect(made.upstream.calls).toHaveLength(1);
    expect(made.records.map((record) => record.semanticReason)).toEqual([
      'explored',
      'below_limit',
      'gate_number',
    ]);
  });

  it('is an error when its answer cannot be replayed, and the exact cache has missed all the same', async () => {
    const broken = (): never => {
      throw new Error('unreadable');
    };
    const made = bench([missing, semantic(answered)], undefined, {
      codecFor: (wire) => ({ ...codecFor(wire), replayStream: broken }),
    });
    const { head } = await made.run(STREAM);
    expect(head?.stages).toEqual(['exact-cache=miss', 'semantic-cache=error']);
    expect(made.records).toMatchObject([{ cacheOutcome: 'miss', semanticReason: 'error', measurements: [] }]);
  });

  it('is no hit when the caller left before the answer, and what it was when there was none', async () => {
    for (const [outcome, reason] of [
      [answered(), undefined],
      [{ kind: 'bypassed', reason: 'gate_name' }, 'gate_name'],
    ] as const) {
      const made = bench([missing, semantic(() => later(outcome))]);
      made.start(REQUEST).leave();
      await waitFor(() => made.records.length === 1);
      expect(made.records[0]).toMatchObject({ status: 499, errorCode: 'client_closed' });
      expect(made.records[0]?.semanticReason).toBe(reason);
    }
  });

  it('is told to who wants a stored answer only, and gets none', async () => {
    const made = bench([missing, bypassing('below_limit')]);
    await made.run(REQUEST, { cache: { mode: 'only-if-cached', noStore: false } });
    expect(made.records).toMatchObject([
      { status: 504, cacheOutcome: 'miss', semanticReason: 'below_limit' },
    ]);
  });
});

describe('what a stage spent without a result (INV-U4)', () => {
  const SPENT: Measurement = {
    stage: 'semantic-cache',
    mode: 'on',
    tokensBefore: 0,
    tokensAfter: 0,
    overhead: 40,
    basis: 'estimated',
    netCostUsd: -0.0001,
  };

  it('is charged at the price of the input, and shows as a loss', async () => {
    const made = bench([missing, bypassing('no_candidate', 40)]);
    await made.run(PLAIN);
    expect(made.records).toMatchObject([{ measurements: [SPENT], netTokens: -40, netCostUsd: -0.0001 }]);
  });

  it('is no measurement when it is nothing', async () => {
    const made = bench([missing, bypassing('no_candidate', 0)]);
    await made.run(PLAIN);
    expect(made.records).toMatchObject([{ measurements: [], netTokens: 0 }]);
  });

  it('is measured apart in shadow', async () => {
    const made = bench([missing, inShadow(bypassing('no_candidate', 40))]);
    await made.run(PLAIN);
    expect(made.records).toMatchObject([{ measurements: [{ ...SPENT, mode: 'shadow' }], netTokens: 0 }]);
  });

  it('is spent also when the provider refuses, the caller leaves, or only a stored answer was wanted', async () => {
    const refused = bench([missing, bypassing('no_candidate', 40)], { status: 429, body: { error: {} } });
    await refused.run(PLAIN);
    expect(refused.records).toMatchObject([{ status: 429, measurements: [SPENT], netTokens: -40 }]);
    const left = bench([
      missing,
      semantic(() => later({ kind: 'bypassed', reason: 'no_candidate', overheadTokens: 40 })),
    ]);
    left.start(PLAIN).leave();
    await waitFor(() => left.records.length === 1);
    expect(left.records).toMatchObject([{ status: 499, measurements: [SPENT], netTokens: -40 }]);
    const unmet = bench([missing, bypassing('no_candidate', 40)]);
    await unmet.run(PLAIN, { cache: { mode: 'only-if-cached', noStore: false } });
    expect(unmet.records).toMatchObject([{ status: 504, measurements: [SPENT], netTokens: -40 }]);
  });

  it('is subtracted from what a stored answer spared, in tokens and in money', async () => {
    const hit = answered();
    if (hit.kind !== 'answered') throw new Error('unexpected outcome');
    const outcome: StageOutcome = { ...hit, receipt: { ...hit.receipt, overheadTokens: 40 } };
    const made = bench([missing, semantic(() => outcome)]);
    await made.run(PLAIN);
    expect(made.records).toMatchObject([
      { cacheOutcome: 'semantic', netTokens: 80, netCostUsd: expect.closeTo(0.0009, 12) },
    ]);
  });
});
