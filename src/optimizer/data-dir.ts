import { StoreError } from '../contract/index.ts';
import { makeFolder } from '../support/index.ts';
import type { Config } from './config.ts';

/** Makes the data folder, readable by its owner alone, unless it is there. @throws StoreError `data_dir_unusable` */
export function prepareDataDir({ dataDir }: Pick<Config, 'dataDir'>): void {
  try {
    makeFolder(dataDir, 0o700);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new StoreError(
      'data_dir_unusable',
      `The data folder ${dataDir} cannot be made: ${why}. Name another with --data-dir or PARE_DATA_DIR.`,
      { cause },
    );
  }
}
