import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PairGate } from '../../../contract/index.ts';
import { type Neighbour, weigh } from './evidence.ts';

const GATES: readonly (PairGate | null)[] = [null, 'unmatched_words', 'negation', 'number'];

interface Counted {
  readonly neighbours: readonly Neighbour[];
  readonly judged: Set<number>;
}

/** Neighbours that are judged when they are asked, and who was. */
function counted(found: readonly Neighbour[]): Counted {
  const judged = new Set<number>();
  const neighbours = found.map(
    ({ id, similarity, answerGroup, gate, confidence }): Neighbour => ({
      id,
      similarity,
      answerGroup,
      get gate() {
        judged.add(id);
        return gate;
      },
      get confidence() {
        judged.add(id);
        return confidence;
      },
    }),
  );
  return { neighbours, judged };
}

function near(given: Partial<Neighbour>, i: number): Neighbour {
  return { id: i, similarity: 0.9 - i / 100, answerGroup: 1, gate: 'negation', confidence: 0.5, ...given };
}

const sixteen = (given: Partial<Neighbour>) => Array.from({ length: 16 }, (_, i) => near(given, i));

const neighbours = fc
  .array(
    fc.record({
      similarity: fc.double({ min: -1, max: 1, noNaN: true }),
      answerGroup: fc.nat(3),
      gate: fc.constantFrom(...GATES),
      confidence: fc.double({ min: 0, max: 1, noNaN: true }),
    }),
    { maxLength: 16 },
  )
  .map((found) => found.toSorted((a, b) => b.similarity - a.similarity).map(near));

describe('weighing neighbours', () => {
  it('asks for the judgement of at most 8', () => {
    fc.assert(
      fc.property(neighbours, (found) => {
        const { neighbours: asked, judged } = counted(found);
        weigh(asked);
        expect(judged.size).toBeLessThanOrEqual(8);
      }),
    );
  });

  it('asks for one where that is as sure as can be, whatever else is near', () => {
    const { neighbours: asked, judged } = counted(sixteen({ gate: null, confidence: 0.995 }));
    expect(weigh(asked).words?.id).toBe(0);
    expect([...judged]).toEqual([0]);
  });

  it('asks for the nearest 4 alone where no answer leads', () => {
    const found = sixteen({}).map((neighbour, i) => ({ ...neighbour, similarity: 0.5, answerGroup: i }));
    const { neighbours: asked, judged } = counted(found);
    expect(weigh(asked)).toEqual({ words: null, agreement: null });
    expect([...judged]).toEqual([0, 1, 2, 3]);
  });

  it('takes another entry of the answer that leads where a certain gate stops the nearest (INV-C7)', () => {
    const found = sixteen({}).map((neighbour, i) =>
      i === 2 ? { ...neighbour, gate: 'unmatched_words' as const } : neighbour,
    );
    expect(weigh(found).agreement?.id).toBe(2);
  });

  it('offers nothing that a certain gate stops (INV-C7)', () => {
    fc.assert(
      fc.property(neighbours, (found) => {
        const { words, agreement } = weigh(found);
        const gates = [words, agreement].map(
          (piece) => found.find(({ id }) => id === piece?.id)?.gate ?? null,
        );
        expect([null]).toContain(gates[0]);
        expect([null, 'unmatched_words']).toContain(gates[1]);
      }),
    );
  });

  it('doubts words that the neighbours contradict, and believes them where they support them', () => {
    const words = { gate: null, confidence: 0.98 };
    const outvoted = sixteen({}).map((neighbour, i) =>
      i === 3 ? { ...neighbour, ...words, answerGroup: 2 } : neighbour,
    );
    const supported = sixteen({}).map((neighbour, i) => (i === 3 ? { ...neighbour, ...words } : neighbour));
    expect(weigh(outvoted).words?.value).toBeLessThan(0.5);
    expect(weigh(supported).words).toMatchObject({ id: 3, isSupported: true });
    expect(weigh(supported).words?.value).toBeGreaterThan(0.95);
  });

  it('takes the words of a pair that stands alone as they are', () => {
    const alone = [near({ similarity: 0.95, gate: null, confidence: 0.98 }, 0)];
    const far = [1, 2, 3].map((i) => near({ similarity: 0.4, answerGroup: i + 1 }, i));
    expect(weigh([...alone, ...far]).words).toMatchObject({ id: 0, value: 0.98, isSupported: false });
    expect(weigh(alone).words).toMatchObject({ id: 0, value: 0.98, isSupported: false });
  });
});
