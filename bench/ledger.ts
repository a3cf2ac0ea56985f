// Measures the ledger: what a record costs the thread that serves requests, and how long reports take
// over a table of many rows. Run: node bench/ledger.ts [rows]
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LedgerStore, UsageRecord } from '../src/contract/index.ts';
import { createLedger } from '../src/ledger/index.ts';
import { createLedgerWriter, createSqliteLedgerStore } from '../src/stores/index.ts';
import { type Figure, median, publish } from './harness.ts';

const MODELS = ['gpt-4o', 'gpt-4o-mini', 'claude-opus-4.6', 'gemini-2.5-pro'];
const HOUR = 3_600_000;
const DAYS = 60;
const onEvent = (event: { readonly message: string }): void => console.error(event.message);

function record(i: number, time: number): UsageRecord {
  const isHit = i % 5 === 0;
  return {
    id: time.toString(36).padStart(9, '0') + i.toString(36).padStart(12, '0'),
    time,
    tenant: `tenant-${i % 4}`,
    session: i % 3 === 0 ? null : `session-${i % 500}`,
    wire: 'openai-chat',
    provider: 'openai',
    model: MODELS[i % MODELS.length] as string,
    isStream: i % 2 === 0,
    status: 200,
    errorCode: null,
    cacheOutcome: isHit ? 'hit' : 'miss',
    usage: {
      inputTokens: isHit ? 0 : 1200 + (i % 1000),
      outputTokens: isHit ? 0 : 300 + (i % 77),
      cacheReadTokens: 0,
      cacheWriteTokens: 0,
      cacheWrite1hTokens: 0,
      reasoningTokens: 0,
    },
    usageBasis: 'reported',
    costUsd: isHit ? 0 : 0.00123 + (i % 1000) * 1e-6,
    netTokens: isHit ? 1500 : 0,
    netCostUsd: isHit ? 0.00123 : 0,
    latencyMs: 100 + (i % 900),
    firstTokenMs: 50,
    tags: i % 2 === 0 ? { team: 'a' } : {},
    measurements: isHit
      ? [
          {
            stage: 'exact-cache',
            mode: 'on',
            tokensBefore: 1500,
            tokensAfter: 0,
            overhead: 0,
            basis: 'reported',
            netCostUsd: 0.00123,
          },
        ]
      : [],
  };
}

const TICKS = 400;
const PER_TICK = 80;
const ROUNDS = 5;
const BATCH = 5000;

/** A tick every 4 ms, as requests would come, and what the calling thread spent in all, in microseconds. */
async function ticking(onTick: (tick: number) => void): Promise<number> {
  const cpu = process.threadCpuUsage();
  for (let tick = 0; tick < TICKS; tick++) {
    onTick(tick);
    await new Promise((resolve) => setTimeout(resolve, 4));
  }
  const used = process.threadCpuUsage(cpu);
  return used.user + used.system;
}

/** Microseconds that one record costs the calling thread: in `append` alone, and with all that follows. */
async function costOf(store: LedgerStore): Promise<{ append: number; all: number }> {
  const ledger = createLedger({ store, onEvent });
  const records = Array.from({ length: TICKS * PER_TICK }, (_, i) => record(i, Date.now()));
  const idle = await ticking(() => {});
  let appendMs = 0;
  const busy = await ticking((tick) => {
    const startedAt = performance.now();
    for (let i = 0; i < PER_TICK; i++) ledger.append(records[tick * PER_TICK + i] as UsageRecord);
    appendMs += performance.now() - startedAt;
  });
  await ledger.close();
  return { append: (appendMs * 1000) / records.length, all: (busy - idle) / records.length };
}

async function requestPath(folder: string): Promise<Figure[]> {
  const rounds: { append: number; thread: number; main: number }[] = [];
  for (let round = 0; round <= ROUNDS; round++) {
    const writer = createLedgerWriter({ path: join(folder, `thread-${round}.db`), onEvent });
    await writer.ready();
    const thread = await costOf(writer);
    const main = await costOf(createSqliteLedgerStore({ path: join(folder, `main-${round}.db`), onEvent }));
    // The first round only warms everything up.
    if (round > 0) rounds.push({ append: thread.append, thread: thread.all, main: main.all });
  }
  const note = `${PER_TICK * 250} records a second, batches every 25 ms; CPU of the calling thread, idle loop subtracted`;
  return [
    {
      name: 'append alone',
      target: { atMost: 2 },
      reached: median(rounds.map((round) => round.append)),
      unit: 'us/record',
    },
    {
      name: 'calling thread in all, writing in a thread',
      target: { atMost: 2 },
      reached: median(rounds.map((round) => round.thread)),
      unit: 'us/record',
      note,
    },
    {
      name: 'calling thread in all, writing itself',
      reached: median(rounds.map((round) => round.main)),
      unit: 'us/record',
      note: 'the choice not taken',
    },
    {
      name: 'writing itself / in a thread',
      target: { atLeast: 3 },
      reached: median(rounds.map((round) => round.main / round.thread)),
      unit: 'x',
    },
  ];
}

function largeTable(folder: string, rows: number): Figure[] {
  const path = join(folder, 'large.db');
  const store = createSqliteLedgerStore({ path, onEvent });
  const end = Math.floor(Date.now() / HOUR) * HOUR;
  const start = end - DAYS * 24 * HOUR;
  const startedAt = performance.now();
  for (let done = 0; done < rows; done += BATCH) {
    const count = Math.min(BATCH, rows - done);
    const timeOf = (i: number): number => start + Math.floor((i / rows) * (end - start));
    store.append(Array.from({ length: count }, (_, i) => record(done + i, timeOf(done + i))));
    if (done % 1_000_000 === 0) process.stderr.write(`${done} of ${rows} rows\n`);
  }
  const appendUs = ((performance.now() - startedAt) * 1000) / rows;
  const timeOf = (read: () => unknown): number => {
    const from = performance.now();
    read();
    return performance.now() - from;
  };
  const periods = [1, 24, 24 * 7, 24 * 30, 24 * DAYS, 24 * 3650].map((hours) => {
    // Ragged edges, so that minutes, hours and days all take part.
    const query = { from: end - hours * HOUR + 17 * 60_000 + 1, to: end - 7 * 60_000 };
    return { hours, ms: timeOf(() => store.sums(query)) };
  });
  const sums = store.sums({ from: 0, to: end + HOUR });
  const counted = sums.models.reduce((sum, model) => sum + model.requests, 0);
  const pageMs = timeOf(() => store.records({ from: 0, to: end + HOUR, limit: 100 }));
  store.close();
  return [
    {
      name: 'records in the table',
      target: { atLeast: rows, atMost: rows },
      reached: counted,
      unit: 'records',
    },
    {
      name: 'slowest sums',
      target: { atMost: 1000 },
      reached: Math.max(...periods.map((period) => period.ms)),
      unit: 'ms',
      note: periods.map(({ hours, ms }) => `${hours} h: ${ms.toFixed(1)} ms`).join(', '),
    },
    { name: 'newest 100 records', reached: pageMs, unit: 'ms' },
    { name: 'append in large batches', reached: appendUs, unit: 'us/record', note: `over ${DAYS} days` },
    { name: 'file', reached: statSync(path).size / rows, unit: 'bytes/record' },
  ];
}

const folder = mkdtempSync(join(tmpdir(), 'pare-bench-ledger-'));
try {
  const figures = [
    ...(await requestPath(folder)),
    ...largeTable(folder, Number(process.argv[2] ?? 10_000_000)),
  ];
  if (!publish('ledger', figures)) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
