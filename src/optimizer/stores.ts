import {
  type CacheStore,
  type Clock,
  type EventSink,
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
import { storePath } from './store-path.ts';

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

/** Opens the store of the semantic cache. @throws StoreError when its file cannot be used */
export function openSemanticStore(config: Pick<Config, 'dataDir'>, options: StoreOptions): SemanticStore {
  prepareDataDir(config);
  return createSemanticWriter({ ...options, path: storePath(config, 'semantic') });
}
