// Compiles the vector index's kernel, src/stores/vectors/kernel.as.
//
//   node scripts/build-vector-kernel.mjs           compile
//   node scripts/build-vector-kernel.mjs --check   only say whether source and compiled code belong together
import { buildKernel } from './compile-kernel.mjs';

buildKernel({
  script: 'build-vector-kernel.mjs',
  folder: 'src/stores/vectors',
  options: ['--importMemory', '--initialMemory', '2'],
});
