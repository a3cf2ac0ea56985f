import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PareEvent } from '../../contract/index.ts';
import { anyRecord } from '../../testing/conformance/ledger-fold.ts';
import { ledgerStoreConformance } from '../../testing/conformance/ledger-store.ts';
import { usageRecord } from '../../testing/fixtures/usage-record.ts';
import { decodeBatch, encodeBatch } from './ledger-batch.ts';
import { createLedgerWriter, type LedgerWriter } from './ledger-writer.ts';
import { createSqliteLedgerStore } from './sqlite-ledger-store.ts';

const ALWAYS = { from: 0, to: Number.MAX_SAFE_INTEGER };

let folder: string;
const opened: LedgerWriter[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pare-ledger-'));
});
afterEach(async () => {
  for (const writer of opened.splice(0)) await writer.close();
  rmSync(folder, { recursive: true, force: true });
});

function open(path: string, events: PareEvent[] = []): LedgerWriter {
  const writer = createLedgerWriter({ path, onEvent: (event) => events.push(event) });
  opened.push(writer);
  return writer;
}

ledgerStoreConformance('sqlite in threads', () => open(join(folder, `${opened.length}.db`)), 1);

describe('a packed batch', () => {
  it('unpacks to the records that were packed', () => {
    fc.assert(
      fc.property(fc.array(anyRecord), (records) => {
        expect(decodeBatch(encodeBatch(records))).toEqual(records);
      }),
    );
  });

  it('keeps texts of any content and length apart', () => {
    const odd = ['', '\u0000', '\u{1f600}', '{"a":1}', 'é'.repeat(300)];
    const records = odd.flatMap((text, i) => [
      usageRecord(`${text}#${i}`, { session: text, tenant: text, errorCode: text, tags: { [text]: text } }),
      usageRecord(`plain#${i}`),
    ]);
    expect(decodeBatch(encodeBatch(records))).toEqual(records);
  });
});

describe('the ledger writer', () => {
  it('reads what is kept in memory alone, where there is no file to share', async () => {
    const writer = open(':memory:');
    await writer.append([usageRecord('a')]);
    expect((await writer.sums(ALWAYS)).models[0]?.requests).toBe(1);
    expect(await writer.records({ ...ALWAYS, limit: 5 })).toHaveLength(1);
    expect(await writer.deleteBefore(Date.now() + 1000)).toBe(1);
  });

  it('keeps the order of batches that were not awaited', async () => {
    const writer = open(join(folder, 'ledger.db'));
    const batches = Array.from({ length: 20 }, (_, i) => [usageRecord(`r${i}`, { tenant: `t${i}` })]);
    await Promise.all(batches.map(async (batch) => writer.append(batch)));
    const db = createSqliteLedgerStore({ path: join(folder, 'ledger.db'), onEvent: () => {} });
    expect(db.sums(ALWAYS).models[0]?.requests).toBe(20);
    db.close();
  });

  it('reads from a file that replaced a damaged one, and reports the damage once (INV-S5)', async () => {
    const path = join(folder, 'ledger.db');
    writeFileSync(path, Buffer.from('no database '.repeat(2000)));
    const events: PareEvent[] = [];
    const writer = open(path, events);
    await writer.append([usageRecord('a')]);
    expect((await writer.sums(ALWAYS)).models[0]?.requests).toBe(1);
    expect(events.map((event) => event.code)).toEqual(['store_set_aside']);
  });

  it('rejects with a stable code when the path cannot be used, and when it is closed', async () => {
    const writer = open(join(folder, 'file', 'ledger.db'));
    writeFileSync(join(folder, 'file'), '');
    await expect(writer.append([usageRecord('a')])).rejects.toMatchObject({ code: 'store_unavailable' });
    const closed = open(join(folder, 'other.db'));
    await closed.close();
    await expect(closed.append([usageRecord('a')])).rejects.toMatchObject({ code: 'store_closed' });
  });

  it('lets the process end by itself when nothing is pending', async () => {
    const child = spawnModule(`
      const writer = createLedgerWriter({ path: process.argv[1], onEvent: () => {} });
      await writer.append([usageRecord('a')]);
    `);
    const [code] = await once(child, 'exit');
    expect(code).toBe(0);
    expect(await countIn('ledger.db')).toBe(1);
  });

  it('keeps the records of two processes that write one file at the same time', async () => {
    const children = ['a', 'b'].map((name) =>
      spawnModule(`
        const writer = createLedgerWriter({ path: process.argv[1], onEvent: () => {} });
        for (let batch = 0; batch < 50; batch++) {
          const records = Array.from({ length: 20 }, (_, i) =>
            usageRecord('${name}-' + batch + '-' + i, { tenant: 't' + (i % 3), model: '${name}' + (batch % 5) }));
          for (;;) {
            const error = await writer.append(records).then(() => undefined, (reason) => reason);
            if (error === undefined) break;
            if (error.code !== 'store_busy') throw error;
          }
        }
        await writer.close();
      `),
    );
    const codes = await Promise.all(children.map(async (child) => (await once(child, 'exit'))[0]));
    expect(codes).toEqual([0, 0]);
    expect(await countIn('ledger.db')).toBe(2000);
  });
});

async function countIn(name: string): Promise<number> {
  const store = createSqliteLedgerStore({ path: join(folder, name), onEvent: () => {} });
  try {
    return store.sums(ALWAYS).models.reduce((sum, model) => sum + model.requests, 0);
  } finally {
    store.close();
  }
}

/** Runs a module in its own process, with the writer and a record maker in scope. */
function spawnModule(code: string) {
  const url = (path: string): string => JSON.stringify(new URL(path, import.meta.url).href);
  const file = fileURLToPath(new URL('../../..', import.meta.url));
  const source = `
    import { createLedgerWriter } from ${url('./ledger-writer.ts')};
    const { usageRecord } = await import(${url('../../testing/fixtures/usage-record.ts')});
    ${code}`;
  return spawn(process.execPath, ['--input-type=module', '--eval', source, join(folder, 'ledger.db')], {
    cwd: file,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}
