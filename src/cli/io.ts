import { once } from 'node:events';

/** The standard streams: results to stdout, everything else to stderr. */
export interface Io {
  /** Writes to stdout and waits until a slow reader took it. */
  out(text: string | Uint8Array): Promise<void>;
  /** A line for people on stderr; nothing with `--quiet`. */
  note(text: string): void;
  /** A line on stderr even with `--quiet`: errors and warnings. */
  warn(text: string): void;
  /** True when progress bars make sense. */
  readonly isTerminal: boolean;
  readonly hasColor: boolean;
  readonly stdin: NodeJS.ReadStream;
}

/** Returns the process's streams. */
export function createIo(options: {
  readonly quiet: boolean;
  readonly color: boolean;
  readonly noColorVariable: boolean;
}): Io {
  return {
    out: async (text) => {
      if (!process.stdout.write(text)) await once(process.stdout, 'drain');
    },
    note: (text) => {
      if (!options.quiet) process.stderr.write(`${text}\n`);
    },
    warn: (text) => void process.stderr.write(`${text}\n`),
    isTerminal: process.stderr.isTTY && !options.quiet,
    hasColor: options.color && !options.noColorVariable && process.stdout.isTTY,
    stdin: process.stdin,
  };
}
