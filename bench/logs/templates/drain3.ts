import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What Drain3 made of one log. */
export interface Drain3Run {
  readonly ids: readonly number[];
  readonly seconds: number;
}

const MAX_OUTPUT_BYTES = 2 ** 30;

/** Folder that holds Drain3, from `PARE_BENCH_DRAIN3`; a temporary one that pip fills where it is not set. */
function folderOf(): string | undefined {
  const given = process.env['PARE_BENCH_DRAIN3'];
  if (given !== undefined) return existsSync(join(given, 'drain3')) ? given : undefined;
  const folder = join(tmpdir(), 'pare-bench-drain3');
  if (existsSync(join(folder, 'drain3'))) return folder;
  const pip = spawnSync('python3', ['-m', 'pip', 'install', '--quiet', 'drain3', '--target', folder]);
  return pip.status === 0 ? folder : undefined;
}

/** Runs Drain3 from PyPI with its defaults over each list of messages; `undefined` where it cannot be had. */
export function runDrain3(logs: readonly (readonly string[])[]): readonly Drain3Run[] | undefined {
  const folder = folderOf();
  if (folder === undefined) return undefined;
  const script = join(import.meta.dirname, 'drain3_ids.py');
  const run = spawnSync('python3', [script], {
    input: logs.map((messages) => `${JSON.stringify(messages)}\n`).join(''),
    env: { ...process.env, PYTHONPATH: folder },
    // Drain3 reads drain3.ini where it is started.
    cwd: folder,
    encoding: 'utf8',
    maxBuffer: MAX_OUTPUT_BYTES,
  });
  if (run.status !== 0) {
    console.error(`Drain3 ended with ${run.status}: ${run.stderr.slice(-500)}`);
    return undefined;
  }
  return run.stdout
    .trim()
    .split('\n')
    .map((row) => JSON.parse(row) as Drain3Run);
}
