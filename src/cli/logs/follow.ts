import { type Stats, statSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { InputError } from '../../contract/index.ts';
import { throwIfAborted } from '../../support/index.ts';
import type { LogInputFile } from './log-inputs.ts';

const LOOK_EVERY_MS = 500;
const LEAST_PAUSE_MS = 2000;
/** Condensing takes at most this share of the time. */
const PAUSES_PER_RUN = 3;

/** How a file is followed. */
export interface Following {
  readonly signal: AbortSignal;
  readonly onGone: () => void;
  readonly condense: () => Promise<void>;
}

/** Condenses a file, and again whenever it has changed, until it is interrupted. @throws AbortedError in the end */
export async function follow({ path }: Pick<LogInputFile, 'path'>, following: Following): Promise<never> {
  const { signal, onGone, condense } = following;
  let seen: Stats | undefined;
  for (;;) {
    throwIfAborted(signal);
    const now = statSync(path, { throwIfNoEntry: false });
    // A log that is rotated is gone for a moment.
    if (now === undefined && seen !== undefined) onGone();
    let pause = LOOK_EVERY_MS;
    if (now !== undefined && !isSame(now, seen)) {
      const started = performance.now();
      await condense();
      pause = Math.max(LEAST_PAUSE_MS, PAUSES_PER_RUN * (performance.now() - started));
    }
    seen = now;
    await sleep(pause, undefined, { signal }).catch(() => throwIfAborted(signal));
  }
}

/** @throws InputError for anything but one file */
export function checkFollowable(paths: readonly string[]): string {
  const [path] = paths;
  if (path !== undefined && path !== '-' && paths.length === 1 && statSync(path).isFile()) return path;
  throw new InputError('invalid_option', '--follow takes one file, and not stdin, which is read to its end.');
}

function isSame(now: Stats, seen: Stats | undefined): boolean {
  return seen !== undefined && now.size === seen.size && now.mtimeMs === seen.mtimeMs && now.ino === seen.ino;
}
