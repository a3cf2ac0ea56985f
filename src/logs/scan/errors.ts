import { InputError, StoreError } from '../../contract/index.ts';

/** The code of a system error: `ENOENT`. */
export function systemCode(cause: unknown): string {
  const code = (cause as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : '';
}

/** There is no file of this name. */
export function logNotFound(path: string, cause: unknown): InputError {
  return new InputError('log_not_found', `There is no file ${path}. Name the log to read, or - for stdin.`, {
    cause,
    details: { path },
  });
}

/** The name is that of a directory. */
export function logIsDirectory(path: string): InputError {
  return new InputError('log_is_directory', `${path} is a directory. Name one log in it.`, {
    details: { path },
  });
}

/** The log cannot be opened, read or unpacked. */
export function logUnreadable(name: string, why: string, cause?: unknown): InputError {
  return new InputError('log_unreadable', `${name} could not be read: ${why}`, { cause });
}

/** What was given is no text. */
export function logIsBinary(name: string, why: string): InputError {
  return new InputError('log_is_binary', `${name} is no text: ${why}. Give a text log, plain, gzip or zstd.`);
}

/** No temporary file can be written. */
export function logSpoolFailed(folder: string, cause: unknown): StoreError {
  const why =
    systemCode(cause) === 'ENOSPC'
      ? 'the disk is full'
      : cause instanceof Error
        ? cause.message
        : String(cause);
  return new StoreError(
    'log_spool_failed',
    `A temporary file in ${folder} could not be written: ${why}. Free space there, or set TMPDIR to another folder.`,
    { cause, details: { folder } },
  );
}
