// `npm test`: every check, cheapest first; stops at the first that fails.
// With arguments, only the tests, which vitest filters by them.
import { spawnSync } from 'node:child_process';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const filters = process.argv.slice(2);
/** @type {[string, string, string[]][]} */
const checks = [
  ['types', 'node_modules/typescript-native/bin/tsc', ['-p', 'tsconfig.json']],
  ['format', 'node_modules/@biomejs/biome/bin/biome', ['check', '.']],
  ['lint', 'node_modules/oxlint/bin/oxlint', ['--type-aware', '--deny-warnings']],
  [
    'layers',
    'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs',
    ['src', '--config', '.dependency-cruiser.cjs'],
  ],
  ['unused exports', 'node_modules/knip/bin/knip.js', []],
  ['build', 'scripts/build.mjs', []],
  ['tests', 'node_modules/vitest/vitest.mjs', ['run']],
];

for (const [name, script, args] of filters.length > 0 ? checks.slice(-2) : checks) {
  process.stderr.write(`\n== ${name}\n`);
  const started = Date.now();
  const { status } = spawnSync(process.execPath, [script, ...args, ...(name === 'tests' ? filters : [])], {
    cwd: root,
    stdio: 'inherit',
  });
  if (status !== 0) {
    process.stderr.write(`\n${name}: failed\n`);
    process.exit(status ?? 1);
  }
  process.stderr.write(`== ${name}: ok (${((Date.now() - started) / 1000).toFixed(1)} s)\n`);
}
