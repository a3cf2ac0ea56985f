import { setFlagsFromString } from 'node:v8';

/** Releases of Node whose engine is known to take these flags; another one would complain on stderr. */
const KNOWN_MAJORS: ReadonlySet<string> = new Set(['22', '23', '24']);

// By default garbage is let lie, since memory is taken to be cheap and the process long-lived. A command that
// reads a file and ends has neither: of 10 MB of log these took the peak from 144 to 100 MB, and ran no longer.
const FLAGS: readonly string[] = [
  // The young generation stays as small as it begins.
  '--semi-space-growth-factor=1',
  // The old one is cleaned long before the room that it may have is full: percent of that room.
  '--incremental-marking-soft-trigger=40',
  '--incremental-marking-hard-trigger=40',
  // Which parallel threads clean when is chance, and so is the peak.
  '--single-threaded-gc',
  // What is hot here is WebAssembly; the last tier of JavaScript's compiler takes more than it gives.
  '--no-opt',
];

/** Makes this process spare memory from now on, where its engine is one that is known. */
export function keepHeapSmall(): void {
  if (!KNOWN_MAJORS.has(process.versions.node.split('.', 1)[0] as string)) return;
  for (const flag of FLAGS) setFlagsFromString(flag);
}
