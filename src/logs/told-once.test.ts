import { describe, expect, it } from 'vitest';
import { condenseLog } from './condense.ts';

const count = (text: string): number => Math.ceil(text.length / 4);

const NAMES = ['orders', 'invoices', 'parcels'];
const FRAMES = Array.from(
  { length: 12 },
  (_, i) => `    at com.example.job.Step${'abcdefghijkl'[i]}.run(Step.java:31)`,
);

function failuresWithOneTrace(): string {
  const errors = NAMES.flatMap((name) => [
    `java.lang.IllegalStateException: no connection for ${name}`,
    ...FRAMES,
    ...Array.from({ length: 40 }, (_, i) => `copying block ${i} of ${name}`),
  ]);
  return [...errors, '##[error]Process completed with exit code 1.'].join('\n');
}

function timesIn(text: string, part: string): number {
  return text.split(part).length - 1;
}

describe('what is said again', () => {
  it('is told once where the budget is small, and every error still is', async () => {
    const bytes = new TextEncoder().encode(failuresWithOneTrace());
    const { text } = await condenseLog({ bytes }, { count, limits: { tokenBudget: 400 } });
    for (const name of NAMES) {
      expect(text).toContain(`no connection for ${name}`);
    }
    const times = FRAMES.map((frame) => timesIn(text, frame));
    expect(times.filter((n) => n > 0).length).toBeGreaterThan(8);
    expect(times.reduce((sum, n) => sum + n, 0)).toBeLessThan(FRAMES.length + 4);
  });

  it('is kept where there is room for it', async () => {
    const bytes = new TextEncoder().encode(failuresWithOneTrace());
    const { text } = await condenseLog({ bytes }, { count, limits: { tokenBudget: 2_000 } });
    for (const frame of FRAMES) expect(timesIn(text, frame)).toBe(NAMES.length);
  });
});
