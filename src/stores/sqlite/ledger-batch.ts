import type { Basis, CacheOutcome, Measurement, UsageRecord } from '../../contract/index.ts';
import { BASES, OUTCOMES, REASONS, STAGES, WIRES } from './ledger-columns.ts';

/** Records packed for a worker: one block of numbers that moves, one text, and few repeated names. */
export interface LedgerBatch {
  readonly count: number;
  readonly numbers: Float64Array<ArrayBuffer>;
  readonly text: string;
  readonly names: readonly string[];
}

/** Numbers of one record, before its measurements. */
const RECORD_WIDTH = 27;
const MEASUREMENT_WIDTH = 7;
/** Stands for null where a number cannot be negative: lengths, indexes. */
const NONE = -1;

/**
 * Packs records so that handing them to a worker costs the caller well under 1 microsecond each;
 * structured clone and JSON cost five and more. Nulls among amounts are NaN.
 */
export function encodeBatch(records: readonly UsageRecord[]): LedgerBatch {
  let width = records.length * RECORD_WIDTH;
  for (const record of records) width += record.measurements.length * MEASUREMENT_WIDTH;
  const numbers = new Float64Array(width);
  const names = new Map<string, number>();
  let text = '';
  let at = 0;
  for (const record of records) {
    const { usage } = record;
    const tags = encodeTags(record.tags);
    text += record.id;
    if (record.session !== null) text += record.session;
    text += tags;
    numbers[at] = record.time;
    numbers[at + 1] = record.id.length;
    numbers[at + 2] = record.session === null ? NONE : record.session.length;
    numbers[at + 3] = tags.length;
    numbers[at + 4] = nameIndex(names, record.tenant);
    numbers[at + 5] = nameIndex(names, record.provider);
    numbers[at + 6] = nameIndex(names, record.model);
    numbers[at + 7] = record.errorCode === null ? NONE : nameIndex(names, record.errorCode);
    numbers[at + 8] = record.wire === null ? NONE : WIRES.indexOf(record.wire);
    numbers[at + 9] = record.isStream ? 1 : 0;
    numbers[at + 10] = record.status;
    numbers[at + 11] = OUTCOMES.indexOf(record.cacheOutcome);
    numbers[at + 12] = record.cacheReason === undefined ? NONE : REASONS.indexOf(record.cacheReason);
    numbers[at + 13] = BASES.indexOf(record.usageBasis);
    numbers[at + 14] = usage.inputTokens;
    numbers[at + 15] = usage.outputTokens;
    numbers[at + 16] = usage.cacheReadTokens;
    numbers[at + 17] = usage.cacheWriteTokens;
    numbers[at + 18] = usage.cacheWrite1hTokens;
    numbers[at + 19] = usage.reasoningTokens;
    numbers[at + 20] = record.costUsd ?? Number.NaN;
    numbers[at + 21] = record.netTokens;
    numbers[at + 22] = record.netCostUsd ?? Number.NaN;
    numbers[at + 23] = record.latencyMs;
    numbers[at + 24] = record.firstTokenMs ?? Number.NaN;
    numbers[at + 25] = record.measurements.length;
    numbers[at + 26] = record.semanticReason === undefined ? NONE : REASONS.indexOf(record.semanticReason);
    at += RECORD_WIDTH;
    for (const measurement of record.measurements) {
      encodeMeasurement(numbers, at, measurement);
      at += MEASUREMENT_WIDTH;
    }
  }
  return { count: records.length, numbers, text, names: [...names.keys()] };
}

function encodeMeasurement(numbers: Float64Array, at: number, measurement: Measurement): void {
  numbers[at] = STAGES.indexOf(measurement.stage);
  numbers[at + 1] = measurement.mode === 'on' ? 0 : 1;
  numbers[at + 2] = measurement.tokensBefore;
  numbers[at + 3] = measurement.tokensAfter;
  numbers[at + 4] = measurement.overhead;
  numbers[at + 5] = BASES.indexOf(measurement.basis);
  numbers[at + 6] = measurement.netCostUsd ?? Number.NaN;
}

function nameIndex(names: Map<string, number>, name: string): number {
  let index = names.get(name);
  if (index === undefined) {
    index = names.size;
    names.set(name, index);
  }
  return index;
}

function encodeTags(tags: UsageRecord['tags']): string {
  for (const _ in tags) return JSON.stringify(tags);
  return '';
}

/** The records that `encodeBatch` packed. */
export function decodeBatch(batch: LedgerBatch): UsageRecord[] {
  const { numbers, text, names } = batch;
  const records: UsageRecord[] = [];
  let at = 0;
  let offset = 0;
  const number = (i: number): number => numbers[at + i] as number;
  const amount = (i: number): number | null => (Number.isNaN(number(i)) ? null : number(i));
  const name = (i: number): string => names[number(i)] as string;
  const take = (length: number): string => text.slice(offset, (offset += length));
  while (records.length < batch.count) {
    const reason = number(12);
    const measured = number(25);
    const semantic = number(26);
    records.push({
      id: take(number(1)),
      time: number(0),
      tenant: name(4),
      session: number(2) === NONE ? null : take(number(2)),
      wire: WIRES[number(8)] ?? null,
      provider: name(5),
      model: name(6),
      isStream: number(9) === 1,
      status: number(10),
      errorCode: number(7) === NONE ? null : name(7),
      cacheOutcome: OUTCOMES[number(11)] as CacheOutcome,
      ...(reason === NONE ? {} : { cacheReason: REASONS[reason] }),
      ...(semantic === NONE ? {} : { semanticReason: REASONS[semantic] }),
      usage: {
        inputTokens: number(14),
        outputTokens: number(15),
        cacheReadTokens: number(16),
        cacheWriteTokens: number(17),
        cacheWrite1hTokens: number(18),
        reasoningTokens: number(19),
      },
      usageBasis: BASES[number(13)] as Basis,
      costUsd: amount(20),
      netTokens: number(21),
      netCostUsd: amount(22),
      latencyMs: number(23),
      firstTokenMs: amount(24),
      tags: number(3) === 0 ? {} : (JSON.parse(take(number(3))) as Record<string, string>),
      measurements: decodeMeasurements(numbers, at + RECORD_WIDTH, measured),
    });
    at += RECORD_WIDTH + measured * MEASUREMENT_WIDTH;
  }
  return records;
}

function decodeMeasurements(numbers: Float64Array, start: number, count: number): Measurement[] {
  const measurements: Measurement[] = [];
  for (let at = start; measurements.length < count; at += MEASUREMENT_WIDTH) {
    const cost = numbers[at + 6] as number;
    measurements.push({
      stage: STAGES[numbers[at] as number] as Measurement['stage'],
      mode: numbers[at + 1] === 0 ? 'on' : 'shadow',
      tokensBefore: numbers[at + 2] as number,
      tokensAfter: numbers[at + 3] as number,
      overhead: numbers[at + 4] as number,
      basis: BASES[numbers[at + 5] as number] as Basis,
      netCostUsd: Number.isNaN(cost) ? null : cost,
    });
  }
  return measurements;
}
