import { closeSync, openSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { InputError, PareError } from '../../contract/index.ts';
import { makeFolder } from '../../support/index.ts';
import { atExit } from '../at-exit.ts';
import type { CommandContext } from '../command.ts';

const MAX_BYTES = 5_000_000;
const MAX_LOGS = 10;
const MOST_NAME_CHARS = 80;
/** No space, no more quota, a broken disk. */
const FULL = new Set(['ENOSPC', 'EDQUOT', 'EIO']);
/** Files that this wrote: only they are ever removed. */
const OURS = /-(\d{8}T\d{9}Z(?:-\d+)?)(?:\.\d+)?\.condensed\.log$/;

/** Writes a condensed log into the folder of `--output-dir`; returns the path, or `null` without that flag. */
export function writeToFolder(
  context: Pick<CommandContext, 'options' | 'directory'>,
  name: string,
  text: string,
): string | null {
  const folder = context.options['outputDir'] as string | undefined;
  if (folder === undefined) return null;
  const full = resolve(context.directory, folder);
  try {
    makeFolder(full);
    const stamp = unusedStamp(full, new Date());
    const parts = split(text, (context.options['maxLogSize'] as number | undefined) ?? MAX_BYTES);
    const stem = `${safeName(name)}-${stamp}`;
    const names = parts.map((_, i) => `${stem}${parts.length === 1 ? '' : `.${i + 1}`}.condensed.log`);
    for (const [i, part] of parts.entries()) writeWhole(full, names[i] as string, part);
    removeOldest(full, (context.options['maxLogs'] as number | undefined) ?? MAX_LOGS);
    return join(folder, names[0] as string);
  } catch (cause) {
    throw unwritable(folder, cause as NodeJS.ErrnoException);
  }
}

function unwritable(folder: string, cause: NodeJS.ErrnoException): PareError {
  const { code = '', message } = cause;
  const why = code === 'EEXIST' || code === 'ENOTDIR' ? 'it is no folder' : message;
  const text = `Nothing could be written to ${folder}: ${why}.`;
  // Another folder may do; a full disk is nobody's mistake.
  const isFull = FULL.has(code);
  return isFull
    ? new PareError('output_failed', text, { cause })
    : new InputError('cannot_write', text, { cause });
}

/** Written beside and renamed, so that nobody ever sees half of it. */
function writeWhole(folder: string, name: string, text: string): void {
  const draft = join(folder, `.${name}.${process.pid}.pare`);
  const file = openSync(draft, 'wx');
  const discard = atExit(() => rmSync(draft, { force: true }));
  try {
    try {
      writeFileSync(file, text);
    } finally {
      closeSync(file);
    }
    renameSync(draft, join(folder, name));
  } finally {
    discard();
  }
}

function removeOldest(folder: string, most: number): void {
  const byStamp = new Map<string, string[]>();
  for (const name of readdirSync(folder)) {
    const stamp = OURS.exec(name)?.[1];
    if (stamp !== undefined) byStamp.set(stamp, [...(byStamp.get(stamp) ?? []), name]);
  }
  const newestFirst = [...byStamp.keys()].toSorted((a, b) => (a < b ? 1 : -1));
  for (const stamp of newestFirst.slice(most)) {
    for (const name of byStamp.get(stamp) ?? []) rmSync(join(folder, name), { force: true });
  }
}

/** The time, with a number where another result has the same. */
function unusedStamp(folder: string, time: Date): string {
  const stamp = time.toISOString().replaceAll(/[-:.]/g, '');
  const taken = new Set(readdirSync(folder).map((name) => OURS.exec(name)?.[1]));
  if (!taken.has(stamp)) return stamp;
  let number = 2;
  while (taken.has(`${stamp}-${number}`)) number++;
  return `${stamp}-${number}`;
}

function safeName(name: string): string {
  const safe = basename(name).replaceAll(/[^\p{L}\p{N}._-]/gu, '_');
  return safe.replace(/^\.+/, '').slice(0, MOST_NAME_CHARS) || 'log';
}

/** Cuts a text at line ends into parts of at most so many bytes; only a longer line is cut itself. */
function split(text: string, maxBytes: number): readonly string[] {
  if (Buffer.byteLength(text) <= maxBytes) return [text];
  const lines = text.split(/(?<=\n)/);
  const pieces = lines.flatMap((line) =>
    Buffer.byteLength(line) <= maxBytes ? [line] : gather(line, maxBytes),
  );
  return gather(pieces, maxBytes);
}

/** Joins pieces as long as they fit. */
function gather(pieces: Iterable<string>, maxBytes: number): readonly string[] {
  const parts: string[] = [];
  let part = '';
  let bytes = 0;
  for (const piece of pieces) {
    const size = Buffer.byteLength(piece);
    if (bytes > 0 && bytes + size > maxBytes) {
      parts.push(part);
      part = '';
      bytes = 0;
    }
    part += piece;
    bytes += size;
  }
  return [...parts, part];
}
