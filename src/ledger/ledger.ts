import type {
  CacheStats,
  LedgerQuery,
  LedgerSums,
  RecordsQuery,
  SemanticLive,
  ToolRecall,
  UsageRecord,
} from '../contract/index.ts';
import type { LedgerOptions } from './options.ts';
import { makeRankings } from './rankings.ts';
import { makeReport } from './report.ts';
import { makeStats, type ReportInput } from './stats.ts';
import type { Rankings, Report, Stats } from './types.ts';
import { WriteQueue } from './write-queue.ts';

/** Which period, whose requests, and what the caches hold. */
export interface ReportOptions {
  /** Length of the period that ends now, in hours; any number above 0. @default 24 */
  readonly hours?: number;
  /** Only requests of this tenant. */
  readonly tenant?: string;
  /** What the cache holds now, for `cache.total_entries`; absent when there is no cache. */
  readonly cacheStats?: CacheStats;
  readonly semanticLive?: SemanticLive | undefined;
  readonly toolRecall?: ToolRecall | undefined;
}

/** Records what happened and tells what it cost and spared. */
export interface Ledger {
  /** Takes a record; it is committed within about `flushMs`. Never throws and never waits. */
  readonly append: (record: UsageRecord) => void;
  /** The plain sums of any period. */
  summary(query: LedgerQuery): Promise<LedgerSums>;
  /** Cache and usage sums of the period. */
  stats(options?: ReportOptions): Promise<Stats>;
  /** Sums, savings, rankings and recommendations of the period. */
  report(options?: ReportOptions): Promise<Report>;
  /** Models of the period by efficiency. */
  rankings(options?: ReportOptions): Promise<Rankings>;
  /** Records of a period, newest first. */
  records(query: RecordsQuery): Promise<readonly UsageRecord[]>;
  /** Deletes records before `time` (epoch milliseconds), whose sums stay; returns how many. */
  deleteBefore(time: number): Promise<number>;
  /** Resolves once every record appended before is committed. @throws StoreError when it cannot be */
  flush(): Promise<void>;
  /** Flushes as far as the store allows, reports what is lost, and closes the store. */
  close(): Promise<void>;
}

const HOUR_MS = 3_600_000;
const DEFAULT_HOURS = 24;

/**
 * Returns a ledger over a store. Records are written in batches off the request path; a store that
 * fails is tried again with growing pauses, reported once per episode (`ledger_write_failed`, then
 * `ledger_recovered`), and loses records only beyond `maxQueued` (`ledger_records_dropped`).
 *
 * @example
 * const ledger = createLedger({ store: createLedgerWriter({ path, onEvent }), onEvent });
 * ledger.append(record);
 * const report = await ledger.report({ hours: 24 });
 */
export function createLedger(options: LedgerOptions): Ledger {
  const { store, now = Date.now } = options;
  const queue = new WriteQueue({
    store,
    onEvent: options.onEvent,
    flushMs: options.flushMs ?? 25,
    maxBatch: options.maxBatch ?? 5000,
    maxQueued: options.maxQueued ?? 100_000,
    retryMs: options.retryMs ?? 100,
    maxRetryMs: options.maxRetryMs ?? 5000,
  });
  let closing: Promise<void> | undefined;

  /** So that a reading sees what this process appended before; a failed write is reported elsewhere. */
  const settle = (): Promise<void> => queue.drain().catch(() => undefined);
  const summary = async (query: LedgerQuery): Promise<LedgerSums> => {
    await settle();
    return store.sums(query);
  };
  const sumsOf = async ({ hours = DEFAULT_HOURS, tenant }: ReportOptions) => {
    const to = now();
    const period = { from: to - hours * HOUR_MS, to };
    return { hours, sums: await summary(tenant === undefined ? period : { ...period, tenant }) };
  };

  return {
    append: (record) => queue.push(record),
    summary,
    stats: async (wish = {}) => makeStats({ ...(await sumsOf(wish)), ...partsOf(wish) }),
    report: async (wish = {}) => makeReport({ ...(await sumsOf(wish)), ...partsOf(wish) }),
    rankings: async (wish = {}) => makeRankings(await sumsOf(wish)),
    records: async (query) => {
      await settle();
      return store.records(query);
    },
    deleteBefore: async (time) => {
      await settle();
      return store.deleteBefore(time);
    },
    flush: () => queue.drain(),
    close: () => {
      closing ??= settle().then(() => {
        queue.stop();
        return store.close();
      });
      return closing;
    },
  };
}

function partsOf({
  cacheStats,
  semanticLive,
  toolRecall,
}: ReportOptions): Pick<ReportInput, 'cacheStats' | 'semanticLive' | 'toolRecall'> {
  return { cacheStats, semanticLive, toolRecall };
}
