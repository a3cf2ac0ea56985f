import { accessSync, constants, createReadStream, fstatSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { AbortedError, InputError, isPareError } from '../../contract/index.ts';
import type { ErrorMemory } from '../../logs/index.ts';
import { throwIfAborted } from '../../support/index.ts';
import type { CommandContext } from '../command.ts';
import { unreadable } from '../input.ts';
import { type OpenReferences, warnUnreferred } from './open-references.ts';
import { RawSpool } from './raw-spool.ts';

/** A log that is to be condensed. */
export interface LogInputFile {
  /** What it is called in results. */
  readonly name: string;
  /** As it was named; `null` for streams. */
  readonly shownPath: string | null;
  /** Where its text is read. */
  readonly path: string;
  readonly bytes: number;
  readonly reference: string | undefined;
  /** Where its errors are remembered. */
  readonly memory: ErrorMemory | undefined;
  /** Removes what was taken in. */
  close(): void;
}

/** Finds out what the arguments are before anything is read, so that a wrong name costs no time. @throws InputError */
export function checkPaths(context: CommandContext, named: readonly string[]): readonly string[] {
  if (named.length === 0) {
    if (!context.io.stdin.isTTY) return ['-'];
    throw new InputError('no_input', 'Name the logs to condense, or pipe one in: make 2>&1 | pare logs');
  }
  const problems: InputError[] = [];
  for (const path of new Set(named)) {
    try {
      if (path !== '-') checkPath(path, resolve(context.directory, path));
    } catch (error) {
      problems.push(unreadable(path, error));
    }
  }
  const [first] = problems;
  if (first === undefined) return named;
  if (named.length === 1) throw first;
  const list = problems.map(({ message }) => `\n  ${message}`).join('');
  throw new InputError('cannot_condense', `Nothing was condensed:${list}`);
}

function checkPath(path: string, full: string): void {
  if (statSync(full).isDirectory()) {
    throw new InputError('not_a_file', `${path} is a directory. Name the files in it, as in ${path}/*.log.`);
  }
  accessSync(full, constants.R_OK);
}

/**
 * Opens one log: a file stays where it is, anything else is taken in.
 *
 * @throws InputError, AbortedError
 */
export async function openInput(
  context: CommandContext,
  path: string,
  {
    references,
    previous,
  }: { readonly references: OpenReferences | undefined; readonly previous?: string | undefined },
): Promise<LogInputFile> {
  if (path === '-') {
    checkStdin();
    return takeIn(context, { name: 'stdin', shownPath: null, stream: context.io.stdin }, references);
  }
  const full = resolve(context.directory, path);
  const found = statSync(full, { throwIfNoEntry: false });
  if (found !== undefined && !found.isFile()) {
    return takeIn(context, { name: path, shownPath: path, stream: createReadStream(full) }, references);
  }
  let reference: string | undefined;
  try {
    reference = await references?.keepFile(full, previous);
  } catch (error) {
    warnUnreferred(context, error);
  }
  return {
    name: path,
    shownPath: path,
    path: full,
    bytes: found?.size ?? 0,
    reference,
    memory: references?.memory,
    close: () => {},
  };
}

/** The different files among those that were named, each under the first name it was given. */
export function distinct(context: CommandContext, named: readonly string[]): readonly string[] {
  const byFile = new Map<string, string>();
  for (const path of named) {
    const file = path === '-' ? path : resolve(context.directory, path);
    if (!byFile.has(file)) byFile.set(file, path);
  }
  return [...byFile.values()];
}

/** @throws InputError for `pare logs < folder`, which would read as empty */
function checkStdin(): void {
  if (!isFolder(0)) return;
  throw new InputError('not_a_file', 'stdin is a directory. Name the files in it.');
}

function isFolder(fd: number): boolean {
  try {
    return fstatSync(fd).isDirectory();
  } catch {
    // What is wrong with it shows when it is read.
    return false;
  }
}

/** What is taken in, and what it is called. */
interface Incoming {
  readonly name: string;
  readonly shownPath: string | null;
  readonly stream: Readable;
}

async function takeIn(
  context: CommandContext,
  { name, shownPath, stream }: Incoming,
  references: OpenReferences | undefined,
): Promise<LogInputFile> {
  const { signal, io } = context;
  throwIfAborted(signal);
  if ((stream as { isTTY?: boolean }).isTTY === true) {
    io.note('pare: reading from the terminal; end with Ctrl-D');
  }
  const spool = RawSpool.create(context, references);
  const stop = (): void => void stream.destroy(new AbortedError());
  signal.addEventListener('abort', stop, { once: true });
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) await spool.write(chunk);
    const { path, bytes, reference } = await spool.finish();
    const memory = references?.memory;
    return { name, shownPath, path, bytes, reference, memory, close: () => spool.close() };
  } catch (error) {
    spool.close();
    throw isPareError(error) ? error : unreadable(name, error);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
