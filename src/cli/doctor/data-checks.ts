import { accessSync, constants, readdirSync, statfsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type Config } from '../../optimizer/config.ts';
import { storePath } from '../../optimizer/store-path.ts';
import {
  createSqliteCacheStore,
  createSqliteLedgerStore,
  createSqliteSemanticStore,
  createSqliteStateStore,
} from '../../stores/index.ts';
import { formatBytes } from '../figures.ts';
import { type CheckResult, fail, ok, reasonOf, warn } from './check.ts';

const STORES = ['cache', 'ledger', 'state', 'semantic'] as const;
const OPENERS = {
  cache: createSqliteCacheStore,
  ledger: createSqliteLedgerStore,
  state: createSqliteStateStore,
  semantic: createSqliteSemanticStore,
} as const;

const LOCK_WAIT_MS = 1000;
/** Reading all of a larger file takes seconds. */
const MAX_READ_BYTES = 512 * 1024 * 1024;
const LITTLE_SPACE = 1_000_000_000;
const NO_SPACE = 50_000_000;
const OTHERS = 0o077;

/** Whether the data folder can be used, and by nobody else. */
export function checkDataDir({ dataDir }: Pick<Config, 'dataDir'>): CheckResult {
  const found = statSync(dataDir, { throwIfNoEntry: false });
  const name = 'data_dir';
  try {
    if (found === undefined) {
      accessSync(existingParent(dataDir), constants.W_OK);
      return ok(name, `${dataDir} does not exist yet; it is made when it is needed`);
    }
    if (!found.isDirectory()) {
      return fail(name, `${dataDir} is not a folder`, 'Name another with --data-dir or PARE_DATA_DIR.');
    }
    accessSync(dataDir, constants.W_OK);
  } catch {
    return fail(
      name,
      `${dataDir} cannot be written`,
      `Give yourself the right to write there, or name another folder with --data-dir or PARE_DATA_DIR.`,
    );
  }
  if (process.platform !== 'win32' && (found.mode & OTHERS) !== 0) {
    return warn(name, `others can look into ${dataDir}`, `Run: chmod 700 ${dataDir}`);
  }
  return ok(name, `${dataDir} can be written, by its owner alone`);
}

/** Whether each store opens. Looks before it opens, so that nothing is set aside by looking. */
export async function checkStores(config: Pick<Config, 'dataDir'>): Promise<CheckResult[]> {
  const results: CheckResult[] = [];
  for (const store of STORES) results.push(await checkStore(store, storePath(config, store)));
  return results;
}

/** Files that an earlier trouble left behind. */
export function checkLeftovers({ dataDir }: Pick<Config, 'dataDir'>): CheckResult {
  const name = 'leftovers';
  let files: string[];
  try {
    files = readdirSync(dataDir);
  } catch {
    return ok(name, 'no files of earlier troubles');
  }
  const damaged = files.filter((file) => /\.corrupt-[^.]*$/.test(file));
  const fallbacks = files.filter((file) => /\.fallback-[^.]*\.db$/.test(file));
  if (damaged.length + fallbacks.length === 0) return ok(name, 'no files of earlier troubles');
  const parts = [
    damaged.length === 0 ? '' : `damaged stores were set aside: ${damaged.join(', ')}`,
    fallbacks.length === 0 ? '' : `stores were used while others were locked: ${fallbacks.join(', ')}`,
  ].filter((part) => part !== '');
  return warn(name, parts.join('; '), `Look at them if you miss data, then delete them from ${dataDir}.`);
}

/** Whether there is room for the stores. */
export function checkDisk({ dataDir }: Pick<Config, 'dataDir'>): CheckResult {
  const { bavail, bsize } = statfsSync(existingParent(dataDir));
  const free = bavail * bsize;
  const message = `${formatBytes(free)} free`;
  const fix = 'Free disk space, run: pare cleanup, or name another folder with --data-dir.';
  if (free < NO_SPACE) return fail('disk', message, fix);
  return free < LITTLE_SPACE ? warn('disk', message, fix) : ok('disk', message);
}

async function checkStore(store: (typeof STORES)[number], path: string): Promise<CheckResult> {
  const name = `store_${store}`;
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) return ok(name, `${path} does not exist yet; it is made when it is needed`);
  const trouble = inspect(path, found.size);
  if (trouble === 'locked') {
    return fail(
      name,
      `${path} is locked by another process`,
      'Stop the process that holds it (lsof names it).',
    );
  }
  if (trouble !== undefined) {
    return fail(
      name,
      `${path} is damaged (${trouble})`,
      'Nothing needs to be done: the next start keeps it aside and goes on with a new one. Restore a backup if you miss data.',
    );
  }
  try {
    await OPENERS[store]({ path, onEvent: () => {}, onUnavailable: 'throw' }).close();
    return ok(name, `${path} opens, ${formatBytes(found.size)}`);
  } catch (error) {
    return fail(name, reasonOf(error), 'Do what the message says, or name another folder with --data-dir.');
  }
}

/** What is wrong with a database file, found out without changing it; undefined when it is sound. */
function inspect(path: string, bytes: number): string | undefined {
  let db: DatabaseSync | undefined;
  try {
    db = new DatabaseSync(path);
    db.exec(`PRAGMA busy_timeout=${LOCK_WAIT_MS}`);
    db.exec('BEGIN IMMEDIATE; ROLLBACK');
    if (bytes > MAX_READ_BYTES) return undefined;
    const answer = db.prepare('PRAGMA quick_check(1)').get()?.['quick_check'];
    return answer === 'ok' ? undefined : String(answer);
  } catch (error) {
    const message = reasonOf(error);
    return /locked|busy/.test(message) ? 'locked' : message;
  } finally {
    db?.close();
  }
}

function existingParent(path: string): string {
  for (let at = path; ; at = dirname(at)) {
    if (statSync(at, { throwIfNoEntry: false }) !== undefined) return at;
    if (dirname(at) === at) return at;
  }
}
