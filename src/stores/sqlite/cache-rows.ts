import type { SQLOutputValue } from 'node:sqlite';
import type { CacheModelStats, CacheStats, StoredCacheEntry } from '../../contract/index.ts';

/** A row as SQLite gives it. */
export type Row = Record<string, SQLOutputValue>;

/** The entry of a row of `get` or `page`. */
export function toEntry(row: Row): StoredCacheEntry {
  return {
    key: row['key'] as string,
    tenant: row['tenant'] as string,
    wire: row['wire'] as StoredCacheEntry['wire'],
    model: row['model'] as string,
    body: row['body'] as Uint8Array,
    usage: {
      inputTokens: row['input_tokens'] as number,
      outputTokens: row['output_tokens'] as number,
      cacheReadTokens: row['cache_read_tokens'] as number,
      cacheWriteTokens: row['cache_write_tokens'] as number,
      cacheWrite1hTokens: row['cache_write_1h_tokens'] as number,
      reasoningTokens: row['reasoning_tokens'] as number,
    },
    usageBasis: row['usage_basis'] as StoredCacheEntry['usageBasis'],
    costUsd: row['cost_usd'] as number | null,
    createdAt: row['created_at'] as number,
    expiresAt: row['expires_at'] as number,
    hits: row['hits'] as number,
    lastHitAt: row['last_hit_at'] as number | null,
  };
}

/** The sums over the rows of models. */
export function toStats(rows: readonly Row[]): CacheStats {
  const total = { totalEntries: 0, totalHits: 0, totalBytes: 0, tokensSaved: 0, costSavedUsd: 0 };
  const byModel: [string, CacheModelStats][] = [];
  for (const row of rows) {
    const sums: CacheModelStats = {
      entries: Number(row['entries']),
      hits: Number(row['hits']),
      tokensSaved: Number(row['tokens_saved']),
      costSavedUsd: Number(row['cost_saved_usd']),
    };
    if (sums.entries > 0 || sums.hits > 0) byModel.push([String(row['model']), sums]);
    total.totalEntries += sums.entries;
    total.totalHits += sums.hits;
    total.totalBytes += Number(row['bytes']);
    total.tokensSaved += sums.tokensSaved;
    total.costSavedUsd += sums.costSavedUsd;
  }
  return { ...total, byModel: Object.fromEntries(byModel) };
}
