import { describe, expect, it } from 'vitest';
import { ToolHabits } from './habits.ts';

/** Habits after so many sessions, each of which called these tools. */
function after(habits: ToolHabits, sessions: number, names: readonly string[]): ToolHabits {
  for (let i = 0; i < sessions; i += 1) {
    habits.begin('set');
    for (const name of names) habits.use('set', name);
  }
  return habits;
}

describe('habits of the sessions of one tenant with one set of tools', () => {
  it('are what a tenth of them called, the most usual first', () => {
    const habits = after(new ToolHabits(), 6, ['fetch']);
    after(habits, 3, ['save', 'fetch']);
    after(habits, 30, []);
    expect(habits.usual('set', 5)).toEqual(['fetch']);
    after(habits, 8, ['list']);
    expect(habits.usual('set', 5)).toEqual(['fetch', 'list']);
    expect(habits.usual('set', 1)).toEqual(['fetch']);
  });

  it('are none before there were five, and none of another set', () => {
    expect(after(new ToolHabits(), 4, ['fetch']).usual('set', 5)).toEqual([]);
    const habits = after(new ToolHabits(), 5, ['fetch']);
    expect(habits.usual('set', 5)).toEqual(['fetch']);
    expect(habits.usual('other', 5)).toEqual([]);
  });

  it('fade where they change, and stay bounded (INV-S4)', () => {
    const habits = after(new ToolHabits(), 200, ['old']);
    expect(habits.usual('set', 5)).toEqual(['old']);
    after(habits, 2_000, ['new']);
    expect(habits.usual('set', 5)).toEqual(['new']);
    for (let i = 0; i < 300; i += 1) habits.begin(`set ${i}`);
    expect(habits.usual('set', 5)).toEqual([]);
  });

  it('tell what follows what, from the fifth session on, and of no other set', () => {
    const habits = new ToolHabits();
    for (let i = 0; i < 5; i += 1) {
      expect(habits.transitions('set')).toBeUndefined();
      habits.begin('set');
      habits.follow('set', ['fetch', 'save']);
    }
    habits.begin('other');
    expect(habits.transitions('set')?.get('fetch')?.get('save')).toBeCloseTo(5 / 8);
    expect(habits.transitions('set')?.get('save')).toBeUndefined();
    expect(habits.transitions('other')).toBeUndefined();
  });
});
