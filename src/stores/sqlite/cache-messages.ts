import type { CacheStore } from '../../contract/index.ts';
import type { CacheBatch } from './cache-batch.ts';

/** What a cache worker is asked. */
export type CacheRequest =
  | { readonly kind: 'put'; readonly batch: CacheBatch }
  | { readonly kind: 'hits'; readonly hits: ReadonlyMap<string, number>; readonly at: number }
  | { readonly kind: 'delete'; readonly keys: readonly string[] }
  | { readonly kind: 'delete-old'; readonly options: Parameters<CacheStore['deleteOld']>[0] }
  | { readonly kind: 'delete-all'; readonly tenant: string | undefined }
  | { readonly kind: 'evict'; readonly bounds: Parameters<CacheStore['evict']>[0] }
  | { readonly kind: 'stats' }
  | { readonly kind: 'page'; readonly after: string }
  | { readonly kind: 'keys'; readonly after: number; readonly limit: number }
  | { readonly kind: 'close' };

/** How a cache worker is started. */
export interface CacheWorkerData {
  /** Shared with the thread that started it: its changes are no news there. */
  readonly writer: number;
}
