// Compiles the log scanner's kernel, src/logs/scan/kernel.as.
//
//   node scripts/build-log-kernel.mjs           compile
//   node scripts/build-log-kernel.mjs --check   only say whether source and compiled code belong together
import { buildKernel } from './compile-kernel.mjs';

buildKernel({ script: 'build-log-kernel.mjs', folder: 'src/logs/scan', options: ['--initialMemory', '3'] });
