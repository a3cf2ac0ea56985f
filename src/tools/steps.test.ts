import { assert, constantFrom, property, string } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitSteps } from './steps.ts';

const MOST_STEPS = 12;

describe('the steps of a request', () => {
  it('are its sentences, its items and what "and then" joins', () => {
    expect(splitSteps('Find a train to Oslo, and then book a seat. Print the ticket!')).toEqual([
      'Find a train to Oslo',
      'book a seat.',
      'Print the ticket!',
    ]);
    expect(splitSteps('Please: 1. find a train 2. book a seat 3) print the ticket')).toEqual([
      'find a train',
      'book a seat',
      'print the ticket',
    ]);
    expect(splitSteps('Please:\n- find a train\n• book a seat')).toEqual(['find a train', 'book a seat']);
  });

  it('are not the values in it', () => {
    const plan =
      'Make a plan: age - 30, income - 75,000 dollars, wanted age of retirement 65. Then water the garden.';
    expect(splitSteps(plan)).toEqual([
      'Make a plan: age - 30, income - 75,000 dollars, wanted age of retirement 65.',
      'Then water the garden.',
    ]);
    expect(splitSteps('Show the sales between January 1, 2021, and December 31, 2021.')).toHaveLength(1);
  });

  it('are few, and hold the last thing that is asked for, however many come before it', () => {
    const many = Array.from({ length: 40 }, (_, i) => `Water the garden of house ${i + 50}.`);
    const steps = splitSteps(`${many.join(' ')} Plot the prices of gold.`);
    expect(steps).toHaveLength(MOST_STEPS);
    expect(steps.at(-1)).toContain('Plot the prices of gold.');
    expect(steps.join(' ')).toContain('house 70.');
    const lengths = steps.map(({ length }) => length);
    expect(Math.max(...lengths)).toBeLessThan(3 * Math.min(...lengths));
  });

  it('are at most 12 and never empty, for any text', () => {
    assert(
      property(
        string({ unit: constantFrom('Find ', 'a word', '. ', '\n', '1. ', ' - ', ', and ', '字。') }),
        (text) => {
          const steps = splitSteps(text);
          expect(steps.length).toBeLessThanOrEqual(MOST_STEPS);
          expect(steps).not.toContain('');
        },
      ),
    );
  });

  it.each(["'", "' ", ' ', '\t ', 'a, \n', '1. ', '- ', '. ', ', and '])(
    'are found in little time in a text of nothing but %j (INV-X6)',
    (unit) => {
      const text = unit.repeat(8_000 / unit.length);
      splitSteps(text);
      const started = performance.now();
      splitSteps(text);
      // A millisecond or two; where each place is read from each other one, 200 and more.
      expect(performance.now() - started).toBeLessThan(60);
    },
  );
});
