import { getHeapStatistics } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { setEngineFlags } from './engine-flags.ts';

// By default garbage is let lie, since memory is taken to be cheap and the process long-lived. A command that
// reads a file and ends has neither: of 10 MB of log these took the peak from 144 to 98 MB, and ran no longer.
const FLAGS: readonly string[] = [
  // The young generation stays as small as it begins.
  '--semi-space-growth-factor=1',
  // Which parallel threads clean when is chance, and so is the peak.
  '--single-threaded-gc',
  // What is hot here is WebAssembly; the last tier of JavaScript's compiler takes more than it gives.
  '--no-opt',
  '--expose-gc',
];

/** Growth after which the heap is cleaned, and how often it is looked at. A cleaning takes some 20 ms. */
const GROWTH_BYTES = 5_000_000;
const LOOK_MS = 20;

/** Makes this process spare memory from now on, where its engine is one that is known. */
export function keepHeapSmall(): void {
  if (!setEngineFlags(FLAGS)) return;
  // A context that is made after the flag has the function.
  const clean = runInNewContext('gc') as () => void;
  let floor = usedBytes();
  const look = (): void => {
    if (usedBytes() - floor < GROWTH_BYTES) return;
    clean();
    floor = usedBytes();
  };
  setInterval(look, LOOK_MS).unref();
}

function usedBytes(): number {
  return getHeapStatistics().used_heap_size;
}
