import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { sha256Hex } from '../../support/index.ts';
import { fingerprintsOf, KeyFilter } from './key-filter.ts';

const digest = fc.string().map(sha256Hex);

it('never takes a key that was added for absent, whichever way it was added', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(digest, fc.string())), fc.array(digest), (one, other) => {
      const filter = new KeyFilter(one.length);
      for (const key of one) filter.add(key);
      filter.addAll(fingerprintsOf(other));
      for (const key of [...one, ...other]) expect(filter.mayHave(key)).toBe(true);
    }),
  );
});

it('knows nearly all absent keys when it holds as many as it is made for', () => {
  const filter = new KeyFilter(20_000);
  for (let i = 0; i < 20_000; i++) filter.add(sha256Hex(`present ${i}`));
  let mistaken = 0;
  for (let i = 0; i < 20_000; i++) if (filter.mayHave(sha256Hex(`absent ${i}`))) mistaken++;
  expect(mistaken).toBeLessThan(20_000 / 200);
});
