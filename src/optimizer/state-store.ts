import type { EventSink, StateStore } from '../contract/index.ts';
// The other stores, which a command that needs only this one would load with it, take memory and time.
import { createSqliteStateStore } from '../stores/sqlite/sqlite-state-store.ts';
import type { Config } from './config.ts';
import { prepareDataDir } from './data-dir.ts';
import { storePath } from './store-path.ts';

/** Opens only the store of keys and calibration. @throws StoreError when its file cannot be used */
export function openStateStore(config: Pick<Config, 'dataDir'>, onEvent: EventSink): StateStore {
  prepareDataDir(config);
  return createSqliteStateStore({ onEvent, path: storePath(config, 'state') });
}
