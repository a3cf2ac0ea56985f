import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { sha256Hex } from '../../support/index.ts';
import { fingerprintsOf } from './key-filter.ts';
import { KnownKeys } from './known-keys.ts';
import type { KeyPage } from './sqlite-cache-store.ts';

const key = (name: string | number) => sha256Hex(String(name));

/** A store of keys that answers as late as the test wants. */
class Stored {
  readonly keys = new Set<string>();
  reads = 0;
  onRead: () => Promise<void> = () => Promise.resolve();
  builds = 0;

  readonly known = new KnownKeys({
    readKeys: (after, limit) => this.#read(after, limit),
    onBuild: () => void this.builds++,
  });

  async #read(after: number, limit: number): Promise<KeyPage> {
    this.reads++;
    const page = [...this.keys].slice(after, after + limit);
    const last = page.length < limit ? undefined : after + limit;
    await this.onRead();
    return {
      fingerprints: fingerprintsOf(page),
      total: this.keys.size,
      ...(last === undefined ? {} : { last }),
    };
  }

  put(name: string | number): void {
    this.known.add(key(name));
    this.keys.add(key(name));
  }
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('the known keys', () => {
  it('may have everything until the first keys were read, then what is stored and added', async () => {
    const stored = new Stored();
    for (let i = 0; i < 10_000; i++) stored.keys.add(key(i));
    expect(stored.known.mayHave(key('absent'))).toBe(true);
    stored.put('first');
    expect(stored.known.mayHave(key('absent'))).toBe(true);
    expect(stored.reads).toBe(0);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(stored.builds).toBe(1);
    expect(stored.reads).toBe(4);
    expect(stored.known.mayHave(key('absent'))).toBe(false);
    stored.put('last');
    for (const name of [0, 4_095, 4_096, 9_999, 'first', 'last'])
      expect(stored.known.mayHave(key(name))).toBe(true);
  });

  it('has a key that was added while it was being built, behind the reading', async () => {
    const stored = new Stored();
    for (let i = 0; i < 5_000; i++) stored.keys.add(key(i));
    let late = 0;
    stored.onRead = () => {
      stored.put(`late ${late++}`);
      return Promise.resolve();
    };
    stored.put('first');
    await vi.advanceTimersByTimeAsync(1_000);
    expect(stored.known.mayHave(key('absent'))).toBe(false);
    expect(late).toBeGreaterThan(2);
    for (let i = 0; i < late; i++) expect(stored.known.mayHave(key(`late ${i}`))).toBe(true);
  });

  it('trusts nothing after a change by others until it was rested and built anew', async () => {
    const stored = new Stored();
    stored.put('first');
    await vi.advanceTimersByTimeAsync(1_000);
    stored.keys.add(key('theirs'));
    stored.known.invalidate();
    expect(stored.known.mayHave(key('theirs'))).toBe(true);
    await vi.advanceTimersByTimeAsync(900);
    stored.known.invalidate();
    await vi.advanceTimersByTimeAsync(900);
    expect(stored.builds).toBe(1);
    await vi.advanceTimersByTimeAsync(100);
    expect(stored.builds).toBe(2);
    expect([stored.known.mayHave(key('theirs')), stored.known.mayHave(key('absent'))]).toEqual([true, false]);
  });

  it('drops what it was building when others change the store meanwhile', async () => {
    const stored = new Stored();
    let isChanging = true;
    stored.onRead = () => {
      if (isChanging && stored.reads === 2) stored.known.invalidate();
      return Promise.resolve();
    };
    stored.put('first');
    await vi.advanceTimersByTimeAsync(500);
    expect(stored.known.mayHave(key('absent'))).toBe(true);
    isChanging = false;
    await vi.advanceTimersByTimeAsync(1_000);
    expect(stored.known.mayHave(key('absent'))).toBe(false);
  });

  it('forgets what was deleted when it is full, and errs no more than before (INV-S4)', async () => {
    const stored = new Stored();
    stored.put('deleted');
    await vi.advanceTimersByTimeAsync(1_000);
    stored.keys.delete(key('deleted'));
    expect(stored.known.mayHave(key('deleted'))).toBe(true);
    for (let i = 0; i < 132_000; i++) stored.put(i);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(stored.builds).toBe(2);
    expect([stored.known.mayHave(key('deleted')), stored.known.mayHave(key(131_999))]).toEqual([false, true]);
  });

  it('tries again after keys could not be read, and ends with the store', async () => {
    const stored = new Stored();
    let isBroken = true;
    stored.onRead = () => (isBroken ? Promise.reject(new Error('gone')) : Promise.resolve());
    stored.put('first');
    await vi.advanceTimersByTimeAsync(500);
    expect(stored.known.mayHave(key('absent'))).toBe(true);
    isBroken = false;
    await vi.advanceTimersByTimeAsync(1_000);
    expect(stored.known.mayHave(key('absent'))).toBe(false);
    stored.known.invalidate();
    stored.known.close();
    await vi.advanceTimersByTimeAsync(100_000);
    expect(stored.builds).toBe(2);
    expect(vi.getTimerCount()).toBe(0);
  });
});
