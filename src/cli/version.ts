import { readFileSync } from 'node:fs';

/** What the package says about itself. */
export interface PackageFacts {
  readonly version: string;
  readonly engines: { readonly node: string };
}

/** Reads the package's own `package.json`, from source and from the build alike. */
export function readPackage(): PackageFacts {
  return JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as PackageFacts;
}
