import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { usageRecord } from '../../testing/fixtures/usage-record.ts';
import { createLedgerWriter } from './ledger-writer.ts';
import { createSqliteLedgerStore } from './sqlite-ledger-store.ts';

// The schema of version 1 and what it held, as that version itself wrote them: two records of one minute.
const SCHEMA = `
CREATE TABLE names ( id INTEGER PRIMARY KEY, kind INTEGER NOT NULL, name TEXT NOT NULL, sums_id INTEGER NOT
  NULL, UNIQUE (kind, name) );
CREATE TABLE records (key INTEGER PRIMARY KEY, id TEXT, tenant INTEGER, session TEXT, provider INTEGER,
  model INTEGER, wire INTEGER, is_stream INTEGER, status INTEGER, error INTEGER, outcome INTEGER, reason
  INTEGER, basis INTEGER, input_tokens INTEGER, output_tokens INTEGER, cache_read_tokens INTEGER,
  cache_write_tokens INTEGER, cache_write_1h_tokens INTEGER, reasoning_tokens INTEGER, cost_usd REAL,
  net_tokens INTEGER, net_cost_usd REAL, latency_ms REAL, first_token_ms REAL, tags TEXT, measurements TEXT);
CREATE TABLE model_sums ( level INTEGER, bucket INTEGER, tenant INTEGER, provider INTEGER, model INTEGER,
  requests REAL NOT NULL, failures REAL NOT NULL, aborted REAL NOT NULL, hits REAL NOT NULL, semantic_hits
  REAL NOT NULL, misses REAL NOT NULL, stale REAL NOT NULL, bypassed REAL NOT NULL, input_tokens REAL NOT
  NULL, output_tokens REAL NOT NULL, cache_read_tokens REAL NOT NULL, cache_write_tokens REAL NOT NULL,
  cache_write_1h_tokens REAL NOT NULL, reasoning_tokens REAL NOT NULL, cost_usd REAL NOT NULL,
  unknown_cost_requests REAL NOT NULL, unknown_cost_tokens REAL NOT NULL, latency_ms REAL NOT NULL,
  answered_requests REAL NOT NULL, answered_latency_ms REAL NOT NULL, answered_output_tokens REAL NOT NULL,
  answered_cost_usd REAL NOT NULL, answered_cost_requests REAL NOT NULL, first_token_ms REAL NOT NULL,
  first_token_requests REAL NOT NULL, reported_tokens REAL NOT NULL, exact_tokens REAL NOT NULL,
  calibrated_tokens REAL NOT NULL, estimated_tokens REAL NOT NULL, tokens_before REAL NOT NULL, tokens_after
  REAL NOT NULL, overhead_tokens REAL NOT NULL, net_tokens REAL NOT NULL, net_tokens_squared REAL NOT NULL,
  net_cost_usd REAL NOT NULL, unknown_net_cost_requests REAL NOT NULL, hit_net_tokens REAL NOT NULL,
  hit_net_cost_usd REAL NOT NULL, hit_unknown_cost_requests REAL NOT NULL, PRIMARY KEY (level, bucket, tenant,
  provider, model) ) WITHOUT ROWID;
CREATE TABLE stage_sums ( level INTEGER, bucket INTEGER, tenant INTEGER, stage INTEGER, requests REAL NOT
  NULL, tokens_before REAL NOT NULL, tokens_after REAL NOT NULL, overhead_tokens REAL NOT NULL,
  reported_tokens REAL NOT NULL, exact_tokens REAL NOT NULL, calibrated_tokens REAL NOT NULL, estimated_tokens
  REAL NOT NULL, net_cost_usd REAL NOT NULL, unknown_cost_requests REAL NOT NULL, PRIMARY KEY (level, bucket,
  tenant, stage) ) WITHOUT ROWID;
CREATE TABLE counts ( level INTEGER, bucket INTEGER, tenant INTEGER, name INTEGER, requests REAL NOT NULL,
  PRIMARY KEY (level, bucket, tenant, name) ) WITHOUT ROWID;
CREATE TABLE floors (level INTEGER PRIMARY KEY, bucket INTEGER NOT NULL);
`;
const ROWS = `
INSERT INTO names VALUES (1, 0, 'acme', 1);
INSERT INTO names VALUES (2, 1, 'openai', 2);
INSERT INTO names VALUES (3, 2, 'gpt-4o', 3);
INSERT INTO names VALUES (4, 3, 'upstream_status', 4);
INSERT INTO records VALUES (1880657127014522057, 'first', 1, NULL, 2, 3, 0, 0, 200, NULL, 2, NULL, 0, 100,
  10, 0, 0, 0, 0, 0.25, 0, 0, 1000, 200, NULL, NULL);
INSERT INTO records VALUES (1880657127016029794, 'second', 1, NULL, 2, 3, 0, 0, 500, 4, 4, 11, 0, 100, 10,
  0, 0, 0, 0, 0.25, 0, 0, 1000, 200, '{"team":"a"}', '[[5,0,10,4,1,1,0.5]]');
INSERT INTO model_sums VALUES (0, 29892240, 1, 2, 3, 2, 1, 0, 0, 0, 1, 0, 1, 200, 20, 0, 0, 0, 0, 0.5, 0, 0,
  2000, 1, 1000, 10, 0.25, 1, 400, 2, 220, 0, 0, 0, 10, 4, 1, 0, 0, 0, 0, 0, 0, 0);
INSERT INTO model_sums VALUES (1, 498204, 1, 2, 3, 2, 1, 0, 0, 0, 1, 0, 1, 200, 20, 0, 0, 0, 0, 0.5, 0, 0,
  2000, 1, 1000, 10, 0.25, 1, 400, 2, 220, 0, 0, 0, 10, 4, 1, 0, 0, 0, 0, 0, 0, 0);
INSERT INTO model_sums VALUES (2, 20758, 1, 2, 3, 2, 1, 0, 0, 0, 1, 0, 1, 200, 20, 0, 0, 0, 0, 0.5, 0, 0,
  2000, 1, 1000, 10, 0.25, 1, 400, 2, 220, 0, 0, 0, 10, 4, 1, 0, 0, 0, 0, 0, 0, 0);
INSERT INTO stage_sums VALUES (0, 29892240, 1, 10, 1, 10, 4, 1, 0, 10, 0, 0, 0.5, 0);
INSERT INTO stage_sums VALUES (1, 498204, 1, 10, 1, 10, 4, 1, 0, 10, 0, 0, 0.5, 0);
INSERT INTO stage_sums VALUES (2, 20758, 1, 10, 1, 10, 4, 1, 0, 10, 0, 0, 0.5, 0);
INSERT INTO counts VALUES (0, 29892240, 1, -12, 1);
INSERT INTO counts VALUES (0, 29892240, 1, 4, 1);
INSERT INTO counts VALUES (1, 498204, 1, -12, 1);
INSERT INTO counts VALUES (1, 498204, 1, 4, 1);
INSERT INTO counts VALUES (2, 20758, 1, -12, 1);
INSERT INTO counts VALUES (2, 20758, 1, 4, 1);
INSERT INTO floors VALUES (0, 29880720);
INSERT INTO floors VALUES (1, 488592);
`;
const APPLICATION_ID = 1681959837;
const TIME = Date.UTC(2026, 10, 1, 12);
const ALWAYS = { from: 0, to: Number.MAX_SAFE_INTEGER };

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pare-ledger-'));
  path = join(folder, 'ledger.db');
  const db = new DatabaseSync(path);
  db.exec(`PRAGMA page_size=8192; PRAGMA journal_mode=WAL; ${SCHEMA} ${ROWS}
    PRAGMA user_version=1; PRAGMA application_id=${APPLICATION_ID};`);
  db.close();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const FIRST = usageRecord('first', { time: TIME });
const SECOND = usageRecord('second', {
  time: TIME + 1,
  cacheOutcome: 'bypassed',
  cacheReason: 'stage_rejected',
  status: 500,
  errorCode: 'upstream_status',
  tags: { team: 'a' },
  measurements: [
    {
      stage: 'tool-selection',
      mode: 'on',
      tokensBefore: 10,
      tokensAfter: 4,
      overhead: 1,
      basis: 'exact',
      netCostUsd: 0.5,
    },
  ],
});
const THIRD = usageRecord('third', { time: TIME + 2, semanticReason: 'gate_number' });

describe('a ledger file of the first version', () => {
  it('opens with all it holds, and takes and sums what the semantic cache decided', () => {
    const store = createSqliteLedgerStore({ path, onEvent: () => {}, now: () => TIME });
    expect(store.records({ ...ALWAYS, limit: 5 })).toEqual([SECOND, FIRST]);
    expect(store.sums(ALWAYS)).toMatchObject({
      models: [{ requests: 2, bypassed: 1, costUsd: 0.5 }],
      bypassReasons: [{ reason: 'stage_rejected', requests: 1 }],
      semanticReasons: [],
    });
    store.append([SECOND, THIRD]);
    expect(store.records({ ...ALWAYS, limit: 1 })).toEqual([THIRD]);
    expect(store.sums(ALWAYS)).toMatchObject({
      models: [{ requests: 3 }],
      bypassReasons: [{ reason: 'stage_rejected', requests: 1 }],
      semanticReasons: [{ reason: 'gate_number', requests: 1 }],
      errorCodes: [{ code: 'upstream_status', requests: 1 }],
    });
    store.close();
  });

  it('opens in threads, too, and without an event', async () => {
    const events: string[] = [];
    const writer = createLedgerWriter({ path, onEvent: ({ code }) => void events.push(code) });
    await writer.append([THIRD]);
    expect(await writer.records({ ...ALWAYS, limit: 5 })).toEqual([THIRD, SECOND, FIRST]);
    await writer.close();
    expect(events).toEqual([]);
  });
});
