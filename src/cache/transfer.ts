import {
  type CacheEntry,
  InputError,
  type JsonValue,
  type StoredCacheEntry,
  type Usage,
  type WireFormat,
} from '../contract/index.ts';

const FORMAT = 'pare-cache';
const VERSION = 1;
const MAX_PROBLEMS = 20;
const BASES: ReadonlySet<unknown> = new Set(['reported', 'exact', 'calibrated', 'estimated']);
const USAGE_FIELDS = [
  ['inputTokens', 'input_tokens'],
  ['outputTokens', 'output_tokens'],
  ['cacheReadTokens', 'cache_read_tokens'],
  ['cacheWriteTokens', 'cache_write_tokens'],
  ['cacheWrite1hTokens', 'cache_write_1h_tokens'],
  ['reasoningTokens', 'reasoning_tokens'],
] as const;

/** What an import did. Lines are counted from 1, the header included. */
export interface ImportReport {
  readonly imported: number;
  /** Sound entries that had expired, or were stored earlier than what is there. */
  readonly skipped: number;
  readonly rejected: number;
  /** Why lines were rejected: the first twenty. */
  readonly problems: readonly { readonly line: number; readonly reason: string }[];
}

/** The lines of an export: a header, then one entry each, as JSON without line ends. */
export async function* exportLines(
  entries: AsyncIterable<StoredCacheEntry>,
  exportedAt: number,
): AsyncGenerator<string> {
  yield JSON.stringify({ format: FORMAT, version: VERSION, exported_at: new Date(exportedAt).toISOString() });
  for await (const entry of entries) yield JSON.stringify(toLine(entry));
}

function toLine(entry: StoredCacheEntry): JsonValue {
  const usage: Record<string, number> = {};
  for (const [field, name] of USAGE_FIELDS) usage[name] = entry.usage[field];
  return {
    key: entry.key,
    tenant: entry.tenant,
    wire: entry.wire,
    model: entry.model,
    body: new TextDecoder().decode(entry.body),
    usage,
    usage_basis: entry.usageBasis,
    cost_usd: entry.costUsd,
    created_at: new Date(entry.createdAt).toISOString(),
    expires_at: new Date(entry.expiresAt).toISOString(),
    hits: entry.hits,
  };
}

/**
 * Checks the first line of an import.
 * @throws InputError `cache_import_header` when it is no export of a version that we can read
 */
export function checkHeader(line: string): void {
  const header = parseObject(line);
  if (header?.['format'] === FORMAT && header['version'] === VERSION) return;
  throw new InputError(
    'cache_import_header',
    `The first line is not the header of a cache export of version ${VERSION}: ${line.slice(0, 80)}`,
  );
}

/** Reads the line of one entry; a text says what is wrong with it. */
export function parseLine(line: string, wires: ReadonlySet<string>): CacheEntry | string {
  const value = parseObject(line);
  if (value === undefined) return 'is not a JSON object';
  const { key, tenant, wire, model, body } = value;
  if (typeof key !== 'string' || !/^[0-9a-f]{64}$/.test(key)) return 'key is not 64 hexadecimal digits';
  if (typeof tenant !== 'string' || tenant === '') return 'tenant is not a text';
  if (typeof wire !== 'string' || !wires.has(wire)) return 'wire is unknown';
  if (typeof model !== 'string' || model === '') return 'model is not a text';
  if (typeof body !== 'string') return 'body is not a text';
  const usage = parseUsage(value['usage']);
  if (usage === undefined) return 'usage is not a set of token counts';
  const basis = value['usage_basis'];
  if (!BASES.has(basis)) return 'usage_basis is unknown';
  const cost = value['cost_usd'];
  if (cost !== null && (typeof cost !== 'number' || cost < 0))
    return 'cost_usd is neither null nor an amount';
  const [createdAt, expiresAt] = [parseTime(value['created_at']), parseTime(value['expires_at'])];
  if (createdAt === undefined || expiresAt === undefined) return 'created_at or expires_at is not a time';
  if (expiresAt <= createdAt) return 'expires_at is not after created_at';
  return {
    key,
    tenant,
    wire: wire as WireFormat,
    model,
    body: new TextEncoder().encode(body),
    usage,
    usageBasis: basis as CacheEntry['usageBasis'],
    costUsd: cost,
    createdAt,
    expiresAt,
  };
}

function parseObject(line: string): { readonly [name: string]: unknown } | undefined {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
    return value as { readonly [name: string]: unknown };
  } catch {
    return undefined;
  }
}

function parseUsage(value: unknown): Usage | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const usage: Partial<Record<keyof Usage, number>> = {};
  for (const [field, name] of USAGE_FIELDS) {
    const tokens = (value as { readonly [name: string]: unknown })[name];
    if (typeof tokens !== 'number' || !Number.isSafeInteger(tokens) || tokens < 0) return undefined;
    usage[field] = tokens;
  }
  return usage as Usage;
}

function parseTime(value: unknown): number | undefined {
  if (typeof value !== 'string' || !/^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value)) return undefined;
  const time = Date.parse(value);
  return Number.isNaN(time) ? undefined : time;
}

/** Counts what happens to the lines of an import. */
export class ImportTally {
  imported = 0;
  skipped = 0;
  #rejected = 0;
  readonly #problems: { line: number; reason: string }[] = [];

  reject(line: number, reason: string): void {
    this.#rejected++;
    if (this.#problems.length < MAX_PROBLEMS) this.#problems.push({ line, reason });
  }

  report(): ImportReport {
    return {
      imported: this.imported,
      skipped: this.skipped,
      rejected: this.#rejected,
      problems: this.#problems,
    };
  }
}
