import { describe, expect, it } from 'vitest';
import type { PareEvent } from '../../contract/index.ts';
import { LiveRecall } from './live-recall.ts';

function watch(minRecall = 0.95, window = 100) {
  const events: PareEvent[] = [];
  const recall = new LiveRecall({ minRecall, window, onEvent: (event) => void events.push(event) });
  const observe = (hits: number, misses: number): void => {
    for (let i = 0; i < misses; i += 1) recall.observe(true);
    for (let i = 0; i < hits; i += 1) recall.observe(false);
  };
  return { recall, events, observe };
}

describe('live recall (INV-T4)', () => {
  it('is one less the share of misses, with an interval that holds it', () => {
    const { recall, observe } = watch();
    expect(recall.status()).toMatchObject({ selections: 0, recall: null, ci95: [0, 1] });
    observe(48, 2);
    const { recall: share, ci95, isBreached } = recall.status();
    expect(share).toBeCloseTo(0.96);
    expect(ci95[0]).toBeLessThan(0.96);
    expect(ci95[1]).toBeGreaterThan(0.96);
    expect(isBreached).toBe(false);
  });

  it('is not breached by few selections, nor while the limit may still hold', () => {
    const { recall, observe, events } = watch();
    observe(0, 19);
    expect(recall.isBreached).toBe(false);
    const other = watch();
    other.observe(50, 0);
    other.observe(0, 5);
    expect(other.recall.isBreached).toBe(false);
    expect([...events, ...other.events]).toEqual([]);
  });

  it('is breached once even the upper end lies below the limit, and says so once', () => {
    const { recall, observe, events } = watch();
    observe(0, 20);
    observe(10, 10);
    expect(recall.isBreached).toBe(true);
    expect(events.map(({ code, level }) => `${level} ${code}`)).toEqual(['warn tool_selection_low_recall']);
  });

  it('recovers by what would have been chosen since, never by what was before', () => {
    const { recall, observe, events } = watch();
    observe(0, 20);
    observe(19, 0);
    expect(recall.isBreached).toBe(true);
    observe(1, 0);
    expect(recall.isBreached).toBe(false);
    expect(events.at(-1)?.code).toBe('tool_selection_recall_restored');
  });

  it('forgets what lies beyond its window', () => {
    const { recall, observe } = watch(0.1, 30);
    observe(10, 20);
    observe(30, 0);
    expect(recall.status()).toMatchObject({ selections: 30, misses: 0, recall: 1 });
  });
});
