import { join } from 'node:path';
import type { Config } from './config.ts';

/** The embedded stores. */
export type StoreName = 'cache' | 'ledger' | 'semantic' | 'state';

/** The file of a store. */
export function storePath({ dataDir }: Pick<Config, 'dataDir'>, name: StoreName): string {
  return join(dataDir, `${name}.db`);
}
