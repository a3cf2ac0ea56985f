// Start-up and size: import of the library, the command line's help, the packed tarball.
// One command: node bench/start.ts (builds first)
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Figure, median, publish, ROOT } from './harness.ts';

const RUNS = 15;

function milliseconds(args: readonly string[]): number {
  const started = performance.now();
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  const took = performance.now() - started;
  if (status !== 0) throw new Error(`${args.join(' ')} failed: ${stderr}`);
  return took;
}

/** Median of the differences of pairs, each pair run back to back, so that slow moments hit both. */
function addedBy(args: readonly string[], base: readonly string[]): number {
  milliseconds(args);
  return median(Array.from({ length: RUNS }, () => milliseconds(args) - milliseconds(base)));
}

execFileSync(process.execPath, [join(ROOT, 'scripts/build.mjs')], { stdio: 'inherit' });
const folder = mkdtempSync(join(tmpdir(), 'pare-start-'));
try {
  execFileSync('npm', ['pack', '--loglevel=error', '--pack-destination', folder], {
    cwd: ROOT,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const tarball = readdirSync(folder)[0] ?? '';
  const entry = join(ROOT, 'dist/index.js');
  const bare = ['--input-type=module', '-e', '0'];
  const figures: Figure[] = [
    {
      name: "import 'pare' over a bare node",
      target: { atMost: 60 },
      reached: addedBy(
        ['--input-type=module', '-e', `await import(${JSON.stringify(`file://${entry}`)})`],
        bare,
      ),
      unit: 'ms',
      note: `median of ${RUNS} pairs`,
    },
    {
      name: 'pare --help over a bare node',
      target: { atMost: 120 },
      reached: addedBy([join(ROOT, 'dist/cli/main.js'), '--help'], bare),
      unit: 'ms',
    },
    {
      name: 'packed tarball',
      target: { atMost: 5 },
      reached: statSync(join(folder, tarball)).size / 1e6,
      unit: 'MB',
    },
  ];
  process.exitCode = publish('start', figures) ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
