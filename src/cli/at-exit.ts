/**
 * Runs `cleanUp` when the process ends while it is still wanted, even on a second interrupt; returns a
 * function that runs it now instead. It must be synchronous and must not throw.
 */
export function atExit(cleanUp: () => void): () => void {
  const run = (): void => {
    process.off('exit', run);
    cleanUp();
  };
  process.on('exit', run);
  return run;
}
