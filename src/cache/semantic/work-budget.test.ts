import { describe, expect, it } from 'vitest';
import { createWorkBudget } from './work-budget.ts';

describe('a budget of work', () => {
  it('closes when its share is spent and opens again with time', () => {
    let now = 0;
    const budget = createWorkBudget(0.1, () => now);
    expect(budget.isOpen).toBe(true);
    budget.spend(20);
    expect(budget.isOpen).toBe(false);
    now += 99;
    expect(budget.isOpen).toBe(false);
    now += 2;
    expect(budget.isOpen).toBe(true);
  });

  it('has no bound at a share of 1 (INV-C9)', () => {
    const budget = createWorkBudget(1, () => 0);
    budget.spend(1_000_000);
    expect(budget.isOpen).toBe(true);
    const none = createWorkBudget(0, () => 0);
    none.spend(1_000_000);
    expect(none.isOpen).toBe(false);
  });

  it('takes no more than its share in the long run', () => {
    let now = 0;
    const budget = createWorkBudget(0.05, () => now);
    let worked = 0;
    for (; now < 100_000; now += 1) {
      if (!budget.isOpen) continue;
      budget.spend(0.5);
      worked += 0.5;
    }
    expect(worked / now).toBeLessThan(0.06);
    expect(worked / now).toBeGreaterThan(0.04);
  });
});
