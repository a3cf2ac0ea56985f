// Writes the defaults of the configuration as its schema gives them, so that a command that changes none of them
// need not load the schema:
//   node scripts/write-default-config.ts
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseConfig } from '../src/optimizer/validate-config.ts';

const { dataDir: _dataDir, ...defaults } = parseConfig({ dataDir: '.' });
writeFileSync(
  join(import.meta.dirname, '../src/optimizer/default-config.gen.ts'),
  `// Written by scripts/write-default-config.ts from config.ts; a test holds it to that.
import type { Config } from './config.ts';

/** The configuration of whoever sets nothing. */
export const DEFAULT_CONFIG: Omit<Config, 'dataDir'> = ${JSON.stringify(defaults, undefined, 2)};
`,
);
