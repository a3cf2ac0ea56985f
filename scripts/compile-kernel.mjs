// What the scripts that build kernels share: compiles a kernel.as (AssemblyScript) to WebAssembly and writes it to
// kernel.gen.ts beside it, with the digest of the source that it was made from. Fetches the compiler from npm: only
// who changes a kernel needs it.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Another version may compile to other bytes. */
const COMPILER = 'assemblyscript@0.28.20';
const OPTIONS = '-O3 --runtime stub --enable simd --noAssert --use abort='.split(' ');

/**
 * Compiles the kernel of a folder, or with `--check` only says whether source and compiled code belong together.
 *
 * @param {{ script: string, folder: string, options: readonly string[] }} kernel the script's name, the kernel's
 *   folder from the root, and options of the compiler beside those of all kernels
 */
export function buildKernel({ script, folder, options }) {
  const path = join(dirname(dirname(fileURLToPath(import.meta.url))), folder);
  const source = readFileSync(join(path, 'kernel.as'));
  const digest = createHash('sha256').update(source).digest('hex');
  const generated = join(path, 'kernel.gen.ts');
  if (process.argv.includes('--check')) {
    if (readFileSync(generated, 'utf8').includes(digest)) return;
    process.stderr.write(
      `${folder}/kernel.gen.ts was not made from kernel.as: run node scripts/${script}.\n`,
    );
    process.exit(1);
  }
  writeFileSync(
    generated,
    [
      `// Made from kernel.as by scripts/${script} with ${COMPILER}; not to be changed by hand.`,
      '/** The compiled kernel, as base64. */',
      'export const KERNEL =',
      `  '${compile(source, options).toString('base64')}';`,
      '/** SHA-256 of the kernel.as that it was made from. */',
      'export const KERNEL_SOURCE =',
      `  '${digest}';`,
      '',
    ].join('\n'),
  );
}

/** The source as WebAssembly. */
function compile(source, options) {
  const temporary = mkdtempSync(join(tmpdir(), 'pare-kernel-'));
  try {
    // The compiler takes no other extension.
    writeFileSync(join(temporary, 'kernel.ts'), source);
    const args = ['--yes', `--package=${COMPILER}`, 'asc', 'kernel.ts', ...OPTIONS, ...options];
    const isWindows = process.platform === 'win32';
    const { status, error } = spawnSync('npx', [...args, '--outFile', 'kernel.wasm'], {
      cwd: temporary,
      stdio: 'inherit',
      shell: isWindows,
    });
    if (error !== undefined || status !== 0) {
      process.stderr.write(`${COMPILER} did not compile kernel.as: ${error?.message ?? `exit ${status}`}.\n`);
      process.exit(1);
    }
    return readFileSync(join(temporary, 'kernel.wasm'));
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}
