import {
  closeSync,
  constants,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { InputError, PareError } from '../contract/index.ts';
import { throwIfAborted } from '../support/index.ts';
import { atExit } from './at-exit.ts';
import type { CommandContext } from './command.ts';

/** Where a result goes. */
export interface Destination {
  /** A file, which is replaced as a whole or not at all; stdout for `-` and without one. */
  readonly path?: string | undefined;
  /** Permissions of a new file. @default 0o666, less the umask */
  readonly mode?: number;
}

/** Writes a result; returns true when it went to a file. @throws InputError, PareError naming the file */
export async function writeResult(
  context: Pick<CommandContext, 'io' | 'signal' | 'directory'>,
  text: string | AsyncIterable<string>,
  { path, mode = 0o666 }: Destination = {},
): Promise<boolean> {
  const pieces = typeof text === 'string' ? [text] : text;
  if (path === undefined || path === '-') {
    for await (const piece of pieces) {
      throwIfAborted(context.signal);
      await context.io.out(piece);
    }
    return false;
  }
  try {
    const target = targetOf(resolve(context.directory, path));
    await (target.isReplaceable ? replaceFile(target.path, mode) : openDevice(target.path))(
      pieces,
      context.signal,
    );
  } catch (error) {
    throw unwritable(path, error);
  }
  return true;
}

/** One JSON value as the whole result, indented for people. */
export function toJson(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

type Pieces = AsyncIterable<string> | Iterable<string>;
type Writer = (pieces: Pieces, signal: AbortSignal) => Promise<void>;

/** What a path leads to: links are followed, so that a linked file is replaced and not the link. */
function targetOf(path: string): { readonly path: string; readonly isReplaceable: boolean } {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) return { path, isReplaceable: true };
  if (found.isDirectory()) throw new InputError('not_a_file', `${path} is a directory. Name a file.`);
  return { path: realpathSync(path), isReplaceable: found.isFile() };
}

/** Writes beside the file and renames, so that nobody ever sees half of it. */
function replaceFile(path: string, mode: number): Writer {
  return async (pieces, signal) => {
    const draft = join(dirname(path), `.${basename(path)}.${process.pid}.pare`);
    const file = openSync(draft, 'wx', mode);
    const discard = atExit(() => rmSync(draft, { force: true }));
    try {
      try {
        await writeAll(file, pieces, signal);
      } finally {
        closeSync(file);
      }
      renameSync(draft, path);
    } finally {
      discard();
    }
  };
}

/** Devices and pipes (`/dev/stdout`, `>(...)`) are written to, not replaced. */
function openDevice(path: string): Writer {
  return async (pieces, signal) => {
    const file = openSync(path, constants.O_WRONLY);
    try {
      await writeAll(file, pieces, signal);
    } finally {
      closeSync(file);
    }
  };
}

async function writeAll(file: number, pieces: Pieces, signal: AbortSignal): Promise<void> {
  for await (const piece of pieces) {
    throwIfAborted(signal);
    const bytes = Buffer.from(piece);
    for (let written = 0; written < bytes.length; ) written += writeSync(file, bytes, written);
  }
}

function unwritable(path: string, error: unknown): Error {
  if (error instanceof PareError) return error;
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return new InputError('cannot_write', `${path} cannot be written: its folder does not exist.`, {
      cause: error,
    });
  }
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') {
    return new InputError('cannot_write', `${path} cannot be written: you may not write there.`, {
      cause: error,
    });
  }
  return new PareError('output_failed', `Writing ${path} failed: ${message}. Nothing was changed.`, {
    cause: error,
  });
}
