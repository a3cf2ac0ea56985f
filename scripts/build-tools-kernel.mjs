// Compiles the kernel of tool selection, src/tools/kernel.as.
//
//   node scripts/build-tools-kernel.mjs           compile
//   node scripts/build-tools-kernel.mjs --check   only say whether source and compiled code belong together
import { buildKernel } from './compile-kernel.mjs';

buildKernel({
  script: 'build-tools-kernel.mjs',
  folder: 'src/tools',
  options: ['--importMemory', '--initialMemory', '2'],
});
