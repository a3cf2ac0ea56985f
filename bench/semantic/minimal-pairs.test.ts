import { describe, expect, it } from 'vitest';
import { CHANGES } from './changes.ts';
import { readDataSets, textSources } from './data-sets.ts';
import { bare, makeMinimalPairs, readsLikeAQuestion } from './minimal-pairs.ts';
import { PARAPHRASES } from './paraphrases.ts';
import { haveSameValues } from './same-values.ts';

const TEXTS = [
  'How do I change the color of my lamp in Germany?',
  'What is the best way to learn Python in two weeks?',
  'Can I buy a cheap iPhone 6 with a credit card?',
  'turn on the kitchen light at 5 pm on Monday',
  'Why does my card not work when I am in France?',
  'When did Barack Obama visit Japan in 2016?',
  'How can I convert 20 dollars to euros today?',
  'Why do dogs hate cats?',
  'Is it possible to transfer $200 from Boston to Denver?',
  'How many more miles can I drive with 40 percent fuel?',
  'I always need to check my account without an app',
  'is 3 million people more than the population of Norway?',
  'Who is the first man that was born in Spain?',
  'please book a taxi for someone at eight am and call my sister',
  'What should I do if I cannot cancel the transaction?',
  'show me all red cars that were sold in daily auctions',
  'Tell me the meaning of `load_dataset()` for spanish speakers',
  'How do I activate the card after the meeting, and where do I get information?',
  'How do I change my address?',
  'I want to utilize the photo of my dog, is it ok?',
];

const options = { sources: new Map([['own', TEXTS]]), changed: 3, kept: 3, seed: 1 };

describe('minimal pairs', () => {
  it('makes pairs of every kind, the same for the same seed', () => {
    const pairs = makeMinimalPairs(options);
    const kinds = new Set(pairs.map(({ kind }) => kind));
    expect([...kinds].toSorted()).toEqual([...CHANGES, ...PARAPHRASES].map(({ kind }) => kind).toSorted());
    expect(CHANGES.length).toBeGreaterThanOrEqual(20);
    expect(makeMinimalPairs(options)).toEqual(pairs);
    expect(makeMinimalPairs({ ...options, seed: 2 })).not.toEqual(pairs);
  });

  it('makes no pair of equal texts, and none that a rewrite left broken', () => {
    for (const { a, b, label } of makeMinimalPairs(options)) {
      expect(a).not.toBe(b);
      expect(label === 0 && bare(a) === bare(b), `${a} / ${b}`).toBe(false);
      expect(readsLikeAQuestion(a) && readsLikeAQuestion(b), `${a} / ${b}`).toBe(true);
    }
  });

  it.each([
    ['switch', 'turn on the kitchen light', 'turn off the kitchen light'],
    ['direction', 'Is there a train from Boston to Denver?', 'Is there a train from Denver to Boston?'],
    ['subject_object', 'Why do dogs hate cats?', 'Why do cats hate dogs?'],
    ['negation_removed', 'My card is not working', 'My card is working'],
    ['passive', 'How do I change my address?', 'How can my address be changed?'],
    ['articles', 'Go to the airport at noon', 'Go to airport at noon'],
  ])('rewrites by the rule %s', (kind, text, other) => {
    const found = makeMinimalPairs({ ...options, sources: new Map([['own', [text]]]) });
    const pair = found.find((pair) => pair.kind === kind);
    expect(new Set([pair?.a, pair?.b])).toEqual(new Set([text, other]));
  });

  it('keeps no pair whose values differ in spelling alone', () => {
    expect(
      haveSameValues('Sept. 9, 3rd, $4.20, 175 kilometres', 'September 9, third, $4.2, 175 kilometers'),
    ).toBe(true);
    expect(haveSameValues('on March 3rd for $4.20', 'on March 3rd for $4.02')).toBe(false);
    expect(haveSameValues('in May for 10 dollars', 'in March for 10 dollars')).toBe(false);
  });

  const sets = readDataSets(process.env['PARE_BENCH_DATA']);
  it.skipIf(sets === null)('finds at least 60 pairs of each kind in the public sets', () => {
    if (sets === null) return;
    const pairs = makeMinimalPairs({ sources: textSources(sets), changed: 70, kept: 60, seed: 7 });
    const counts = Map.groupBy(pairs, ({ kind }) => kind);
    expect([...counts].filter(([, { length }]) => length < 60).map(([kind]) => kind)).toEqual([]);
    expect(pairs.filter(({ label }) => label === 0).length).toBeGreaterThanOrEqual(2_000);
    expect(pairs.filter(({ label }) => label === 1).length).toBeGreaterThanOrEqual(1_000);
  });
});
