import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createMiner, type MinedTemplate, type Miner } from './miner.ts';

const once = (line: number): { count: number; firstLine: number; lastLine: number } => ({
  count: 1,
  firstLine: line,
  lastLine: line,
});

/** A miner with these messages, one line each, and the id each got. */
function mined(messages: readonly string[], miner: Miner = createMiner()): { miner: Miner; ids: number[] } {
  return { miner, ids: messages.map((message, line) => miner.add(message, once(line))) };
}

const templatesOf = (miner: Miner): string[] => miner.clusters().map(({ template }) => template);

/** Whether a message is the template with something for each `<*>`; spaces are as good as none. */
function fits(template: string, message: string): boolean {
  const bare = (text: string): string => text.replaceAll(/\s+/g, '');
  let at = 0;
  const parts = bare(template).split('<*>');
  const text = bare(message);
  for (const [index, part] of parts.entries()) {
    const found = index === parts.length - 1 && index > 0 ? text.lastIndexOf(part) : text.indexOf(part, at);
    if (found < at || (index === 0 && found !== 0)) return false;
    at = found + part.length;
  }
  return at === text.length;
}

const word = fc.constantFrom(
  'open',
  'close',
  'user',
  'from',
  'to',
  'failed',
  'a=b',
  '[x]',
  '(y)',
  'é',
  '***',
);
const part = fc.oneof(
  word,
  fc.integer().map(String),
  fc.ipV4(),
  fc.uuid(),
  fc.stringMatching(/^[a-z./_-]{1,8}$/),
  fc.string({ maxLength: 6 }),
);
const message = fc.array(part, { maxLength: 8 }).map((parts) => parts.join(' '));
const messages = fc.array(message, { maxLength: 60 });

describe('createMiner', () => {
  test('groups what differs in masked parts, whatever they are', () => {
    const { miner, ids } = mined([
      'read 12 rows from 10.0.0.1',
      'read 9 rows from 10.0.0.2:80',
      'wrote 12 rows',
    ]);
    expect(miner.find(ids[1] ?? -1)).toBe(miner.find(ids[0] ?? -2));
    expect(templatesOf(miner)).toEqual(['read <*> rows from <*>', 'wrote <*> rows']);
  });

  test('tells statements apart by single words, and takes many words in one place as values', () => {
    const { miner } = mined(
      ['opened', 'closed'].flatMap((verb) =>
        ['ann', 'bob', 'cid', 'dot', 'eve', 'fay'].map(
          (name) => `a session was ${verb} today for ${name} there`,
        ),
      ),
    );
    expect(templatesOf(miner)).toEqual([
      'a session was opened today for <*> there',
      'a session was closed today for <*> there',
    ]);
  });

  test('a word after a key that a mask knows elsewhere is a value', () => {
    const { miner } = mined(['login failed; host=10.0.0.1 tty=ssh', 'login failed; host=somewhere tty=ssh']);
    expect(templatesOf(miner)).toEqual(['login failed; host=<*> tty=ssh']);
  });

  test('lists of different length are one form', () => {
    const { miner } = mined(['please delete the blocks b_1', 'please delete the blocks b_1 b_2 b_3']);
    expect(miner.clusters()).toHaveLength(1);
  });

  test('counts lines, not messages, and keeps the first and the last', () => {
    const miner = createMiner();
    miner.add('took 5 s', { count: 10, firstLine: 3, lastLine: 90 });
    miner.add('took 7 s', { count: 2, firstLine: 1, lastLine: 40 });
    expect(miner.clusters()[0]).toMatchObject({ count: 12, firstLine: 1, lastLine: 90 });
  });

  test('slots say what stood there', () => {
    const { miner } = mined([10, 30, 20, 20, 40].map((n) => `took ${n} ms in ${n % 20 === 0 ? 'x1' : 'y2'}`));
    expect(miner.clusters()[0]?.slots).toEqual(
      [
        {
          kind: 'num',
          count: 5,
          distinct: 4,
          first: '10',
          last: '40',
          numbers: { min: 10, median: 20, max: 40 },
        },
        { kind: 'id', count: 5, distinct: 2, first: 'y2', last: 'x1' },
      ].map((slot, index) =>
        index === 0 ? { ...slot, kind: 'duration', first: '10 ms', last: '40 ms' } : slot,
      ),
    );
  });

  test('what a word was before it became a value is among the values', () => {
    const { miner } = mined(['job run by user ann', 'job run by user ann', 'job run by user bob']);
    expect(miner.clusters()[0]?.slots).toEqual([
      { kind: 'word', count: 3, distinct: 2, first: 'ann', last: 'bob' },
    ]);
  });

  test('distinct values are estimated beyond 1,000, and the median from a sample', () => {
    const { miner } = mined(Array.from({ length: 20_000 }, (_, n) => `value ${(n * 7919) % 20_000} seen`));
    const slot = miner.clusters()[0]?.slots[0];
    expect(slot?.distinct).toBeGreaterThan(18_000);
    expect(slot?.distinct).toBeLessThan(22_000);
    expect(slot?.numbers?.min).toBe(0);
    expect(slot?.numbers?.max).toBe(19_999);
    expect(Math.abs((slot?.numbers?.median ?? 0) - 10_000)).toBeLessThan(2000);
  });

  test('the same messages give the same clusters', () => {
    fc.assert(
      fc.property(messages, (list) => {
        const one = mined(list);
        const other = mined(list);
        expect(other.ids).toEqual(one.ids);
        expect(other.miner.clusters()).toEqual(one.miner.clusters());
      }),
      { numRuns: 50 },
    );
  });

  test.each([{}, { maxClusters: 4, maxChildren: 3 }])(
    'no line is lost, and templates fit their lines: %j',
    (options) => {
      fc.assert(
        fc.property(messages, (list) => {
          const { miner, ids } = mined(list, createMiner(options));
          const clusters = new Map<number, MinedTemplate>(miner.clusters().map((found) => [found.id, found]));
          const sizes = new Map<number, number>();
          for (const [line, id] of ids.entries()) {
            const found = clusters.get(miner.find(id));
            expect(found).toBeDefined();
            sizes.set(found?.id ?? -1, (sizes.get(found?.id ?? -1) ?? 0) + 1);
            const text = (list[line] ?? '').replaceAll(/[\uE000-\uE010]/g, '\uFFFD');
            expect(fits(found?.template ?? '', text), `${found?.template} | ${text}`).toBe(true);
          }
          for (const { id, count, template, slots } of clusters.values()) {
            expect(count).toBe(sizes.get(id));
            expect(slots).toHaveLength(template.split('<*>').length - 1);
            for (const slot of slots) expect(slot.count).toBe(count);
          }
        }),
        { numRuns: 150 },
      );
    },
  );

  test('holds no more clusters than it may, whatever comes', () => {
    const miner = createMiner({ maxClusters: 50, maxChildren: 10 });
    const letters = (n: number): string =>
      n.toString(26).replaceAll(/\d/g, (digit) => 'qrstuvwxyz'[Number(digit)] ?? '');
    for (let n = 0; n < 3000; n++) miner.add(`${letters(n)} ${letters(n * 31)} ${letters(n * 17)}`, once(n));
    const clusters = miner.clusters();
    expect(clusters.length).toBeLessThanOrEqual(50 + 11);
    expect(clusters.reduce((sum, { count }) => sum + count, 0)).toBe(3000);
  });

  test('messages added after a look at the clusters go to the same ones', () => {
    const { miner, ids } = mined(['run by user ann', 'run by user bob', 'run by user cid']);
    const before = miner.find(ids[2] ?? -1);
    expect(miner.find(miner.add('run by user dot', once(9)))).toBe(before);
    expect(miner.clusters()).toHaveLength(1);
  });
});
