import { join } from 'node:path';
import {
  type CacheStore,
  type Clock,
  type EventSink,
  type LedgerStore,
  type SemanticStore,
  type StateStore,
} from '../contract/index.ts';
import {
  createCacheWriter,
  createLedgerWriter,
  createSemanticWriter,
  createSqliteStateStore,
  type LedgerWriter,
} from '../stores/index.ts';
import type { Config } from './config.ts';
import { prepareDataDir } from './data-dir.ts';

/** The embedded stores. Each has a file of its own, so that trouble with one leaves the others alone. */
export interface Stores {
  readonly cache: CacheStore;
  readonly ledger: LedgerWriter;
  readonly state: StateStore;
}

/** How stores are opened. */
export interface StoreOptions {
  readonly onEvent: EventSink;
  readonly now: Clock;
  /**
   * A file that cannot be used at all: go on in memory, reported, as a gateway must; or throw, as a
   * command must whose whole purpose is that file.
   */
  readonly onUnavailable: 'memory' | 'throw';
}

/** Opens the stores in the data folder. @throws StoreError `data_dir_unusable`, and as `onUnavailable` says */
export function openStores(config: Config, options: StoreOptions): Stores {
  prepareDataDir(config);
  const { onEvent, onUnavailable } = options;
  return {
    cache: createCacheWriter({ ...options, path: storePath(config, 'cache') }),
    ledger: createLedgerWriter({ onEvent, onUnavailable, path: storePath(config, 'ledger') }),
    state: createSqliteStateStore({ ...options, path: storePath(config, 'state') }),
  };
}

/** Opens only the store of keys and calibration. @throws StoreError when its file cannot be used */
export function openStateStore(config: Pick<Config, 'dataDir'>, onEvent: EventSink): StateStore {
  prepareDataDir(config);
  return createSqliteStateStore({ onEvent, path: storePath(config, 'state') });
}

/** Opens only the ledger, for a command that adds to it. @throws StoreError when its file cannot be used */
export function openLedgerStore(config: Pick<Config, 'dataDir'>, onEvent: EventSink): LedgerStore {
  prepareDataDir(config);
  return createLedgerWriter({ onEvent, onUnavailable: 'throw', path: storePath(config, 'ledger') });
}

/** Opens the store of the semantic cache. @throws StoreError when its file cannot be used */
export function openSemanticStore(config: Pick<Config, 'dataDir'>, options: StoreOptions): SemanticStore {
  prepareDataDir(config);
  return createSemanticWriter({ ...options, path: storePath(config, 'semantic') });
}

/** The file of a store. */
export function storePath(
  config: Pick<Config, 'dataDir'>,
  name: 'cache' | 'ledger' | 'semantic' | 'state',
): string {
  return join(config.dataDir, `${name}.db`);
}
