import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createChangeWatch } from './change-watch.ts';

const outcomes = fc.array(
  fc.record({ risk: fc.double({ min: 0, max: 1, noNaN: true }), isSame: fc.boolean() }),
  { maxLength: 200 },
);

describe('the watch for change', () => {
  it('tells a change after a handful of sure answers that turned out wrong', () => {
    const watch = createChangeWatch();
    for (let i = 0; i < 500; i += 1) watch.observe(0.02, true);
    let wrong = 0;
    while (!watch.isChanged && wrong < 100) {
      watch.observe(0.02, false);
      wrong += 1;
    }
    expect(wrong).toBeLessThanOrEqual(4);
  });

  it('tells that it is over once answers are right again', () => {
    const watch = createChangeWatch();
    for (let i = 0; i < 50; i += 1) watch.observe(0.02, false);
    expect(watch.isChanged).toBe(true);
    for (let i = 0; i < 5; i += 1) watch.observe(0.02, true);
    expect(watch.isChanged).toBe(true);
    for (let i = 0; i < 20; i += 1) watch.observe(0.02, true);
    expect(watch.isChanged).toBe(false);
  });

  it('is calm as long as no more is wrong than was expected', () => {
    const watch = createChangeWatch();
    for (let i = 0; i < 5_000; i += 1) {
      watch.observe(0.02, i % 50 !== 0);
      expect(watch.isChanged).toBe(false);
    }
  });

  it('makes nothing of wrong answers of lookups that did not look sure', () => {
    const watch = createChangeWatch();
    for (let i = 0; i < 1_000; i += 1) watch.observe(0.3, false);
    expect(watch.isChanged).toBe(false);
  });

  it('goes on after a restart as if there had been none', () => {
    fc.assert(
      fc.property(outcomes, outcomes, (before, after) => {
        const watch = createChangeWatch();
        for (const { risk, isSame } of before) watch.observe(risk, isSame);
        const restarted = createChangeWatch();
        restarted.restore(watch.snapshot());
        for (const { risk, isSame } of after) {
          watch.observe(risk, isSame);
          restarted.observe(risk, isSame);
        }
        expect(restarted.snapshot()).toEqual(watch.snapshot());
      }),
    );
  });
});
