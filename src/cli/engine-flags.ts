import { setFlagsFromString } from 'node:v8';

/** Releases of Node whose engine is known to take these flags; another one would complain on stderr. */
const KNOWN_MAJORS: ReadonlySet<string> = new Set(['22', '23', '24']);

/** Sets flags of the engine from now on; false, and none is set, where the engine is not one that is known. */
export function setEngineFlags(flags: readonly string[]): boolean {
  if (!KNOWN_MAJORS.has(process.versions.node.split('.', 1)[0] as string)) return false;
  for (const flag of flags) setFlagsFromString(flag);
  return true;
}
