import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PareEvent } from '../../contract/index.ts';
import { ledgerStoreConformance } from '../../testing/conformance/ledger-store.ts';
import { usageRecord } from '../../testing/fixtures/usage-record.ts';
import { createSqliteLedgerStore, type SqliteLedgerStore } from './sqlite-ledger-store.ts';

const MINUTE = 60_000;
const HOUR = 3_600_000;
const DAY = 86_400_000;
const ALWAYS = { from: 0, to: Number.MAX_SAFE_INTEGER };

let folder: string;
let events: PareEvent[];
const opened: SqliteLedgerStore[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pare-ledger-'));
  events = [];
});
afterEach(() => {
  for (const store of opened.splice(0)) store.close();
  rmSync(folder, { recursive: true, force: true });
});

function open(options: { readonly path?: string; readonly now?: () => number } = {}): SqliteLedgerStore {
  const store = createSqliteLedgerStore({
    path: join(folder, 'ledger.db'),
    onEvent: (event) => events.push(event),
    ...options,
  });
  opened.push(store);
  return store;
}

ledgerStoreConformance('sqlite', (now) =>
  createSqliteLedgerStore({ path: ':memory:', onEvent: () => {}, now }),
);

/** Rows in a table of the file, seen from outside. */
function rowsOf(sql: string): Record<string, unknown>[] {
  const db = new DatabaseSync(join(folder, 'ledger.db'), { readOnly: true });
  try {
    return db.prepare(sql).all();
  } finally {
    db.close();
  }
}

describe('the age of sums', () => {
  const now = Date.UTC(2026, 10, 20, 12, 30);
  const requests = (store: SqliteLedgerStore, from: number, to: number): number =>
    store.sums({ from, to }).models.reduce((sum, model) => sum + model.requests, 0);

  it('minutes older than 8 days and hours older than 400 are forgotten; edges there are rounded outwards', () => {
    const clock = { now };
    const store = open({ now: () => clock.now });
    const times = [now, now - 7 * DAY, now - 20 * DAY, now - 300 * DAY, now - 500 * DAY];
    store.append(times.map((time, i) => usageRecord(`r${i}`, { time })));
    expect(
      rowsOf('SELECT level, count(*) AS n FROM model_sums GROUP BY level').map((row) => row['n']),
    ).toEqual([2, 4, 5]);
    expect(requests(store, now - 7 * DAY + MINUTE, now)).toBe(0);
    expect(requests(store, now - 7 * DAY, now - 7 * DAY + MINUTE)).toBe(1);
    // 12:30 is within the hour from 12:00; of that day, minutes are gone.
    expect(requests(store, now - 20 * DAY + 10 * MINUTE, now - 20 * DAY + 20 * MINUTE)).toBe(1);
    expect(requests(store, now - 20 * DAY + HOUR, now - 20 * DAY + 2 * HOUR)).toBe(0);
    expect(requests(store, now - 500 * DAY - 5 * HOUR, now - 500 * DAY - 4 * HOUR)).toBe(1);
    expect(requests(store, 0, now + HOUR)).toBe(5);

    clock.now = now + 2 * DAY;
    store.append([usageRecord('later', { time: clock.now })]);
    expect(rowsOf('SELECT count(*) AS n FROM model_sums WHERE level = 0')[0]?.['n']).toBe(2);
    expect(requests(store, 0, clock.now + HOUR)).toBe(6);
  });

  it('a late record of a forgotten minute still counts in its hour and day', () => {
    const store = open({ now: () => now });
    store.append([usageRecord('now', { time: now })]);
    store.append([usageRecord('late', { time: now - 30 * DAY })]);
    expect(requests(store, now - 30 * DAY - HOUR, now - 30 * DAY + HOUR)).toBe(1);
  });
});

describe('names without end', () => {
  it('beyond 2,000 models share one row of sums, and their records keep them (INV-S4)', () => {
    const store = open();
    const records = Array.from({ length: 2105 }, (_, i) => usageRecord(`r${i}`, { model: `model-${i}` }));
    store.append(records.slice(0, 1500));
    store.append(records.slice(1500));
    const { models } = open().sums(ALWAYS);
    expect(models).toHaveLength(2001);
    expect(models.find((model) => model.model === '(other)')?.requests).toBe(105);
    const [newest] = store.records({ ...ALWAYS, limit: 3000 }).filter((record) => record.id === 'r2104');
    expect(newest?.model).toBe('model-2104');
  });
});

describe('failures', () => {
  it('leave nothing of a batch behind, and names are not taken from it', () => {
    const store = open();
    const broken = { ...usageRecord('bad'), latencyMs: Symbol('no number') as unknown as number };
    const batch = [usageRecord('a', { tenant: 'new', model: 'new' }), broken];
    expect(() => store.append(batch)).toThrowError(expect.objectContaining({ code: 'store_failed' }));
    expect(store.records({ ...ALWAYS, limit: 10 })).toEqual([]);
    expect(store.sums(ALWAYS).models).toEqual([]);
    store.append([usageRecord('b', { tenant: 'other', model: 'new' })]);
    expect(store.sums({ ...ALWAYS, tenant: 'other' }).models[0]).toMatchObject({ model: 'new', requests: 1 });
    expect(store.sums({ ...ALWAYS, tenant: 'new' }).models).toEqual([]);
  });

  it('of odd numbers do not spoil the sums', () => {
    const store = open();
    const odd = { time: Number.NaN, latencyMs: Number.NaN, costUsd: Number.POSITIVE_INFINITY };
    store.append([usageRecord('odd', odd), usageRecord('even', { costUsd: 0.5, latencyMs: 10 })]);
    const totals = store.sums(ALWAYS).models[0];
    expect([totals?.requests, totals?.costUsd, totals?.latencyMs]).toEqual([2, 0.5, 10]);
  });

  it('of a lock held by another process are `store_busy`, and nothing is half written', () => {
    const store = open();
    store.append([usageRecord('a')]);
    const other = new DatabaseSync(join(folder, 'ledger.db'));
    other.exec('BEGIN IMMEDIATE');
    expect(() => store.append([usageRecord('b')])).toThrowError(
      expect.objectContaining({ code: 'store_busy' }),
    );
    other.exec('ROLLBACK');
    other.close();
    store.append([usageRecord('b')]);
    expect(store.sums(ALWAYS).models[0]?.requests).toBe(2);
  });

  it('of the file are survived: it is set aside and the batch goes into a new one (INV-S5)', () => {
    const path = join(folder, 'ledger.db');
    const first = open();
    first.append(Array.from({ length: 2000 }, (_, i) => usageRecord(`r${i}`)));
    first.close();
    const bytes = readFileSync(path);
    writeFileSync(path, Buffer.concat([bytes.subarray(0, 8192), Buffer.alloc(bytes.length - 8192, 0xee)]));
    const store = open();
    store.append([usageRecord('new')]);
    expect(store.sums(ALWAYS).models[0]?.requests).toBe(1);
    expect(events.map((event) => event.code)).toEqual(['store_set_aside']);
  });
});

it('two stores on one file see each other and agree on names', () => {
  const [one, two] = [open(), open()];
  const first = usageRecord('a', { model: 'x' });
  one.append([first]);
  two.append([usageRecord('b', { model: 'y' }), first]);
  one.append([usageRecord('c', { model: 'y' })]);
  const requests = two.sums(ALWAYS).models.map((model) => [model.model, model.requests]);
  expect(Object.fromEntries(requests)).toEqual({ x: 1, y: 2 });
});
