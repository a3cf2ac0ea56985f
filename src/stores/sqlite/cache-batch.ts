import type { CacheEntry } from '../../contract/index.ts';
import { BASES, WIRES } from './ledger-columns.ts';

/** Entries packed for a worker: two blocks that move, one text, and few repeated names. */
export interface CacheBatch {
  readonly count: number;
  readonly numbers: Float64Array<ArrayBuffer>;
  readonly bodies: Uint8Array<ArrayBuffer>;
  /** The keys, one after the other. */
  readonly text: string;
  readonly names: readonly string[];
}

/** Numbers of one entry. */
const WIDTH = 15;

/**
 * Packs entries so that handing them to a worker costs the caller about 1 microsecond each; structured
 * clone costs ten. A cost that is unknown is NaN. Bodies are copied, so the caller keeps its own.
 */
export function encodeEntries(entries: readonly CacheEntry[]): CacheBatch {
  let size = 0;
  for (const { body } of entries) size += body.byteLength;
  const numbers = new Float64Array(entries.length * WIDTH);
  const bodies = new Uint8Array(size);
  const names = new Map<string, number>();
  let text = '';
  let at = 0;
  let offset = 0;
  for (const entry of entries) {
    const { usage, body } = entry;
    text += entry.key;
    bodies.set(body, offset);
    offset += body.byteLength;
    numbers[at] = entry.key.length;
    numbers[at + 1] = body.byteLength;
    numbers[at + 2] = nameIndex(names, entry.tenant);
    numbers[at + 3] = nameIndex(names, entry.model);
    numbers[at + 4] = WIRES.indexOf(entry.wire);
    numbers[at + 5] = BASES.indexOf(entry.usageBasis);
    numbers[at + 6] = usage.inputTokens;
    numbers[at + 7] = usage.outputTokens;
    numbers[at + 8] = usage.cacheReadTokens;
    numbers[at + 9] = usage.cacheWriteTokens;
    numbers[at + 10] = usage.cacheWrite1hTokens;
    numbers[at + 11] = usage.reasoningTokens;
    numbers[at + 12] = entry.costUsd ?? Number.NaN;
    numbers[at + 13] = entry.createdAt;
    numbers[at + 14] = entry.expiresAt;
    at += WIDTH;
  }
  return { count: entries.length, numbers, bodies, text, names: [...names.keys()] };
}

function nameIndex(names: Map<string, number>, name: string): number {
  let index = names.get(name);
  if (index === undefined) {
    index = names.size;
    names.set(name, index);
  }
  return index;
}

/** The entries that `encodeEntries` packed; their bodies are views of the batch. */
export function decodeEntries(batch: CacheBatch): CacheEntry[] {
  const { numbers, bodies, text, names } = batch;
  const entries: CacheEntry[] = [];
  let keyAt = 0;
  let bodyAt = 0;
  for (let at = 0; entries.length < batch.count; at += WIDTH) {
    const number = (i: number): number => numbers[at + i] as number;
    const cost = number(12);
    entries.push({
      key: text.slice(keyAt, (keyAt += number(0))),
      tenant: names[number(2)] as string,
      wire: WIRES[number(4)] as CacheEntry['wire'],
      model: names[number(3)] as string,
      body: bodies.subarray(bodyAt, (bodyAt += number(1))),
      usage: {
        inputTokens: number(6),
        outputTokens: number(7),
        cacheReadTokens: number(8),
        cacheWriteTokens: number(9),
        cacheWrite1hTokens: number(10),
        reasoningTokens: number(11),
      },
      usageBasis: BASES[number(5)] as CacheEntry['usageBasis'],
      costUsd: Number.isNaN(cost) ? null : cost,
      createdAt: number(13),
      expiresAt: number(14),
    });
  }
  return entries;
}
