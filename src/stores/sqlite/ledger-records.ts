import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Measurement, RecordsQuery, UsageRecord } from '../../contract/index.ts';
import { BASES, OUTCOMES, REASONS, STAGES, WIRES } from './ledger-columns.ts';
import type { Names } from './ledger-names.ts';
import { KEY_HASH_BITS, RECORD_COLUMNS } from './ledger-schema.ts';
import type { SumIds } from './ledger-sums.ts';
import { wholeMinutes } from './ledger-windows.ts';

const HASH_MASK = 2 ** KEY_HASH_BITS - 1;
/** The last time that fits into a key: the year 2248. */
const MAX_TIME = 2 ** (63 - KEY_HASH_BITS) - 1;

/** The table of records, as one connection sees it. */
export class Records {
  readonly #names: Names;
  readonly #insert: StatementSync;
  readonly #idAt: StatementSync;
  readonly #page: StatementSync;
  readonly #pageOfTenant: StatementSync;
  readonly #delete: StatementSync;

  constructor(db: DatabaseSync, names: Names) {
    this.#names = names;
    const columns = RECORD_COLUMNS.join();
    const key = `(? << ${KEY_HASH_BITS}) | ?`;
    this.#insert = db.prepare(
      `INSERT INTO records (key, ${columns}) VALUES (${key}, ${RECORD_COLUMNS.map(() => '?').join()})
       ON CONFLICT (key) DO NOTHING`,
    );
    this.#idAt = db.prepare(`SELECT id FROM records WHERE key = (${key})`);
    const page = (filter: string): string =>
      `SELECT key >> ${KEY_HASH_BITS} AS time, ${columns} FROM records
       WHERE key >= (? << ${KEY_HASH_BITS}) AND key < (${key}) ${filter} ORDER BY key DESC LIMIT ?`;
    this.#page = db.prepare(page(''));
    this.#pageOfTenant = db.prepare(page('AND tenant = ?'));
    this.#delete = db.prepare(
      `DELETE FROM records WHERE key IN
       (SELECT key FROM records WHERE key < (? << ${KEY_HASH_BITS}) ORDER BY key LIMIT ?)`,
    );
  }

  /** Inserts a record and returns what to sum it under, or undefined when it was there. */
  insert(record: UsageRecord): SumIds | undefined {
    const names = this.#names;
    const tenant = names.ids('tenant', record.tenant).id;
    const provider = names.ids('provider', record.provider).id;
    const model = names.ids('model', record.model);
    const error = record.errorCode === null ? undefined : names.ids('error', record.errorCode);
    const { usage } = record;
    const time = keyTime(record.time);
    const values = [
      record.id,
      tenant,
      record.session,
      provider,
      model.id,
      record.wire === null ? null : WIRES.indexOf(record.wire),
      record.isStream ? 1 : 0,
      record.status,
      error?.id ?? null,
      OUTCOMES.indexOf(record.cacheOutcome),
      record.cacheReason === undefined ? null : REASONS.indexOf(record.cacheReason),
      BASES.indexOf(record.usageBasis),
      usage.inputTokens,
      usage.outputTokens,
      usage.cacheReadTokens,
      usage.cacheWriteTokens,
      usage.cacheWrite1hTokens,
      usage.reasoningTokens,
      record.costUsd,
      record.netTokens,
      record.netCostUsd,
      record.latencyMs,
      record.firstTokenMs,
      encodeTags(record.tags),
      encodeMeasurements(record.measurements),
      record.semanticReason === undefined ? null : REASONS.indexOf(record.semanticReason),
    ];
    for (let hash = hashOf(record.id); ; hash = (hash + 1) & HASH_MASK) {
      if (this.#insert.run(time, hash, ...values).changes !== 0) break;
      if (this.#idAt.get(time, hash)?.['id'] === record.id) return undefined;
    }
    return { time, tenant, provider, model: model.sumsId, error: error?.sumsId ?? null };
  }

  /** One page, newest first. */
  page(query: RecordsQuery): UsageRecord[] {
    const { from, to } = wholeMinutes(query);
    let end: [number, number] = [keyTime(to), 0];
    if (query.after !== undefined && query.after.time < to) end = this.#find(query.after);
    const limit = Math.max(0, Math.floor(query.limit));
    if (query.tenant === undefined) {
      return this.#page.all(keyTime(from), ...end, limit).map((row) => this.#read(row));
    }
    const tenant = this.#names.find('tenant', query.tenant);
    if (tenant === undefined) return [];
    return this.#pageOfTenant.all(keyTime(from), ...end, tenant, limit).map((row) => this.#read(row));
  }

  /** Deletes the oldest records before `time`, at most `limit`; returns how many. */
  deleteBefore(time: number, limit: number): number {
    return Number(this.#delete.run(keyTime(Math.ceil(time)), limit).changes);
  }

  /** The key of a record; where it would be, when it is gone. */
  #find({ id, time }: { readonly id: string; readonly time: number }): [number, number] {
    const first = hashOf(id);
    for (let hash = first; ; hash = (hash + 1) & HASH_MASK) {
      const found = this.#idAt.get(keyTime(time), hash)?.['id'];
      if (found === id) return [keyTime(time), hash];
      if (found === undefined) return [keyTime(time), first];
    }
  }

  #read(row: Record<string, unknown>): UsageRecord {
    const number = (column: string): number => Number(row[column]);
    const nullable = (column: string): number | null => (row[column] === null ? null : Number(row[column]));
    const text = (column: string): string | null => {
      const value = row[column];
      return typeof value === 'string' ? value : null;
    };
    const tags = text('tags');
    const [wire, error] = [nullable('wire'), nullable('error')];
    const [reason, semantic] = [nullable('reason'), nullable('semantic_reason')];
    return {
      id: text('id') ?? '',
      time: number('time'),
      tenant: this.#names.name(number('tenant')),
      session: text('session'),
      wire: wire === null ? null : (WIRES[wire] as UsageRecord['wire']),
      provider: this.#names.name(number('provider')),
      model: this.#names.name(number('model')),
      isStream: number('is_stream') === 1,
      status: number('status'),
      errorCode: error === null ? null : this.#names.name(error),
      cacheOutcome: OUTCOMES[number('outcome')] as UsageRecord['cacheOutcome'],
      ...(reason === null ? {} : { cacheReason: REASONS[reason] }),
      ...(semantic === null ? {} : { semanticReason: REASONS[semantic] }),
      usage: {
        inputTokens: number('input_tokens'),
        outputTokens: number('output_tokens'),
        cacheReadTokens: number('cache_read_tokens'),
        cacheWriteTokens: number('cache_write_tokens'),
        cacheWrite1hTokens: number('cache_write_1h_tokens'),
        reasoningTokens: number('reasoning_tokens'),
      },
      usageBasis: BASES[number('basis')] as UsageRecord['usageBasis'],
      costUsd: nullable('cost_usd'),
      netTokens: number('net_tokens'),
      netCostUsd: nullable('net_cost_usd'),
      latencyMs: number('latency_ms'),
      firstTokenMs: nullable('first_token_ms'),
      tags: tags === null ? {} : (JSON.parse(tags) as Record<string, string>),
      measurements: decodeMeasurements(text('measurements')),
    };
  }
}

/** The time as a key holds it: whole milliseconds from 1970 to 2248. */
export function keyTime(time: number): number {
  return Number.isNaN(time) ? 0 : Math.min(Math.max(Math.floor(time), 0), MAX_TIME);
}

/** FNV-1a of an id, folded to the bits that a key has for it. */
function hashOf(id: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < id.length; i++) hash = Math.imul(hash ^ id.charCodeAt(i), 0x01000193);
  return ((hash >>> KEY_HASH_BITS) ^ hash) & HASH_MASK;
}

function encodeTags(tags: UsageRecord['tags']): string | null {
  for (const _ in tags) return JSON.stringify(tags);
  return null;
}

type PackedMeasurement = [number, number, number, number, number, number, number | null];

/** Arrays without names: a quarter of the bytes. */
function encodeMeasurements(measurements: readonly Measurement[]): string | null {
  if (measurements.length === 0) return null;
  const packed = measurements.map(
    (m): PackedMeasurement => [
      STAGES.indexOf(m.stage),
      m.mode === 'on' ? 0 : 1,
      m.tokensBefore,
      m.tokensAfter,
      m.overhead,
      BASES.indexOf(m.basis),
      m.netCostUsd,
    ],
  );
  return JSON.stringify(packed);
}

function decodeMeasurements(text: string | null): Measurement[] {
  if (text === null) return [];
  return (JSON.parse(text) as PackedMeasurement[]).map((m) => ({
    stage: STAGES[m[0]] as Measurement['stage'],
    mode: m[1] === 0 ? 'on' : 'shadow',
    tokensBefore: m[2],
    tokensAfter: m[3],
    overhead: m[4],
    basis: BASES[m[5]] as Measurement['basis'],
    netCostUsd: m[6],
  }));
}
