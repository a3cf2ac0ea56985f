import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Embedder, embedderKey, type SemanticEntry } from '../../contract/index.ts';
import { cacheEmbeddings, EmbeddingError } from '../../embeddings/index.ts';
import { createSqliteSemanticStore, createVectorIndex } from '../../stores/index.ts';
import { createEventLog, createFakeEmbedder } from '../../testing/index.ts';
import { Entries } from './entries.ts';

const MINUTE_MS = 60_000;

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pare-entries-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function openStore() {
  return createSqliteSemanticStore({ path: join(folder, 'semantic.db'), onEvent: () => undefined });
}

function open(maxEntries: number, embedder: Embedder = createFakeEmbedder()) {
  const log = createEventLog();
  const clock = { now: 1_000_000 };
  const entries = new Entries({
    store: openStore(),
    index: createVectorIndex({ dimensions: embedder.identity.dimensions }),
    embedder,
    onEvent: log.sink,
    now: () => clock.now,
    maxEntries,
    flushMs: 10_000,
  });
  const entryOf = async (id: number): Promise<SemanticEntry> => {
    const text = `text ${id}`;
    return {
      id,
      key: `key-${id}`,
      scopeKey: 'scope',
      tenant: 't',
      model: 'm',
      tags: {},
      text,
      vector: (await embedder.embed([text]))[0] as Float32Array,
      embedder: embedderKey(embedder.identity),
      answerGroup: id,
      createdAt: clock.now,
      expiresAt: clock.now + 60 * MINUTE_MS,
    };
  };
  const add = async (ids: readonly number[]) => {
    for (const id of ids) entries.add(await entryOf(id));
    await entries.flush();
  };
  return { entries, clock, codes: () => log.codes(), add, entryOf };
}

const upTo = (count: number) => Array.from({ length: count }, (_, i) => i + 1);

describe('the entries of the semantic cache', () => {
  it('forget what another process deleted, though nobody asks for it (INV-S4)', async () => {
    const { entries, clock, add, entryOf } = open(1000);
    await add(upTo(40));
    const other = openStore();
    other.delete(upTo(30));
    other.close();
    clock.now += MINUTE_MS;
    const { vector } = await entryOf(35);
    await entries.nearest('scope', vector, 1);
    await entries.ready;
    expect(entries.size).toBe(10);
    expect((await entries.nearest('scope', vector, 1)).map(({ entry }) => entry.id)).toEqual([35]);
    await entries.close();
  });

  it('keep what waits to be written when they forget what others deleted', async () => {
    const { entries, clock, add, entryOf } = open(1000);
    await add(upTo(40));
    const other = openStore();
    other.delete(upTo(40));
    other.close();
    clock.now += MINUTE_MS;
    const waiting = await entryOf(99);
    entries.add(waiting);
    await entries.nearest('scope', waiting.vector, 1);
    await entries.ready;
    expect((await entries.nearest('scope', waiting.vector, 1)).map(({ entry }) => entry.id)).toEqual([99]);
    expect(entries.size).toBe(1);
    await entries.close();
  });

  it('stay within their bound however many come between two writings (INV-S4)', async () => {
    const { entries, add } = open(10);
    await add(upTo(1300));
    expect(entries.size).toBe(10);
    await entries.close();
  });

  it('are embedded anew later where the embedder was down at the start (INV-C10)', async () => {
    const before = open(1000, createFakeEmbedder({ version: '1' }));
    await before.add(upTo(3));
    await before.entries.close();
    let isDown = true;
    const embedder = createFakeEmbedder({
      version: '2',
      before: () => {
        if (isDown) throw new Error('down');
      },
    });
    const { entries, clock, entryOf } = open(1000, embedder);
    await entries.ready;
    expect(entries.size).toBe(0);
    isDown = false;
    const { vector } = await entryOf(2);
    clock.now += MINUTE_MS;
    await entries.nearest('scope', vector, 1);
    await entries.ready;
    expect((await entries.nearest('scope', vector, 1)).map(({ entry }) => entry.id)).toEqual([2]);
    await entries.close();
  });

  it.each([
    [200, ['semantic_texts_refused', 'semantic_texts_refused'], 198],
    [1, ['semantic_texts_refused'], 0],
  ])(
    'are embedded anew but for those whose text the new embedder refuses, and this is said: of %d',
    async (count, told, kept) => {
      const before = open(1000, createFakeEmbedder({ version: '1' }));
      await before.add(upTo(count));
      await before.entries.close();
      const embedder = createFakeEmbedder({
        version: '2',
        before: (texts) => {
          if (texts.some((text) => text === 'text 1' || text === 'text 100'))
            throw new EmbeddingError('embedding_rejected', 'too long', { details: { status: 400 } });
        },
      });
      const { entries, codes } = open(1000, embedder);
      await entries.ready;
      expect(entries.size).toBe(kept);
      expect(codes()).toEqual(told);
      await entries.close();
      const store = openStore();
      expect(store.count()).toBe(kept);
      store.close();
    },
  );

  it.each([
    ['the key is refused', { status: 401 }, 0],
    ['all is refused', { status: 400 }, 0],
    ['it breaks down halfway', { status: 400 }, 20],
  ])('are all kept where %s', async (_, details, answered) => {
    const before = open(1000, createFakeEmbedder({ version: '1' }));
    await before.add(upTo(40));
    await before.entries.close();
    let asked = 0;
    const embedder = createFakeEmbedder({
      version: '2',
      before: (texts) => {
        asked += texts.length === 1 ? 1 : 0;
        if (texts.length > 1 || asked > answered)
          throw new EmbeddingError('embedding_rejected', 'refused', { details });
      },
    });
    const { entries, codes } = open(1000, cacheEmbeddings(embedder));
    await entries.ready;
    expect([entries.size, codes()]).toEqual([0, ['semantic_read_failed']]);
    await entries.close();
    const store = openStore();
    expect(store.foreign(embedderKey(embedder.identity), 100)).toHaveLength(40);
    store.close();
  });

  it('are not taken to and fro by two processes with two embedders, and this is said', async () => {
    const older = open(1000, createFakeEmbedder({ version: '1' }));
    await older.add(upTo(3));
    const newer = open(1000, createFakeEmbedder({ version: '2' }));
    await newer.entries.ready;
    expect(newer.entries.size).toBe(3);
    await older.add([4]);
    const foundBy = async ({ entries, clock, entryOf }: typeof older, id: number) => {
      clock.now += MINUTE_MS;
      const { vector } = await entryOf(id);
      await entries.nearest('scope', vector, 4);
      await entries.ready;
      return (await entries.nearest('scope', vector, 4)).map(({ entry }) => entry.id);
    };
    expect(await foundBy(older, 4)).toEqual([4]);
    expect(await foundBy(newer, 2)).toEqual(expect.arrayContaining([1, 2, 3]));
    expect(await foundBy(newer, 4)).not.toContain(4);
    expect(await foundBy(older, 2)).toEqual([4]);
    for (const { entries, codes } of [older, newer]) {
      expect(codes()).toEqual(['semantic_embedders_differ']);
      await entries.close();
    }
  });
});
