import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { MaybePromise, StateStore } from '../../contract/index.ts';

/** How the suite gets at stores. */
export interface StateStoreSubject {
  /** A new, empty store. */
  create(): MaybePromise<StateStore>;
  /** Another connection to the same data as the store made last; absent when there can be none. */
  connectAgain?(): MaybePromise<StateStore>;
}

/** Registers the tests that every `StateStore` has to pass. */
export function describeStateStore(name: string, subject: StateStoreSubject): void {
  describe(`${name} as a state store`, () => {
    let store: StateStore;
    beforeEach(async () => {
      store = await subject.create();
    });
    afterEach(async () => {
      await store.close();
    });

    it.each(
      [null, 0, '', false, 'é\u0000"', [1, [2]], { a: { b: null }, 'c d': 1.5 }].map((value) => [value]),
    )('returns %j as it was put', async (value) => {
      await store.put('things', 'one', value);
      expect(await store.get('things', 'one')).toEqual(value);
    });

    it('knows nothing of what was not put', async () => {
      await store.put('things', 'one', 1);
      expect(await store.get('things', 'two')).toBeUndefined();
      expect(await store.get('others', 'one')).toBeUndefined();
      expect(await store.list('others')).toEqual([]);
    });

    it('replaces, lists in the order of ids, and deletes once', async () => {
      await store.put('things', 'b', 1);
      await store.put('things', 'a', 2);
      await store.put('things', 'b', 3);
      await store.put('others', 'c', 4);
      expect(await store.list('things')).toEqual([
        { id: 'a', value: 2 },
        { id: 'b', value: 3 },
      ]);
      expect(await store.delete('things', 'a')).toBe(true);
      expect(await store.delete('things', 'a')).toBe(false);
      expect(await store.list('things')).toEqual([{ id: 'b', value: 3 }]);
      expect(await store.get('others', 'c')).toBe(4);
    });

    it('treats names as data', async () => {
      const odd = "x'; DROP TABLE documents; --";
      await store.put(odd, odd, odd);
      expect(await store.list(odd)).toEqual([{ id: odd, value: odd }]);
    });

    it.runIf(subject.connectAgain !== undefined)('shows at once what another connection wrote', async () => {
      const other = (await subject.connectAgain?.()) as StateStore;
      await other.put('things', 'one', 'from there');
      expect(await store.get('things', 'one')).toBe('from there');
      await other.close();
    });
  });
}
