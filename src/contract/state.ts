import type { JsonValue, MaybePromise } from './json.ts';

/** Keeps small named documents (issued keys, calibration) across restarts. */
export interface StateStore {
  get(collection: string, id: string): MaybePromise<JsonValue | undefined>;
  put(collection: string, id: string, value: JsonValue): MaybePromise<void>;
  delete(collection: string, id: string): MaybePromise<boolean>;
  list(collection: string): MaybePromise<readonly { readonly id: string; readonly value: JsonValue }[]>;
  close(): MaybePromise<void>;
}
