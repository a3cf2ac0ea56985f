import { describe, expect, it } from 'vitest';
import {
  isPareError,
  type LedgerStore,
  type PareEvent,
  StoreError,
  type UsageRecord,
} from '../contract/index.ts';
import { createSqliteLedgerStore } from '../stores/index.ts';
import { usageRecord } from '../testing/fixtures/usage-record.ts';
import { createLedger, type LedgerOptions } from './index.ts';

const ALWAYS = { from: 0, to: Number.MAX_SAFE_INTEGER };

/** A real store in memory whose writes fail while `failure` is set. */
function setUp(more: Partial<LedgerOptions> = {}) {
  const events: PareEvent[] = [];
  const onEvent = (event: PareEvent): void => void events.push(event);
  const kept = createSqliteLedgerStore({ path: ':memory:', onEvent });
  const state: { failure: Error | undefined; batches: string[][]; isClosed: boolean } = {
    failure: undefined,
    batches: [],
    isClosed: false,
  };
  const store: LedgerStore = {
    append: (records) => {
      if (state.failure !== undefined) throw state.failure;
      state.batches.push(records.map((record) => record.id));
      kept.append(records);
    },
    sums: (query) => kept.sums(query),
    records: (query) => kept.records(query),
    deleteBefore: (time) => kept.deleteBefore(time),
    close: () => {
      state.isClosed = true;
      kept.close();
    },
  };
  const ledger = createLedger({ store, onEvent, flushMs: 5, retryMs: 5, maxRetryMs: 20, ...more });
  return { ledger, state, events, codes: () => events.map((event) => event.code) };
}

function many(count: number, from = 0): UsageRecord[] {
  return Array.from({ length: count }, (_, i) => usageRecord(`r${from + i}`));
}

async function until(isDone: () => boolean): Promise<void> {
  while (!isDone()) await new Promise((resolve) => setTimeout(resolve, 2));
}

const FULL = new StoreError('store_full', 'The ledger store cannot grow.');

describe('append', () => {
  it('is committed soon without being asked, in order, in one batch', async () => {
    const { ledger, state } = setUp();
    const { append } = ledger;
    for (const record of many(10)) append(record);
    expect(state.batches).toEqual([]);
    await until(() => state.batches.length > 0);
    expect(state.batches).toEqual([many(10).map((record) => record.id)]);
    await ledger.close();
  });

  it('writes at most `maxBatch` records at once', async () => {
    const { ledger, state } = setUp({ maxBatch: 4, flushMs: 1000 });
    for (const record of many(10)) ledger.append(record);
    await ledger.flush();
    expect(state.batches.map((batch) => batch.length)).toEqual([4, 4, 2]);
    expect(state.batches.flat()).toEqual(many(10).map((record) => record.id));
    await ledger.close();
  });

  it('does not wait for the timer once a batch is full', async () => {
    const { ledger, state } = setUp({ maxBatch: 4, flushMs: 60_000 });
    for (const record of many(4)) ledger.append(record);
    await until(() => state.batches.length === 1);
    expect(state.batches[0]).toHaveLength(4);
    await ledger.close();
  });

  it('keeps records while the store fails, reports one episode, and writes them once it works', async () => {
    const { ledger, state, codes, events } = setUp();
    state.failure = FULL;
    ledger.append(usageRecord('first'));
    await until(() => codes().length > 0);
    ledger.append(usageRecord('second'));
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(codes()).toEqual(['ledger_write_failed']);
    expect(events[0]?.details).toEqual({ error_code: 'store_full', waiting: 1 });
    state.failure = undefined;
    await until(() => state.batches.length > 0);
    await ledger.flush();
    expect(state.batches.flat()).toEqual(['first', 'second']);
    expect(codes()).toEqual(['ledger_write_failed', 'ledger_recovered']);
    state.failure = FULL;
    ledger.append(usageRecord('third'));
    await expect(ledger.flush()).rejects.toMatchObject({ code: 'store_full' });
    expect(codes().at(-1)).toBe('ledger_write_failed');
    state.failure = undefined;
    await ledger.close();
    expect(state.batches.flat()).toEqual(['first', 'second', 'third']);
  });

  it.each([10, 1000])('drops the oldest beyond %i queued records and counts them (INV-S4)', async (bound) => {
    const { ledger, state, events, codes } = setUp({ maxQueued: bound });
    state.failure = FULL;
    for (const record of many(bound + 5)) ledger.append(record);
    await until(() => codes().includes('ledger_records_dropped'));
    state.failure = undefined;
    await until(() => codes().includes('ledger_recovered'));
    const written = state.batches.flat();
    const dropped = bound + 5 - written.length;
    expect(dropped).toBeGreaterThanOrEqual(5);
    expect(dropped).toBeLessThanOrEqual(5 + bound * 0.01);
    expect(written).toEqual(many(written.length, dropped).map((record) => record.id));
    const count = (code: string): unknown => {
      const details = events.find((event) => event.code === code)?.details;
      return details?.['records'] ?? details?.['dropped'];
    };
    expect([count('ledger_records_dropped'), count('ledger_recovered')]).toEqual([dropped, dropped]);
    await ledger.close();
  });

  it('says how many records are lost when it is closed over a failing store', async () => {
    const { ledger, state, events } = setUp();
    state.failure = new Error('no such disk');
    for (const record of many(3)) ledger.append(record);
    await ledger.close();
    await ledger.close();
    expect(state.isClosed).toBe(true);
    expect(events.at(-1)).toMatchObject({ code: 'ledger_records_lost', details: { records: 3 } });
    ledger.append(usageRecord('late'));
    expect(events.at(-1)).toMatchObject({ code: 'ledger_records_lost', details: { records: 1 } });
    await ledger.flush();
  });
});

describe('reading', () => {
  it('sees what was appended just before', async () => {
    const { ledger } = setUp({ flushMs: 60_000 });
    ledger.append(usageRecord('a'));
    expect((await ledger.summary(ALWAYS)).models[0]?.requests).toBe(1);
    ledger.append(usageRecord('b'));
    expect(await ledger.records({ ...ALWAYS, limit: 10 })).toHaveLength(2);
    await ledger.close();
  });

  it('still answers from what is committed while the store cannot be written', async () => {
    const { ledger, state } = setUp();
    ledger.append(usageRecord('a'));
    await ledger.flush();
    state.failure = FULL;
    ledger.append(usageRecord('b'));
    expect((await ledger.summary(ALWAYS)).models[0]?.requests).toBe(1);
    state.failure = undefined;
    await ledger.close();
  });

  it('covers the hours asked for, and only the tenant asked for', async () => {
    const now = Date.UTC(2026, 10, 20, 12, 0, 0);
    const { ledger } = setUp({ now: () => now });
    const hour = 3_600_000;
    for (const [i, age] of [0.5, 1.5, 30].entries()) {
      ledger.append(usageRecord(`r${i}`, { time: now - age * hour, tenant: i === 0 ? 'a' : 'b' }));
    }
    const requests = async (options: Parameters<typeof ledger.report>[0]) =>
      (await ledger.report(options)).metrics.total_requests;
    expect(await requests({ hours: 1 })).toBe(1);
    expect(await requests({})).toBe(2);
    expect(await requests({ hours: 48 })).toBe(3);
    expect(await requests({ hours: 1e9 })).toBe(3);
    expect(await requests({ hours: 48, tenant: 'b' })).toBe(2);
    expect((await ledger.rankings({ hours: 1 })).period_hours).toBe(1);
    await ledger.close();
  });

  it('deletes old records and keeps their sums', async () => {
    const { ledger } = setUp();
    ledger.append(usageRecord('old', { time: Date.now() - 3_600_000 }));
    expect(await ledger.deleteBefore(Date.now())).toBe(1);
    expect((await ledger.report()).metrics.total_requests).toBe(1);
    await ledger.close();
  });

  it('fails with a stable code once closed', async () => {
    const { ledger } = setUp();
    await ledger.close();
    const error = await ledger.summary(ALWAYS).catch((reason: unknown) => reason);
    expect(isPareError(error, 'store_closed')).toBe(true);
  });
});
