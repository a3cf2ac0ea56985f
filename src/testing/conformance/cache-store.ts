import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CacheEntry, CacheStore, MaybePromise, StoredCacheEntry } from '../../contract/index.ts';

/** How the suite gets at stores. */
export interface CacheStoreSubject {
  /** A new, empty store. */
  create(): MaybePromise<CacheStore>;
  /** Another connection to the same data as the store made last; absent when there can be none. */
  connectAgain?(): MaybePromise<CacheStore>;
}

const USAGE = {
  inputTokens: 100,
  outputTokens: 20,
  cacheReadTokens: 5,
  cacheWriteTokens: 4,
  cacheWrite1hTokens: 3,
  reasoningTokens: 2,
};

function entry(name: string, more: Partial<CacheEntry> = {}): CacheEntry {
  return {
    key: name.padStart(64, '0'),
    tenant: 'tenant-a',
    wire: 'openai-chat',
    model: 'model-a',
    body: new TextEncoder().encode(`{"answer":"${name} é"}`),
    usage: USAGE,
    usageBasis: 'reported',
    costUsd: 0.25,
    createdAt: 1_000,
    expiresAt: 10_000,
    ...more,
  };
}

const key = (name: string) => entry(name).key;

/** Registers the tests that every `CacheStore` has to pass. */
export function describeCacheStore(name: string, subject: CacheStoreSubject): void {
  describe(`${name} as a cache store`, () => {
    let store: CacheStore;
    beforeEach(async () => {
      store = await subject.create();
    });
    afterEach(async () => {
      await store.close();
    });

    const names = async (of: CacheStore = store) => {
      const found: string[] = [];
      for await (const stored of of.entries()) found.push(stored.key.replace(/^0+/, ''));
      return found;
    };

    it('returns what was put, byte for byte', async () => {
      const put = entry('a', {
        costUsd: null,
        usageBasis: 'calibrated',
        body: Uint8Array.of(0, 255, 34, 10),
      });
      await store.putMany([put]);
      const got = (await store.get(put.key)) as StoredCacheEntry;
      expect({ ...got, body: [...got.body] }).toEqual({
        ...put,
        body: [0, 255, 34, 10],
        hits: 0,
        lastHitAt: null,
      });
      expect(await store.get(key('b'))).toBeUndefined();
    });

    it('replaces an entry, whose hits start anew, and keeps the sums right', async () => {
      await store.putMany([entry('a'), entry('b')]);
      await store.addHits(new Map([[key('a'), 3]]), 2_000);
      await store.putMany([entry('a', { model: 'model-b', body: new Uint8Array(7) })]);
      expect(await store.get(key('a'))).toMatchObject({ model: 'model-b', hits: 0, lastHitAt: null });
      const stats = await store.stats();
      expect(stats).toMatchObject({ totalEntries: 2, totalHits: 3, totalBytes: entry('b').body.length + 7 });
      expect(stats.byModel['model-b']).toEqual({ entries: 1, hits: 0, tokensSaved: 0, costSavedUsd: 0 });
    });

    it('takes the last of two entries with one key in one batch', async () => {
      await store.putMany([entry('a', { createdAt: 1 }), entry('a', { createdAt: 2 })]);
      expect(await store.get(key('a'))).toMatchObject({ createdAt: 2 });
      expect((await store.stats()).totalEntries).toBe(1);
    });

    it('adds hits up and ignores those of entries that are gone', async () => {
      await store.putMany([entry('a'), entry('b', { model: 'model-b', costUsd: null })]);
      await store.addHits(
        new Map([
          [key('a'), 2],
          [key('b'), 1],
          [key('gone'), 5],
        ]),
        3_000,
      );
      await store.addHits(new Map([[key('a'), 1]]), 2_000);
      expect(await store.get(key('a'))).toMatchObject({ hits: 3, lastHitAt: 3_000 });
      expect(await store.stats()).toEqual({
        totalEntries: 2,
        totalHits: 4,
        totalBytes: entry('a').body.length + entry('b').body.length,
        tokensSaved: 480,
        costSavedUsd: 0.75,
        byModel: {
          'model-a': { entries: 1, hits: 3, tokensSaved: 360, costSavedUsd: 0.75 },
          'model-b': { entries: 1, hits: 1, tokensSaved: 120, costSavedUsd: 0 },
        },
      });
    });

    it('keeps savings when the entries that made them are deleted', async () => {
      await store.putMany([entry('a')]);
      await store.addHits(new Map([[key('a'), 2]]), 2_000);
      expect(await store.delete([key('a'), key('a'), key('b')])).toBe(1);
      expect(await store.stats()).toMatchObject({
        totalEntries: 0,
        totalBytes: 0,
        totalHits: 2,
        tokensSaved: 240,
        costSavedUsd: 0.5,
      });
    });

    it('lists no model that never had a hit and has no entry', async () => {
      await store.putMany([entry('a')]);
      await store.deleteAll();
      expect((await store.stats()).byModel).toEqual({});
    });

    it('deletes what expired at or before now, and nothing else (INV-C9)', async () => {
      await store.putMany([
        entry('a', { expiresAt: 4_999 }),
        entry('b', { expiresAt: 5_000 }),
        entry('c', { expiresAt: 5_001 }),
      ]);
      expect(await store.deleteOld({ now: 5_000 })).toBe(2);
      expect(await names()).toEqual(['c']);
    });

    it('deletes what was created before a time, and nothing else (INV-C9)', async () => {
      await store.putMany([
        entry('a', { createdAt: 1_999 }),
        entry('b', { createdAt: 2_000 }),
        entry('c', { createdAt: 1_000, expiresAt: 3_000 }),
      ]);
      expect(await store.deleteOld({ now: 3_000, createdBefore: 2_000 })).toBe(2);
      expect(await names()).toEqual(['b']);
    });

    it('deletes one tenant or all', async () => {
      await store.putMany([entry('a'), entry('b', { tenant: 'tenant-b' }), entry('c')]);
      expect(await store.deleteAll('tenant-a')).toBe(2);
      expect(await names()).toEqual(['b']);
      expect(await store.deleteAll()).toBe(1);
      expect(await names()).toEqual([]);
    });

    it('evicts by fewest hits, then by age, until the number of entries holds (INV-C9)', async () => {
      await store.putMany([
        entry('a', { createdAt: 1 }),
        entry('b', { createdAt: 3 }),
        entry('c', { createdAt: 2 }),
        entry('d', { createdAt: 4 }),
      ]);
      await store.addHits(new Map([[key('a'), 1]]), 5);
      expect(await store.evict({ maxEntries: 4, maxBytes: 1_000_000 })).toBe(0);
      expect(await store.evict({ maxEntries: 2, maxBytes: 1_000_000 })).toBe(2);
      expect(await names()).toEqual(['a', 'd']);
    });

    it('evicts until the bytes hold, and no further (INV-C9)', async () => {
      await store.putMany(
        ['a', 'b', 'c'].map((name, i) => entry(name, { createdAt: i, body: new Uint8Array(100) })),
      );
      expect(await store.evict({ maxEntries: 10, maxBytes: 300 })).toBe(0);
      expect(await store.evict({ maxEntries: 10, maxBytes: 299 })).toBe(1);
      expect(await names()).toEqual(['b', 'c']);
      expect((await store.stats()).totalBytes).toBe(200);
    });

    it('deletes and evicts at most as many as it is told (INV-C9)', async () => {
      await store.putMany(['a', 'b', 'c', 'd', 'e', 'f'].map((name, i) => entry(name, { createdAt: i })));
      expect(await store.deleteOld({ now: 0, createdBefore: 4, limit: 1 })).toBe(1);
      expect(await store.deleteOld({ now: 10_000, createdBefore: 4, limit: 1 })).toBe(1);
      const left = (await store.stats()).totalEntries;
      expect(await store.evict({ maxEntries: 0, maxBytes: 1_000_000, limit: 2 })).toBe(2);
      expect((await store.stats()).totalEntries).toBe(left - 2);
      expect(await store.evict({ maxEntries: 0, maxBytes: 1_000_000 })).toBe(left - 2);
    });

    it('lists all entries in key order over many pages, and bears writes in between', async () => {
      const all = Array.from({ length: 1_203 }, (_, i) => entry(String(i + 1)));
      await store.putMany(all.toReversed());
      const seen: string[] = [];
      for await (const stored of store.entries()) {
        if (seen.length === 600) await store.delete([key('1203')]);
        seen.push(stored.key);
      }
      expect(seen).toEqual(
        all
          .slice(0, -1)
          .map((one) => one.key)
          .toSorted(),
      );
      expect(await store.evict({ maxEntries: 1, maxBytes: 1_000_000 })).toBe(1_201);
      expect(await store.deleteOld({ now: 20_000 })).toBe(1);
    });

    it('treats names as data', async () => {
      const odd = entry('a', { tenant: "x'; DROP TABLE entries; --", model: '__proto__' });
      await store.putMany([odd]);
      expect((await store.get(odd.key))?.tenant).toBe(odd.tenant);
      expect(Object.keys((await store.stats()).byModel)).toEqual(['__proto__']);
    });

    it.runIf(subject.connectAgain !== undefined)(
      'tells when somebody else changed the data, and only then',
      async () => {
        if (store.changeToken === undefined) return;
        const other = (await subject.connectAgain?.()) as CacheStore;
        const before = store.changeToken();
        await store.putMany([entry('a')]);
        expect(store.changeToken()).toBe(before);
        await other.putMany([entry('b')]);
        expect(store.changeToken()).not.toBe(before);
        expect(await names()).toEqual(['a', 'b']);
        await other.close();
      },
    );
  });
}
