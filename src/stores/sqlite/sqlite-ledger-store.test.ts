import { ledgerStoreConformance } from '../../testing/conformance/ledger-store.ts';
import { createSqliteLedgerStore } from './sqlite-ledger-store.ts';

const silent = () => {};
ledgerStoreConformance('sqlite', (now) =>
  createSqliteLedgerStore({ path: ':memory:', onEvent: silent, now }),
);
