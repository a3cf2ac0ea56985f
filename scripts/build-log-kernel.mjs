// Compiles src/logs/scan/kernel.as (AssemblyScript) to WebAssembly and writes it to kernel.gen.ts, with the digest
// of the source that it was made from. Fetches the compiler from npm: only who changes the kernel needs it.
//
//   node scripts/build-log-kernel.mjs           compile
//   node scripts/build-log-kernel.mjs --check   only say whether the two belong together
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Another version may compile to other bytes. */
const COMPILER = 'assemblyscript@0.28.20';
const OPTIONS = '-O3 --runtime stub --enable simd --noAssert --initialMemory 3 --use abort='.split(' ');

const folder = join(dirname(dirname(fileURLToPath(import.meta.url))), 'src/logs/scan');
const source = readFileSync(join(folder, 'kernel.as'));
const digest = createHash('sha256').update(source).digest('hex');
const generated = join(folder, 'kernel.gen.ts');

/** The source as WebAssembly. */
function compile() {
  const temporary = mkdtempSync(join(tmpdir(), 'pare-log-kernel-'));
  try {
    // The compiler takes no other extension.
    writeFileSync(join(temporary, 'kernel.ts'), source);
    const args = [
      '--yes',
      `--package=${COMPILER}`,
      'asc',
      'kernel.ts',
      ...OPTIONS,
      '--outFile',
      'kernel.wasm',
    ];
    const isWindows = process.platform === 'win32';
    const { status, error } = spawnSync('npx', args, { cwd: temporary, stdio: 'inherit', shell: isWindows });
    if (error !== undefined || status !== 0) {
      process.stderr.write(`${COMPILER} did not compile kernel.as: ${error?.message ?? `exit ${status}`}.\n`);
      process.exit(1);
    }
    return readFileSync(join(temporary, 'kernel.wasm'));
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

if (process.argv.includes('--check')) {
  if (readFileSync(generated, 'utf8').includes(digest)) process.exit(0);
  process.stderr.write('kernel.gen.ts was not made from kernel.as: run node scripts/build-log-kernel.mjs.\n');
  process.exit(1);
}

writeFileSync(
  generated,
  [
    `// Made from kernel.as by scripts/build-log-kernel.mjs with ${COMPILER}; not to be changed by hand.`,
    '/** The compiled kernel, as base64. */',
    'export const KERNEL =',
    `  '${compile().toString('base64')}';`,
    '/** SHA-256 of the kernel.as that it was made from. */',
    'export const KERNEL_SOURCE =',
    `  '${digest}';`,
    '',
  ].join('\n'),
);
