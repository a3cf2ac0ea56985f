import type { EventSink, LedgerStore } from '../contract/index.ts';
// As for `openStateStore`.
import { createLedgerWriter } from '../stores/sqlite/ledger-writer.ts';
import type { Config } from './config.ts';
import { prepareDataDir } from './data-dir.ts';
import { storePath } from './store-path.ts';

/** Opens only the ledger, for a command that adds to it. @throws StoreError when its file cannot be used */
export function openLedgerStore(config: Pick<Config, 'dataDir'>, onEvent: EventSink): LedgerStore {
  prepareDataDir(config);
  return createLedgerWriter({ onEvent, onUnavailable: 'throw', path: storePath(config, 'ledger') });
}
