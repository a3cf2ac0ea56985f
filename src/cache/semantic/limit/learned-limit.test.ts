import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PairGate } from '../../../contract/index.ts';
import type { Neighbour } from './evidence.ts';
import { createLearnedLimit, type LearnedLimit, type LearnedLimitOptions } from './learned-limit.ts';

const CERTAIN_GATES: readonly PairGate[] = ['negation', 'antonym', 'number', 'name', 'url', 'undecidable'];
const GATES: readonly (PairGate | null)[] = [null, 'unmatched_words', ...CERTAIN_GATES];

/** A source of random numbers that a test can repeat. */
function seeded(seed: number): () => number {
  let state = seed + 1;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

function limitOf(options: Partial<LearnedLimitOptions> = {}): LearnedLimit {
  return createLearnedLimit({ coldLimit: 0.95, exploreShare: 0, random: seeded(1), ...options });
}

function neighbour(given: Partial<Neighbour> = {}): Neighbour {
  return { id: 1, similarity: 0.8, answerGroup: 1, gate: null, confidence: 0.5, ...given };
}

/** Entries of one answer, near to what is asked, none of which its words match. */
function agreeing(count = 16, group = 1): Neighbour[] {
  return Array.from({ length: count }, (_, i) =>
    neighbour({
      id: 100 * group + i,
      answerGroup: group,
      similarity: 0.85 - i / 100,
      gate: 'unmatched_words',
    }),
  );
}

const neighbours = fc
  .array(
    fc.record({
      id: fc.nat(50),
      similarity: fc.double({ min: -1, max: 1, noNaN: true }),
      answerGroup: fc.nat(3),
      gate: fc.constantFrom(...GATES),
      confidence: fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }), fc.constant(1)),
    }),
    { maxLength: 4 },
  )
  // Texts of the same words have the same vector, and no others are as near: a certain one comes first. Without this,
  // one of 0.99 before it was as sure as needs be, and the certain one behind it was not looked at.
  .map((found) =>
    found.map((one) => ({ ...one, similarity: one.confidence === 1 ? 1 : Math.min(0.999, one.similarity) })),
  )
  .map((found) => found.toSorted((a, b) => b.similarity - a.similarity));

/** Teaches a limit that lookups like this are right, or wrong. */
function teach(limit: LearnedLimit, lookup: readonly Neighbour[], outcomes: readonly boolean[]): void {
  for (const isSame of outcomes) limit.observe(limit.decide({ neighbours: lookup }), isSame);
}

const times = (count: number, isSame: boolean) => Array.from({ length: count }, () => isSame);

describe('the learned limit', () => {
  it('serves nothing but what is certain at a tolerated rate of 0, whatever was learned (INV-C9)', () => {
    fc.assert(
      fc.property(fc.array(neighbours, { maxLength: 40 }), (lookups) => {
        const limit = limitOf({ maxFalseHitRate: 0, coldLimit: 0 });
        teach(limit, agreeing(), times(300, true));
        for (const found of lookups) {
          const decision = limit.decide({ neighbours: found });
          const isCertain = found.some(({ gate, confidence }) => gate === null && confidence === 1);
          expect(decision.kind).toBe(isCertain ? 'serve' : 'miss');
        }
      }),
    );
  });

  it('serves all that the gates let pass at a tolerated rate of 1 (INV-C9)', () => {
    fc.assert(
      fc.property(neighbours, (found) => {
        const limit = limitOf({ maxFalseHitRate: 1, coldLimit: Number.POSITIVE_INFINITY });
        const passes = found.some(({ gate }) => gate === null);
        fc.pre(passes);
        expect(limit.decide({ neighbours: found }).kind).toBe('serve');
      }),
    );
  });

  it('never hits an entry that a certain gate stops, however often the like was right (INV-C7)', () => {
    fc.assert(
      fc.property(
        fc.array(neighbours, { minLength: 1, maxLength: 30 }),
        fc.double({ min: 0, max: 1 }),
        (all, rate) => {
          const limit = limitOf({ maxFalseHitRate: Number.isNaN(rate) ? 1 : rate });
          teach(limit, agreeing(), times(400, true));
          for (const found of all) {
            const { kind, candidate } = limit.decide({ neighbours: found });
            const hit = found.filter(({ id }) => id === candidate);
            if (kind === 'miss') continue;
            expect(hit.some(({ gate }) => gate === null || gate === 'unmatched_words')).toBe(true);
          }
        },
      ),
    );
  });

  it('serves by the shipped limit before it has learned, from its lower end on (INV-C9)', () => {
    const limit = limitOf({ maxFalseHitRate: 0.02, coldLimit: 0.9 });
    expect(limit.decide({ neighbours: [neighbour({ confidence: 0.9 })] })).toMatchObject({
      kind: 'serve',
      reason: 'cold',
    });
    expect(limit.decide({ neighbours: [neighbour({ confidence: 0.899 })] })).toMatchObject({
      kind: 'miss',
      reason: 'below_limit',
    });
  });

  it('serves entries whose words do not match once their agreement has proved right', () => {
    const limit = limitOf();
    expect(limit.decide({ neighbours: agreeing() })).toMatchObject({ kind: 'miss', reason: 'below_limit' });
    teach(limit, agreeing(), times(600, true));
    expect(limit.decide({ neighbours: agreeing() })).toMatchObject({
      kind: 'serve',
      reason: 'learned',
      candidate: 100,
    });
  });

  it('does not serve what has proved wrong more often than tolerated', () => {
    const limit = limitOf({ maxFalseHitRate: 0.01 });
    for (let i = 0; i < 100; i += 1) teach(limit, agreeing(16, i), [...times(9, true), false]);
    expect(limit.decide({ neighbours: agreeing(16, 1_000) })).toMatchObject({
      kind: 'miss',
      reason: 'below_limit',
    });
  });

  it('does not serve an entry at a value at which it was wrong', () => {
    const limit = limitOf({ maxFalseHitRate: 1 });
    const asked = [neighbour({ confidence: 0.8 })];
    limit.observe(limit.decide({ neighbours: asked }), false);
    expect(limit.decide({ neighbours: asked })).toMatchObject({ kind: 'miss', reason: 'seen_wrong' });
    expect(limit.decide({ neighbours: [neighbour({ confidence: 0.81 })] }).kind).toBe('serve');
  });

  it('does not serve even an equal text whose answer has changed', () => {
    const limit = limitOf();
    const asked = [neighbour({ confidence: 1 })];
    expect(limit.decide({ neighbours: asked })).toMatchObject({ kind: 'serve', reason: 'certain' });
    limit.observe(limit.decide({ neighbours: asked }), false);
    expect(limit.decide({ neighbours: asked }).kind).toBe('miss');
  });

  it('explores the stated share of the hits', () => {
    const limit = limitOf({ exploreShare: 0.25, maxFalseHitRate: 1 });
    const kinds = Array.from({ length: 4_000 }, () => limit.decide({ neighbours: [neighbour()] }).kind);
    expect(kinds.filter((kind) => kind === 'explore').length / kinds.length).toBeCloseTo(0.25, 1);
    expect(kinds).not.toContain('miss');
  });

  it('misses with a reason where there is nothing to serve', () => {
    const limit = limitOf();
    expect(limit.decide({ neighbours: [] })).toMatchObject({
      kind: 'miss',
      reason: 'no_candidate',
      candidate: null,
    });
    const stopped = [neighbour({ gate: 'number' })];
    expect(limit.decide({ neighbours: stopped })).toMatchObject({
      kind: 'miss',
      reason: 'gate',
      candidate: null,
    });
  });
});

describe('broken numbers', () => {
  it('are a miss, and what was learned stays as it was', () => {
    const limit = limitOf({ maxFalseHitRate: 1 });
    const broken = agreeing().map((found) => ({
      ...found,
      gate: null,
      similarity: Number.NaN,
      confidence: Number.NaN,
    }));
    const before = limit.snapshot();
    const decision = limit.decide({ neighbours: broken });
    expect(decision).toMatchObject({ kind: 'miss', candidate: null });
    limit.observe(decision, true);
    expect(limit.snapshot()).toEqual(before);
  });
});

describe('a cache that was just switched on', () => {
  const RATES = [0.005, 0.01, 0.02, 0.05];
  /** Which of so many hits at or above the cold limit are served, all of them right. */
  function playRight(
    rate: number,
    options: { confidence: number; exploreShare: number; seed: number },
  ): boolean[] {
    const random = seeded(options.seed);
    const coldLimit = 0.97;
    const limit = createLearnedLimit({
      maxFalseHitRate: rate,
      coldLimit,
      exploreShare: options.exploreShare,
      random,
    });
    return Array.from({ length: 800 }, (_, id) => {
      const confidence = Math.max(coldLimit, options.confidence);
      const decision = limit.decide({ neighbours: [neighbour({ id, answerGroup: id, confidence })] });
      if (decision.kind !== 'serve' || random() < 0.02) limit.observe(decision, true);
      return decision.kind === 'serve';
    });
  }

  // Before, the calibration was trusted until it was contradicted, and later for three hits; on traffic that it does not
  // fit, the stated rate was passed in most streams before a sample of 5% could tell, or with one of the three.
  it.each(RATES)(
    'serves none at %s but what is certain, and more once those that are compared prove it (INV-C9)',
    (rate) => {
      fc.assert(
        fc.property(fc.double({ min: 0.97, max: 0.9999, noNaN: true }), fc.nat(1_000), (confidence, seed) => {
          expect(playRight(rate, { confidence, exploreShare: 0, seed })).not.toContain(false);
          const served = playRight(rate, { confidence, exploreShare: 0.05, seed });
          const share = (hits: readonly boolean[]) => hits.filter(Boolean).length / hits.length;
          // Right ones on end that show the rate.
          const proven = Math.ceil(Math.log(0.16) / Math.log(1 - rate));
          expect(served.slice(0, proven)).not.toContain(true);
          // A share of 0.05 is what was asked for: chance may draw some more of it.
          expect(share(served.slice(proven + 1))).toBeGreaterThanOrEqual(0.84);
        }),
        { numRuns: 30 },
      );
    },
  );

  it.each(RATES)('serves none at %s while those that are compared are wrong too often', (rate) => {
    const limit = limitOf({ maxFalseHitRate: rate, coldLimit: 0.97, exploreShare: 0.05 });
    const served = Array.from({ length: 1_000 }, (_, id) => {
      const decision = limit.decide({ neighbours: [neighbour({ id, answerGroup: id, confidence: 0.98 })] });
      if (decision.kind !== 'serve') limit.observe(decision, id % Math.round(0.7 / rate) !== 10);
      return decision.kind === 'serve';
    });
    expect(served).not.toContain(true);
  });

  it('serves at once what was proven in shadow, where every hit is compared', () => {
    const limit = limitOf({ maxFalseHitRate: 0.01, coldLimit: 0.97, exploreShare: 0.05 });
    const ask = (id: number) =>
      limit.decide({ neighbours: [neighbour({ id, answerGroup: id, confidence: 0.98 })] });
    for (let id = 0; id < 200; id += 1) limit.observe(ask(id), true);
    const switchedOn = limitOf({ maxFalseHitRate: 0.01, coldLimit: 0.97, exploreShare: 0.05 });
    expect(switchedOn.restore(JSON.parse(JSON.stringify(limit.snapshot())))).toBe(true);
    const kinds = Array.from({ length: 100 }, (_, id) => {
      const decision = switchedOn.decide({
        neighbours: [neighbour({ id: 500 + id, answerGroup: 500 + id, confidence: 0.98 })],
      });
      return decision.kind;
    });
    expect(kinds.filter((kind) => kind === 'serve').length).toBeGreaterThan(80);
  });

  it.each(RATES)('trusts the calibration no longer where pairs just below it are wrong at %s', (rate) => {
    const limit = limitOf({ maxFalseHitRate: rate, coldLimit: 0.97 });
    const ask = (id: number, confidence: number) =>
      limit.decide({ neighbours: [neighbour({ id, answerGroup: id, confidence })] });
    for (let id = 0; id < 30; id += 1) limit.observe(ask(id, 0.94), id % 2 === 0);
    const hits = Array.from({ length: 300 }, (_, id) => ask(1_000 + id, 0.97)).map(({ kind }) => kind);
    expect(hits.filter((kind) => kind === 'serve').length).toBeLessThan(100);
  });

  it.each(RATES)('serves less surely after the first wrong answer at %s', (rate) => {
    const limit = limitOf({ maxFalseHitRate: rate, coldLimit: 0.97 });
    const ask = (id: number) =>
      limit.decide({ neighbours: [neighbour({ id, answerGroup: id, confidence: 0.975 })] });
    const before = ask(1);
    limit.observe(before, false);
    expect(ask(2).risk).toBeGreaterThan(2 * before.risk);
  });
});

describe('the stated rate', () => {
  /** A world in which the value says how risky a lookup is, but for a share of noise that nothing shows. */
  function play(maxFalseHitRate: number, seed: number): { served: number; wrong: number } {
    const random = seeded(seed);
    const limit = createLearnedLimit({ maxFalseHitRate, coldLimit: 1 - maxFalseHitRate / 4, random });
    let [served, wrong] = [0, 0];
    for (let i = 0; i < 4_000; i += 1) {
      const confidence = 1 - 10 ** (-4 * random());
      const isSame = random() > 0.001 + (1 - confidence) * 1.5;
      const asked = neighbour({ id: i, answerGroup: i, confidence });
      const decision = limit.decide({ neighbours: [asked] });
      if (decision.kind === 'serve') {
        served += 1;
        if (!isSame) wrong += 1;
      }
      if (decision.kind !== 'serve' || random() < 0.05) limit.observe(decision, isSame);
    }
    return { served, wrong };
  }

  it.each([0.01, 0.05])('is kept in 95% of the streams at %s, and hits are served', (rate) => {
    const streams = Array.from({ length: 20 }, (_, i) => play(rate, 7_919 * (i + 1)));
    const kept = streams.filter(({ served, wrong }) => wrong <= rate * served).length;
    expect(kept).toBeGreaterThanOrEqual(19);
    const served = streams.reduce((sum, stream) => sum + stream.served, 0);
    expect(served).toBeGreaterThan(5_000);
  });
});

describe('a world that changes', () => {
  it('is noticed: nothing is served while the rate is above the limit, until hits are right again', () => {
    const limit = limitOf({ exploreShare: 0.1, random: seeded(3) });
    const ask = (id: number, isSame: boolean) => {
      const decision = limit.decide({ neighbours: [neighbour({ id, answerGroup: id, confidence: 0.99 })] });
      if (decision.kind !== 'serve' || id % 20 === 0) limit.observe(decision, isSame);
      return decision;
    };
    for (let id = 1; id <= 3_000; id += 1) ask(id, true);
    expect(limit.isBreached).toBe(false);
    expect(limit.estimate()).toMatchObject({ rate: 0, lower: 0 });
    let wrong = 0;
    for (let id = 3_001; id <= 4_000; id += 1) if (ask(id, false).kind === 'serve') wrong += 1;
    expect(wrong).toBeLessThan(60);
    expect(ask(5_000, false).kind).not.toBe('serve');
  });

  it('is noticed by what was not served too, and forgotten when answers are right again', () => {
    const limit = limitOf({ exploreShare: 0, random: seeded(3) });
    const asked = (id: number) => [neighbour({ id, answerGroup: id, confidence: 0.94 })];
    const learn = (id: number, isSame: boolean) => {
      const decision = limit.decide({ neighbours: asked(id) });
      expect(decision.kind).not.toBe('serve');
      limit.observe(decision, isSame);
    };
    for (let id = 0; id < 50; id += 1) learn(id, true);
    expect(limit.isBreached).toBe(false);
    let needed = 0;
    while (!limit.isBreached && needed < 50) learn(100 + needed++, false);
    expect(needed).toBeLessThanOrEqual(6);
    needed = 0;
    while (limit.isBreached && needed < 200) learn(1_000 + needed++, true);
    expect(needed).toBeLessThanOrEqual(60);
  });

  it('says with which confidence the rate is above the limit', () => {
    const limit = limitOf({ maxFalseHitRate: 0.01, exploreShare: 1 });
    const asked = (id: number) =>
      limit.decide({ neighbours: [neighbour({ id, answerGroup: id, confidence: 0.99 })] });
    for (let id = 0; id < 5; id += 1) limit.observe({ ...asked(1_000 + id), kind: 'explore' }, false);
    expect(limit.isBreached).toBe(true);
    expect(limit.estimate().lower).toBeGreaterThan(0.01);
    expect(asked(7)).toMatchObject({ kind: expect.stringMatching(/explore|miss/) });
  });
});

describe('what was learned', () => {
  it('survives a restart: the same decisions follow', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(neighbours, fc.boolean()), { maxLength: 60 }),
        neighbours,
        (past, next) => {
          const limit = limitOf({ maxFalseHitRate: 0.3 });
          for (const [found, isSame] of past) limit.observe(limit.decide({ neighbours: found }), isSame);
          const restarted = limitOf({ maxFalseHitRate: 0.3 });
          expect(restarted.restore(JSON.parse(JSON.stringify(limit.snapshot())))).toBe(true);
          expect(restarted.snapshot()).toEqual(limit.snapshot());
          expect(restarted.isBreached).toBe(limit.isBreached);
          expect(restarted.estimate()).toEqual(limit.estimate());
          expect(restarted.decide({ neighbours: next })).toEqual(limit.decide({ neighbours: next }));
        },
      ),
    );
  });

  it.each([
    null,
    'text',
    [],
    {},
    { version: 1 },
    { ...limitOf().snapshot(), live: '01x' },
    { ...limitOf().snapshot(), words: [{ same: Number.NaN, different: 0 }] },
    { ...limitOf().snapshot(), histories: { wrongAt: [[1]], groups: [] } },
    { ...limitOf().snapshot(), spending: { served: -1, expectedFalse: 0, wouldBe: 0 } },
    { ...limitOf().snapshot(), spending: { served: 1, expectedFalse: 0 } },
    { ...limitOf().snapshot(), change: { evidence: -1, isChanged: false } },
  ])('is not taken up from what cannot be read (%#)', (broken) => {
    const limit = limitOf();
    teach(limit, agreeing(), times(50, true));
    const before = limit.snapshot();
    expect(limit.restore(broken)).toBe(false);
    expect(limit.snapshot()).toEqual(before);
  });

  it('does not grow with the number of lookups (INV-S4)', () => {
    const limit = limitOf({ maxFalseHitRate: 1 });
    for (let id = 0; id < 20_100; id += 1) {
      limit.observe(
        limit.decide({ neighbours: [neighbour({ id, answerGroup: id, confidence: 0.5 })] }),
        false,
      );
    }
    const { histories, live, words } = limit.snapshot();
    expect(histories.wrongAt.length).toBe(20_000);
    expect(histories.groups.length).toBe(5_000);
    expect(live.length).toBe(400);
    expect(words.length).toBeLessThan(50);
  });
});
