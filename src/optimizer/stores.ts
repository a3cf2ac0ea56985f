import { join } from 'node:path';
import type { CacheStore, Clock, EventSink, StateStore } from '../contract/index.ts';
import {
  createLedgerWriter,
  createSqliteCacheStore,
  createSqliteStateStore,
  type LedgerWriter,
} from '../stores/index.ts';
import type { Config } from './config.ts';

/** The embedded stores. Each has a file of its own, so that trouble with one leaves the others alone. */
export interface Stores {
  readonly cache: CacheStore;
  readonly ledger: LedgerWriter;
  readonly state: StateStore;
}

/** Opens the stores in the data folder; one whose file cannot be used at all works in memory, reported. */
export function openStores(config: Config, onEvent: EventSink, now: Clock): Stores {
  const shared = { onEvent, now, onUnavailable: 'memory' as const };
  return {
    cache: createSqliteCacheStore({ ...shared, path: storePath(config, 'cache') }),
    ledger: createLedgerWriter({ onEvent, onUnavailable: 'memory', path: storePath(config, 'ledger') }),
    state: createSqliteStateStore({ ...shared, path: storePath(config, 'state') }),
  };
}

/** The file of a store. */
export function storePath(config: Pick<Config, 'dataDir'>, name: 'cache' | 'ledger' | 'state'): string {
  return join(config.dataDir, `${name}.db`);
}
