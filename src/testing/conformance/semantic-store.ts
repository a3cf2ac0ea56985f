import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { MaybePromise, SemanticEntry, SemanticFilter, SemanticStore } from '../../contract/index.ts';
import { semanticEntry as entry } from '../fixtures/semantic-entry.ts';
import { unitVector } from '../fixtures/unit-vector.ts';

/** How the suite gets at stores. */
export interface SemanticStoreSubject {
  /** A new, empty store. */
  create(): MaybePromise<SemanticStore>;
  /** Another connection to the same data as the store made last; absent when there can be none. */
  connectAgain?(): MaybePromise<SemanticStore>;
}

const EMBEDDER = entry('').embedder;
const OTHER_EMBEDDER = '["fake","2",16,"unit"]';

function cosine(a: Float32Array, b: Float32Array): number {
  let [product, one, two] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    const [x, y] = [a[i] as number, b[i] as number];
    product += x * y;
    one += x * x;
    two += y * y;
  }
  return product / Math.sqrt(one * two);
}

/** The names, as `entry` takes them, of entries whose texts it made. */
async function namesOf(found: AsyncIterable<Pick<SemanticEntry, 'text'>>): Promise<string[]> {
  const names: string[] = [];
  for await (const { text } of found) names.push(text.replace('text of ', ''));
  return names.sort();
}

async function idsOf(store: SemanticStore, embedder: string): Promise<number[]> {
  const ids: number[] = [];
  for await (const page of store.vectors(embedder)) ids.push(...page.map(({ id }) => id));
  return ids.sort((a, b) => a - b);
}

/** Registers the tests that every `SemanticStore` has to pass. */
export function describeSemanticStore(name: string, subject: SemanticStoreSubject): void {
  describe(`${name} as a semantic store`, () => {
    let store: SemanticStore;
    beforeEach(async () => {
      store = await subject.create();
    });
    afterEach(async () => {
      await store.close();
    });
    describeEntries(() => store);
    describeSelection(() => store);
    describeEmbedders(() => store);
    describeSharing(() => store, subject);
  });
}

function describeEntries(store: () => SemanticStore): void {
  it('returns what was put: all but the vector to the letter, the vector with length 1', async () => {
    const put = entry('a', {
      tags: { team: 'a b', '': '', ' "': 'é' },
      text: 'línea 1\nüber "quoted" %_ 😀 \u0000 end',
      answerGroup: entry('b').id,
      expiresAt: Number.MAX_SAFE_INTEGER,
    });
    await store().putMany([put, entry('b')]);
    const [got, more] = await store().get([put.id, 12345]);
    expect({ ...got, vector: put.vector }).toEqual(put);
    expect(more).toBeUndefined();
    const vector = got?.vector ?? new Float32Array(0);
    expect(cosine(vector, put.vector)).toBeGreaterThan(0.9995);
    expect(cosine(vector, vector) * vector.reduce((sum, value) => sum + value ** 2, 0)).toBeCloseTo(1, 5);
  });

  it('keeps vectors so that their cosines stay within 0.005 (256 numbers)', async () => {
    const entries = Array.from({ length: 40 }, (_, i) => entry(`e${i}`, { vector: unitVector(i, 256) }));
    await store().putMany(entries);
    const kept = await store().get(entries.map(({ id }) => id));
    for (const [i, { vector }] of kept.entries()) {
      const near = unitVector(i, 256).map((value, k) => value + 0.5 * (unitVector(i + 1, 256)[k] as number));
      const original = entries[i]?.vector ?? new Float32Array(0);
      expect(Math.abs(cosine(vector, near) - cosine(original, near))).toBeLessThan(0.005);
    }
  });

  it('takes ids of 52 bits and the zero vector', async () => {
    const large = entry('large', { id: 2 ** 52 - 1, vector: new Float32Array(16) });
    await store().putMany([large, entry('zero', { id: 0 })]);
    expect((await store().get([large.id]))[0]).toEqual(large);
    expect((await store().get([0]))[0]?.text).toBe('text of zero');
    expect(await store().delete([large.id, 0])).toBe(2);
  });

  it('replaces an entry, also within one batch and into another scope', async () => {
    await store().putMany([entry('a', { createdAt: 1 }), entry('b')]);
    await store().putMany([
      entry('a', { createdAt: 2, scopeKey: 's2' }),
      entry('a', { createdAt: 3, scopeKey: 's3' }),
    ]);
    expect(await store().get([entry('a').id])).toMatchObject([{ createdAt: 3, scopeKey: 's3' }]);
    expect(await store().count()).toBe(2);
  });

  it.each([
    ['NaN', new Float32Array(16).fill(Number.NaN, 3, 4)],
    ['an infinite number', new Float32Array(16).fill(Number.POSITIVE_INFINITY, 3, 4)],
    ['no numbers', new Float32Array(0)],
  ])('refuses a vector with %s, and all that comes with it', async (_, vector) => {
    const put = async () => store().putMany([entry('a'), entry('b', { vector })]);
    await expect(put()).rejects.toMatchObject({ code: 'vector_invalid', name: 'InputError' });
    expect(await store().count()).toBe(0);
    await store().putMany([entry('a')]);
    const reembed = async () => store().reembed([{ id: entry('a').id, vector }], OTHER_EMBEDDER);
    await expect(reembed()).rejects.toMatchObject({ code: 'vector_invalid', name: 'InputError' });
    expect(await idsOf(store(), EMBEDDER)).toEqual([entry('a').id]);
  });

  it('moves entries to other groups of answers, and ignores those that are gone', async () => {
    await store().putMany([entry('a'), entry('b')]);
    await store().regroup(
      new Map([
        [entry('a').id, 7],
        [entry('gone').id, 7],
      ]),
    );
    const groups = (await store().get([entry('a').id, entry('b').id])).map((one) => one.answerGroup);
    expect(groups).toEqual([7, entry('b').id]);
    expect(await store().count()).toBe(2);
  });

  it('deletes by id, each entry once', async () => {
    const entries = Array.from({ length: 1_203 }, (_, i) => entry(`e${i}`));
    await store().putMany(entries);
    const ids = entries.slice(1).map(({ id }) => id);
    expect(await store().delete([...ids, ...ids, 5])).toBe(1_202);
    expect(await store().delete(ids)).toBe(0);
    expect(await idsOf(store(), EMBEDDER)).toEqual([entries[0]?.id]);
    expect(await store().count()).toBe(1);
    expect(await store().delete([])).toBe(0);
  });

  it('deletes what expired by now and nothing else, as many as asked, and says which (INV-C9)', async () => {
    const entries = Array.from({ length: 1_300 }, (_, i) => entry(`e${i}`, { expiresAt: i }));
    await store().putMany(entries);
    const first = await store().deleteExpired(1_199, 1_000);
    const rest = await store().deleteExpired(1_199, 1_000);
    expect([first.length, rest.length]).toEqual([1_000, 200]);
    const expired = entries.filter(({ expiresAt }) => expiresAt <= 1_199).map(({ id }) => id);
    expect([...first, ...rest].sort((a, b) => a - b)).toEqual(expired.sort((a, b) => a - b));
    expect(await store().deleteExpired(1_199, 1_000)).toEqual([]);
    for (const limit of [0, -1]) expect(await store().deleteExpired(9_999, limit)).toEqual([]);
    expect(await store().count()).toBe(100);
    expect((await store().deleteExpired(9_999, Number.POSITIVE_INFINITY)).length).toBe(100);
  });

  it('finds what expired among what did not, whatever the order of writing', async () => {
    const entries = Array.from({ length: 1_200 }, (_, i) => entry(`e${i}`, { expiresAt: i % 3 }));
    await store().putMany(entries);
    const expired = entries.filter(({ expiresAt }) => expiresAt < 2).map(({ id }) => id);
    const deleted = await store().deleteExpired(1, 10_000);
    expect(new Set(deleted)).toEqual(new Set(expired));
    expect(deleted.length).toBe(800);
    expect(await store().count()).toBe(400);
  });

  it('evicts what was written first until the bound holds, as many as asked, and says which (INV-S4)', async () => {
    const entries = Array.from({ length: 50 }, (_, i) => entry(`e${i}`));
    for (const one of entries) await store().putMany([one]);
    expect(await store().evict(50, 10)).toEqual([]);
    const first = await store().evict(20, 10);
    expect(first).toEqual(entries.slice(0, 10).map(({ id }) => id));
    expect(await store().evict(20, 100)).toEqual(entries.slice(10, 30).map(({ id }) => id));
    expect(await store().evict(20, 100)).toEqual([]);
    expect(await store().count()).toBe(20);
  });
}

function describeSelection(store: () => SemanticStore): void {
  const cases: readonly [string, SemanticFilter, readonly string[]][] = [
    ['nothing', {}, ['a', 'b', 'c', 'd']],
    ['a tenant', { tenant: 'tenant-b' }, ['b']],
    ['a model', { model: 'model-b' }, ['c', 'd']],
    ['a tag', { tags: { team: 'x' } }, ['a', 'd']],
    ['all of some tags', { tags: { team: 'x', app: 'y' } }, ['d']],
    ['another value of a tag', { tags: { team: 'y' } }, []],
    ['a name that no tag has', { tags: { toString: 'x' } }, []],
    ['a time from which', { createdFrom: 2_000 }, ['c', 'd']],
    ['a time before which', { createdBefore: 2_000 }, ['a', 'b']],
    ['both times', { createdFrom: 1_500, createdBefore: 2_001 }, ['b', 'c']],
    ['a text in any case', { text: 'TEXT OF C' }, ['c']],
    ['text that is part of all', { text: ' of ' }, ['a', 'b', 'c', 'd']],
    ['signs that patterns have', { text: '%' }, []],
    ['any sign', { text: 'text_of' }, []],
    ['SQL', { tenant: "' OR 1=1 --", text: "'; DROP TABLE entries; --" }, []],
    ['conditions that hold together', { model: 'model-b', tags: { team: 'x' }, createdFrom: 3_000 }, ['d']],
    ['conditions that do not', { tenant: 'tenant-b', model: 'model-b' }, []],
  ];

  it.each(cases)('finds entries by %s, and deletes those (INV-E4)', async (_, filter, names) => {
    await store().putMany([
      entry('a', { tags: { team: 'x' } }),
      entry('b', { tenant: 'tenant-b', createdAt: 1_500 }),
      entry('c', { model: 'model-b', createdAt: 2_000 }),
      entry('d', { model: 'model-b', createdAt: 3_000, tags: { team: 'x', app: 'y' } }),
    ]);
    expect(await namesOf(store().select(filter))).toEqual(names);
    expect(await store().delete(names.map((name) => entry(name).id))).toBe(names.length);
    expect(await namesOf(store().select(filter))).toEqual([]);
    expect(await store().count()).toBe(4 - names.length);
  });

  it('finds text as it stands, whatever signs and letters it has (INV-E4)', async () => {
    const texts = ['100% sure', '100 percent sure', 'snake_case', 'snakeXcase', 'ÉCOLE', "l'eau \\ ?1"];
    await store().putMany(texts.map((text, i) => entry(`t${i}`, { text })));
    const found = async (text: string) => namesOf(store().select({ text }));
    expect(await found('100%')).toEqual(['100% sure']);
    expect(await found('e_c')).toEqual(['snake_case']);
    expect(await found('école')).toEqual(['ÉCOLE']);
    expect(await found("L'EAU \\ ?1")).toEqual(["l'eau \\ ?1"]);
  });

  it('lists all entries once, in the order of ids and without vectors, over many pages', async () => {
    const entries = Array.from({ length: 1_300 }, (_, i) => entry(`e${i}`));
    await store().putMany(entries);
    const listed: object[] = [];
    for await (const one of store().select({})) listed.push(one);
    const expected = entries
      .toSorted((a, b) => a.id - b.id)
      .map(({ vector, ...rest }) => rest satisfies object & { vector?: typeof vector });
    expect(listed).toEqual(expected);
  });
}

function describeEmbedders(store: () => SemanticStore): void {
  it('gives the vectors of one embedder alone, with their scopes (INV-C10)', async () => {
    await store().putMany([
      entry('a', { scopeKey: 's1' }),
      entry('b', { embedder: OTHER_EMBEDDER }),
      entry('c', { scopeKey: 's2' }),
    ]);
    const found = new Map<number, { readonly scopeKey: string; readonly vector: Float32Array }>();
    for await (const page of store().vectors(EMBEDDER)) for (const one of page) found.set(one.id, one);
    expect(new Set(found.keys())).toEqual(new Set([entry('a').id, entry('c').id]));
    for (const [name, scopeKey] of [
      ['a', 's1'],
      ['c', 's2'],
    ] as const) {
      const { id, vector } = entry(name);
      expect(found.get(id)?.scopeKey).toBe(scopeKey);
      expect(cosine(found.get(id)?.vector ?? vector.map(() => 0), vector)).toBeGreaterThan(0.9995);
    }
    expect(await idsOf(store(), 'no embedder')).toEqual([]);
  });

  it('embeds anew what another embedder made, until nothing is left of it (INV-C10)', async () => {
    const entries = Array.from({ length: 23 }, (_, i) => entry(`e${i}`));
    await store().putMany([...entries, entry('new', { embedder: OTHER_EMBEDDER })]);
    let rounds = 0;
    for (;;) {
      const foreign = await store().foreign(OTHER_EMBEDDER, 10);
      if (foreign.length === 0) break;
      rounds++;
      for (const { id, text } of foreign) {
        expect(text).toBe(entries.find((one) => one.id === id)?.text);
      }
      // Entries that are gone by then are nothing to it.
      const vectors = [...foreign.map(({ id }) => id), 77].map((id) => ({
        id,
        vector: unitVector(id + 1, 8),
      }));
      await store().reembed(vectors, OTHER_EMBEDDER);
    }
    expect(rounds).toBe(3);
    expect(await idsOf(store(), EMBEDDER)).toEqual([]);
    expect((await idsOf(store(), OTHER_EMBEDDER)).length).toBe(24);
    const [again] = await store().get([entries[0]?.id ?? 0]);
    expect(again?.embedder).toBe(OTHER_EMBEDDER);
    expect(cosine(again?.vector ?? new Float32Array(8), unitVector((again?.id ?? 0) + 1, 8))).toBeGreaterThan(
      0.999,
    );
    expect(await store().count()).toBe(24);
    expect((await store().foreign(EMBEDDER, Number.POSITIVE_INFINITY)).length).toBe(24);
    expect(await store().foreign(EMBEDDER, 0)).toEqual([]);
  });

  it('gives every vector once whatever the batches were (property)', async () => {
    let base = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(fc.nat(25), { maxLength: 9 }), { maxLength: 8 }),
        async (batches) => {
          base++;
          const embedder = `embedder ${base}`;
          const names = (batch: readonly number[]) => batch.map((n) => `${base} ${n}`);
          for (const [i, batch] of batches.entries()) {
            const ids = names(batch).map((name) => entry(name).id);
            if (i % 3 === 2) await store().delete(ids);
            else
              await store().putMany(names(batch).map((name) => entry(name, { embedder, scopeKey: `s${i}` })));
          }
          const kept = new Set<number>();
          for (const [i, batch] of batches.entries()) {
            for (const name of names(batch)) {
              if (i % 3 === 2) kept.delete(entry(name).id);
              else kept.add(entry(name).id);
            }
          }
          expect(await idsOf(store(), embedder)).toEqual([...kept].sort((a, b) => a - b));
        },
      ),
      { numRuns: 20 },
    );
  });
}

function describeSharing(store: () => SemanticStore, subject: SemanticStoreSubject): void {
  it.runIf(subject.connectAgain !== undefined)(
    'shows at once what another connection wrote, and tells of it',
    async () => {
      await store().putMany([entry('ours')]);
      const token = store().changeToken?.();
      await store().putMany([entry('ours too')]);
      expect(store().changeToken?.()).toBe(token);
      const other = (await subject.connectAgain?.()) as SemanticStore;
      try {
        await other.putMany([entry('theirs')]);
        const afterPut = store().changeToken?.();
        await other.delete([entry('ours').id]);
        const afterDelete = store().changeToken?.();
        expect(await store().get([entry('ours').id, entry('theirs').id])).toMatchObject([
          { text: 'text of theirs' },
        ]);
        // A driver that cannot tell says nothing each time.
        expect(new Set([token, afterPut, afterDelete]).size).toBe(token === undefined ? 1 : 3);
        await other.regroup(new Map([[entry('theirs').id, 5]]));
        expect((await store().get([entry('theirs').id]))[0]?.answerGroup).toBe(5);
      } finally {
        await other.close();
      }
    },
  );
}
