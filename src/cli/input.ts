import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { AbortedError, InputError, type JsonObject } from '../contract/index.ts';
import type { CommandContext } from './command.ts';

/** A text of JavaScript holds 512 MiB; a whole input is kept in memory twice. */
const MAX_BYTES = 256 * 1024 * 1024;

/** All of stdin. @throws AbortedError when interrupted; InputError `input_too_long` */
export async function readStdin({ io, signal }: Pick<CommandContext, 'io' | 'signal'>): Promise<Buffer> {
  const { stdin } = io;
  if (stdin.isTTY) io.note('pare: reading from the terminal; end with Ctrl-D');
  const stop = (): void => void stdin.destroy(new AbortedError());
  if (signal.aborted) throw new AbortedError();
  signal.addEventListener('abort', stop, { once: true });
  try {
    const chunks: Buffer[] = [];
    let bytes = 0;
    for await (const chunk of stdin as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > MAX_BYTES) throw tooLong('stdin');
      chunks.push(chunk);
    }
    return Buffer.concat(chunks);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/** The bytes of a file; `-`, or no path at all, is stdin. @throws InputError naming the file */
export async function readInput(context: CommandContext, path: string | undefined): Promise<Buffer> {
  if (path === undefined || path === '-') return readStdin(context);
  const full = resolve(context.directory, path);
  try {
    const found = statSync(full);
    if (found.isDirectory()) {
      throw new InputError('not_a_file', `${path} is a directory. Name a file.`);
    }
    if (found.size > MAX_BYTES) throw tooLong(path);
    return readFileSync(full);
  } catch (error) {
    throw unreadable(path, error);
  }
}

/** A JSON object from a file or stdin. @throws InputError `invalid_json` */
export async function readJsonObject(context: CommandContext, path: string | undefined): Promise<JsonObject> {
  const name = path === undefined || path === '-' ? 'stdin' : path;
  const text = (await readInput(context, path)).toString('utf8');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new InputError('invalid_json', `${name} is not JSON: ${(cause as Error).message}.`, { cause });
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonObject;
  throw new InputError('invalid_json', `${name} must hold a JSON object.`);
}

/** The error for a file that cannot be read, naming it; a Pare error is returned as it is. */
export function unreadable(path: string, error: unknown): InputError {
  if (error instanceof InputError) return error;
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return new InputError('file_not_found', `There is no file ${path}.`, { cause: error });
  }
  const why = code === 'EACCES' || code === 'EPERM' ? 'you may not read it' : message;
  return new InputError('file_unreadable', `The file ${path} could not be read: ${why}.`, { cause: error });
}

function tooLong(name: string): InputError {
  return new InputError(
    'input_too_long',
    `${name} has more than ${MAX_BYTES / 1024 / 1024} MiB, which is too long for this command. Give a shorter one.`,
  );
}
