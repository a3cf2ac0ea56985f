import { describe, expect, it } from 'vitest';
import { NO_USAGE } from '../contract/index.ts';
import { Front, type FrontItem } from './stored-response.ts';

/** An item that counts 2000 bytes of body and what every item costs besides. */
function item(bytes = 1_000): FrontItem {
  const entry = {
    key: '',
    tenant: 't',
    wire: 'openai-chat',
    model: 'm',
    body: new Uint8Array(bytes),
    usage: NO_USAGE,
    usageBasis: 'exact',
    costUsd: null,
    createdAt: 0,
    expiresAt: 1,
    hits: 0,
    lastHitAt: null,
  } as const;
  const response = {
    ...entry,
    id: '',
    finish: 'complete',
    text: '',
    toolCalls: [],
    bytes: entry.body,
  } as const;
  return { entry, response };
}

const ITEM = 2_800;

describe('the front', () => {
  it('drops the oldest that was not used, beyond its bytes (INV-S4)', () => {
    const front = new Front(5 * ITEM);
    for (const key of ['a', 'b', 'c', 'd', 'e']) front.set(key, item());
    expect(front.get('a')).toBeDefined();
    front.set('f', item());
    expect(['a', 'b', 'c', 'd', 'e', 'f'].filter((key) => front.get(key) !== undefined)).toEqual([
      'a',
      'c',
      'd',
      'e',
      'f',
    ]);
  });

  it('stays within its bytes when everything was used (INV-S4)', () => {
    const front = new Front(5 * ITEM);
    const keys = Array.from({ length: 50 }, (_, i) => `key ${i}`);
    for (const key of keys) {
      front.set(key, item());
      for (const seen of keys) front.get(seen);
    }
    expect(keys.filter((key) => front.get(key) !== undefined)).toHaveLength(5);
    expect(front.get('key 49')).toBeDefined();
  });

  it('holds exactly as much as it may, and keeps out what is larger than a quarter (INV-C9)', () => {
    const exact = new Front(4 * ITEM);
    for (const key of ['a', 'b', 'c', 'd']) exact.set(key, item());
    expect(exact.get('a')).toBeDefined();
    exact.set('large', item(1_001));
    expect([exact.get('large'), exact.get('a') === undefined]).toEqual([undefined, false]);
  });

  it('replaces an item and forgets all when cleared', () => {
    const front = new Front(4 * ITEM);
    const second = item();
    front.set('a', item());
    front.set('a', second);
    expect(front.get('a')).toBe(second);
    front.clear();
    expect(front.get('a')).toBeUndefined();
  });
});
