import { closeSync, fstatSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { isPareError, StoreError } from '../../contract/index.ts';
import { type LogSource, openSource } from '../scan/index.ts';
import { identify, type LogIdentity } from '../scan/log-source.ts';
import { readFully } from '../scan/temp-file.ts';
import { formOf, MARK_BYTES } from '../scan/text-check.ts';
import type { FileEntry, ReferenceEntry } from './entry.ts';

/** A log as it was when it was condensed. */
export interface ReferredLog {
  readonly source: LogSource;
  /** Bytes of the text that belong to it; a log that has grown since has more. */
  readonly bytes: number;
  /** What the reader should know. */
  readonly note?: string;
}

/** Opens what an entry leads to. @throws StoreError `reference_changed` */
export async function openEntry(
  entry: ReferenceEntry,
  {
    reference,
    folder,
    signal,
  }: { readonly reference: string; readonly folder: string; readonly signal?: AbortSignal },
): Promise<ReferredLog> {
  const options = signal === undefined ? {} : { signal };
  if (entry.kind === 'copy') {
    const path = join(folder, entry.file);
    const source = await openSource({ path }, options).catch((cause: unknown) => {
      throw isPareError(cause, 'log_not_found') || isPareError(cause, 'log_unreadable')
        ? changed(reference, `its copy ${path} is gone or damaged`, cause)
        : cause;
    });
    return { source, bytes: source.size };
  }
  const hasGrown = checkFile(reference, entry);
  const source = await openSource({ path: entry.path }, options);
  if (!hasGrown) {
    if (!isSame(source.identity, entry.identity)) {
      source.close();
      throw changed(reference, `${entry.path} was changed since`);
    }
    return { source, bytes: source.size };
  }
  // Bytes before the text, which a byte order mark is, are no part of it.
  const base = source.identity.size - source.size;
  return {
    source,
    bytes: entry.identity.size - base,
    note: `${entry.path} has grown since it was condensed; this is what stood there then.`,
  };
}

/** True for a log that has only got longer. @throws StoreError `reference_changed` */
function checkFile(reference: string, { path, identity }: FileEntry): boolean {
  let fd: number;
  try {
    fd = openSync(path, 'r');
  } catch (cause) {
    throw changed(reference, `${path} is not there any more, or cannot be read`, cause);
  }
  try {
    const stats = fstatSync(fd);
    if (!stats.isFile() || stats.size < identity.size) throw changed(reference, `${path} was changed since`);
    const hasGrown = stats.size > identity.size && stats.ino === identity.ino;
    const head = new Uint8Array(MARK_BYTES);
    readFully(fd, 0, head);
    const now = identify((offset, buffer) => readFully(fd, offset, buffer), {
      size: hasGrown ? identity.size : stats.size,
      mtimeMs: hasGrown ? identity.mtimeMs : stats.mtimeMs,
      ino: stats.ino,
    });
    // What is unpacked or decoded first is read to its end, wherever that is by now.
    const isReadInPlace = ['plain', 'utf8-bom'].includes(formOf(head));
    if (!isSame(now, identity) || (hasGrown && !isReadInPlace)) {
      throw changed(reference, `${path} was changed since`);
    }
    return hasGrown;
  } finally {
    closeSync(fd);
  }
}

/** Head and tail hold all of a log up to this size, whatever its time says. */
const WHOLE_BYTES = 2 * 65_536;

function isSame(now: LogIdentity, then: LogIdentity): boolean {
  return (
    now.size === then.size &&
    now.headSha256 === then.headSha256 &&
    now.tailSha256 === then.tailSha256 &&
    (now.size <= WHOLE_BYTES || now.mtimeMs === then.mtimeMs)
  );
}

function changed(reference: string, why: string, cause?: unknown): StoreError {
  return new StoreError(
    'reference_changed',
    `The log behind ${reference} cannot be shown as it was condensed: ${why}. Condense it again.`,
    { cause },
  );
}
