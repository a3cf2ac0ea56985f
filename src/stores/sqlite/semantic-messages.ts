import type { SemanticEntry } from '../../contract/index.ts';
import type { Packed } from './byte-vector.ts';
import type { NewVector } from './semantic-changes.ts';

/** What a semantic worker is asked. */
export type SemanticRequest =
  | { readonly kind: 'put'; readonly entries: readonly Packed<SemanticEntry>[] }
  | { readonly kind: 'regroup'; readonly groups: ReadonlyMap<number, number> }
  | { readonly kind: 'delete'; readonly ids: readonly number[] }
  | { readonly kind: 'delete-expired'; readonly now: number; readonly limit: number }
  | { readonly kind: 'evict'; readonly most: number; readonly limit: number }
  | { readonly kind: 'reembed'; readonly vectors: readonly Packed<NewVector>[]; readonly embedder: string }
  | { readonly kind: 'close' };

/** How a semantic worker is started. */
export interface SemanticWorkerData {
  /** Shared with the thread that started it: its changes are no news there. */
  readonly writer: number;
}
