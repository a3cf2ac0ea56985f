import { atExit } from './at-exit.ts';
import { formatBytes } from './figures.ts';
import type { Io } from './io.ts';

/** Short work shows no progress at all. */
const SHOW_AFTER_MS = 500;
const LINE_EVERY_MS = 2000;

/** Shows how far a long piece of work has come. */
export interface Progress {
  update(done: number, total: number): void;
  /** Takes the bar away; a second call does nothing. */
  stop(): void;
}

/** Progress in bytes: a bar on a terminal, a line every two seconds elsewhere, nothing with `--quiet`. */
export async function createProgress(io: Io, label: string): Promise<Progress> {
  const startedAt = performance.now();
  const isDue = (): boolean => performance.now() - startedAt >= SHOW_AFTER_MS;
  return io.isTerminal ? createBar(label, isDue) : createLines(io, label, startedAt);
}

async function createBar(label: string, isDue: () => boolean): Promise<Progress> {
  const { default: cliProgress } = await import('cli-progress');
  const bar = new cliProgress.SingleBar({
    format: `${label} [{bar}] {percentage}% | {value} of {total} | {eta_formatted}`,
    formatValue: (value, _options, type) =>
      type === 'value' || type === 'total' ? formatBytes(value) : String(value),
    stream: process.stderr,
    hideCursor: true,
    clearOnComplete: true,
    gracefulExit: false,
  });
  let isShown = false;
  // The cursor, which the bar hides, comes back even on a second Ctrl-C.
  let stop = (): void => {};
  return {
    update: (done, total) => {
      if (isShown) bar.update(done);
      else if (isDue() && done < total) {
        bar.start(total, done);
        stop = atExit(() => bar.stop());
        isShown = true;
      }
    },
    stop: () => {
      stop();
      stop = () => {};
      isShown = false;
    },
  };
}

function createLines(io: Io, label: string, startedAt: number): Progress {
  let shownAt = startedAt;
  return {
    update: (done, total) => {
      const now = performance.now();
      if (now - shownAt < LINE_EVERY_MS || done >= total) return;
      shownAt = now;
      io.note(`${label}: ${formatBytes(done)} of ${formatBytes(total)}`);
    },
    stop: () => {},
  };
}
