import { describe, expect, test } from 'vitest';
import type { JsonValue, LogReport, StateStore } from '../../contract/index.ts';
import { createLogCondenser } from '../condense.ts';
import type { ErrorMemory } from '../options.ts';
import { createErrorMemory } from './error-memory.ts';

const condense = createLogCondenser();
const count = (text: string): number => Math.ceil(text.length / 3);
const MAY = Date.UTC(2026, 4, 1, 12);

function memoryState(): StateStore & { readonly all: Map<string, JsonValue> } {
  const all = new Map<string, JsonValue>();
  return {
    all,
    get: (collection, id) => all.get(`${collection}/${id}`),
    put: (collection, id, value) => void all.set(`${collection}/${id}`, value),
    delete: (collection, id) => all.delete(`${collection}/${id}`),
    list: (collection) =>
      [...all]
        .filter(([key]) => key.startsWith(`${collection}/`))
        .map(([key, value]) => ({ id: key.slice(collection.length + 1), value })),
    close: () => {},
  };
}

/** A log of another run: other times, numbers, ids and folders; the same failure. */
function logOf(run: number, failure: readonly string[] = failureOf(run)): string {
  const lines = Array.from(
    { length: 600 },
    (_, i) => `INFO order ${run * 1000 + i} took ${(i * run) % 90} ms`,
  );
  lines.splice(400, 0, ...failure);
  return `${lines.map((line) => `2026-05-0${run}T10:00:00.000Z ${line}`).join('\n')}\n`;
}

function failureOf(run: number): string[] {
  return [
    `ERROR StoreError: cannot open /tmp/run-${run}f3a/orders-${run}.db after ${run * 7} ms`,
    `    at open (/tmp/run-${run}f3a/store.js:${run}:17)`,
    `    at main (/tmp/run-${run}f3a/main.js:9:${run})`,
  ];
}

function report(text: string, memory?: ErrorMemory, tokenBudget = 700): Promise<LogReport> {
  return condense(
    { bytes: Buffer.from(text) },
    { count, limits: { tokenBudget }, ...(memory === undefined ? {} : { memory }) },
  );
}

describe('errors of earlier logs', () => {
  test('are known in later ones, whatever their numbers, times and folders', async () => {
    let now = MAY;
    const memory = createErrorMemory({ state: memoryState(), now: () => now });
    const first = await report(logOf(1), memory);
    expect(first.text).toBe((await report(logOf(1))).text);
    expect(first.errors[0]).not.toHaveProperty('seenRuns');
    now += 40 * 86_400_000;
    await report(logOf(2), memory);
    const third = await report(logOf(3), memory);
    expect(third.errors).toEqual([expect.objectContaining({ seenRuns: 2, firstSeen: MAY })]);
    expect(third.text).toContain('orders-3.db after 21 ms\n[seen in 2 runs since 2026-05-01]\n');
    expect(third.text).toContain('at main (/tmp/run-3f3a/main.js:9:3)');
  });

  test('are not those of another stack or another message', async () => {
    const memory = createErrorMemory({ state: memoryState(), now: () => MAY });
    await report(logOf(1), memory);
    const [head = '', ...frames] = failureOf(2);
    for (const other of [
      [head.replace('cannot open', 'cannot close'), ...frames],
      [head, ...frames.map((frame) => frame.replace('main', 'retry'))],
    ]) {
      const { errors, text } = await report(logOf(2, other), memory);
      expect(errors[0]).not.toHaveProperty('seenRuns');
      expect(text).not.toContain('seen in');
    }
  });

  test('count a log once, and say the same of it each time', async () => {
    const memory = createErrorMemory({ state: memoryState(), now: () => MAY });
    await report(logOf(1), memory);
    const once = await report(logOf(2), memory);
    const again = await report(logOf(2), memory);
    expect([once.errors[0]?.seenRuns, again.errors[0]?.seenRuns]).toEqual([1, 1]);
    expect(again.text).toBe(once.text);
    expect((await report(logOf(3), memory)).errors[0]?.seenRuns).toBe(2);
  });

  test('INV-L1 INV-X1 are told within the budget, and never make a result larger than its log', async () => {
    const memory = createErrorMemory({ state: memoryState(), now: () => MAY });
    const many = (run: number): string =>
      logOf(
        run,
        Array.from({ length: 40 }, (_, i) =>
          failureOf(run).map((line) => line.replace('open', `x${'abcdefgh'[i % 8]}${'ijklm'[i % 5]}`)),
        ).flat(),
      );
    for (const textOf of [logOf, many]) {
      await report(textOf(1), memory);
      for (let budget = 1; budget < 1_500; budget += budget < 120 ? 7 : 111) {
        const { text, output } = await report(textOf(2), memory, budget);
        expect(output.tokens).toBe(count(text));
        expect(output.tokens).toBeLessThanOrEqual(budget);
      }
    }
    const short = `${failureOf(4).join('\n')}\n`;
    const { text, errors } = await report(short, memory);
    expect([text, errors[0]?.seenRuns]).toEqual([short.trimEnd(), 2]);
  });

  test('are told in one line where they are many', async () => {
    const memory = createErrorMemory({ state: memoryState(), now: () => MAY });
    const words = 'alpha bravo delta echo golf hotel india kilo lima mike oscar papa'.split(' ');
    const failures = (more: readonly string[]): string[] =>
      [...words, ...more].map((word) => `ERROR StoreError: ${word} is broken`);
    await report(logOf(1, failures([])), memory, 1_500);
    const { text } = await report(logOf(2, failures(['zulu'])), memory, 1_500);
    expect(text.split('\n')[1]).toBe('[12 of 13 errors: seen in 1 run since 2026-05-01]');
    expect(text.match(/seen in/g)).toHaveLength(1);
  });

  test('INV-E3 leave no text behind', async () => {
    const state = memoryState();
    await report(logOf(1), createErrorMemory({ state, now: () => MAY }));
    expect(state.all.size).toBeGreaterThan(1);
    for (const [key, value] of state.all) {
      expect(key).toMatch(/^log-(?:errors|runs)\/[\w-]{20}$/);
      for (const entry of Object.values(value as object))
        expect(String(entry)).toMatch(/^(?:\d+|[\w-]{20})$/);
    }
  });

  test('INV-S4 are bounded: what was not seen for longest is forgotten', async () => {
    const state = memoryState();
    let now = 0;
    const memory = createErrorMemory({ state, now: () => ++now, mostErrors: 3, mostRuns: 2 });
    for (const [i, error] of ['a', 'b', 'a', 'c', 'd', 'a'].entries()) await memory.seen([error], `log${i}`);
    expect([...state.all.keys()].toSorted()).toEqual([
      'log-errors/a',
      'log-errors/c',
      'log-errors/d',
      'log-runs/log4',
      'log-runs/log5',
    ]);
    expect(await memory.seen(['a', 'b'], 'other')).toEqual([{ runs: 3, since: 1 }, undefined]);
  });

  test('of several logs of one run are those of earlier runs only', async () => {
    const state = memoryState();
    const open = (): ErrorMemory => createErrorMemory({ state, now: () => MAY });
    await open().seen(['known'], 'run 1');
    const once = { runs: 1, since: MAY };
    for (const memory of [open(), open()]) {
      expect(await memory.seen(['fresh'], 'run 2')).toEqual([undefined]);
      expect(await memory.seen(['fresh', 'known'], 'run 2')).toEqual([undefined, once]);
      expect(await memory.seen(['fresh', 'known'], 'run 2')).toEqual([undefined, once]);
    }
    expect(await open().seen(['fresh', 'known'], 'run 3')).toEqual([once, { runs: 2, since: MAY }]);
  });
});
