// Writes the JSON Schema of a configuration file beside the build, where editors find it:
//   node scripts/write-schema.ts [FILE]     default: dist/config.schema.json
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { configJsonSchema } from '../src/optimizer/index.ts';

const root = join(import.meta.dirname, '..');
const file = process.argv[2] ?? join(root, 'dist/config.schema.json');
writeFileSync(file, `${JSON.stringify(configJsonSchema(), undefined, 2)}\n`);
