import {
  closeSync,
  constants,
  createReadStream,
  fstatSync,
  openSync,
  type ReadStream,
  type Stats,
} from 'node:fs';
import { throwIfAborted } from '../../support/index.ts';
import { logIsBinary, logIsDirectory, logNotFound, logUnreadable, systemCode } from './errors.ts';
import { FileSource, identify, type LogIdentity, type LogSource, MemorySource } from './log-source.ts';
import { SPOOL_MEMORY_BYTES, Spool } from './spool.ts';
import { readFully } from './temp-file.ts';
import { formOf, HEAD_BYTES, whyBinary } from './text-check.ts';
import { unpackInto } from './unpack.ts';

/** Where a log comes from: a file, a stream such as `process.stdin`, or bytes. */
export type LogInput =
  | { readonly path: string }
  | { readonly stream: AsyncIterable<Uint8Array> }
  | { readonly bytes: Uint8Array };

/** Options of `openSource`. */
export interface SourceOptions {
  readonly signal?: AbortSignal;
  /** Streams and unpacked text beyond this go to a temporary file. @default 8 MiB */
  readonly spoolMemoryBytes?: number;
}

/** What is spooled: bytes that are no plain text in a file of their own. */
interface Spooling {
  readonly name: string;
  readonly path: string | null;
  readonly chunks: AsyncIterable<Uint8Array>;
  readonly identity?: LogIdentity;
}

async function spooled(spooling: Spooling, options: SourceOptions): Promise<LogSource> {
  const { name, path, chunks, identity } = spooling;
  const spool = new Spool(name, options.spoolMemoryBytes ?? SPOOL_MEMORY_BYTES);
  try {
    const notes = await unpackInto({ name, chunks, spool, signal: options.signal });
    return spool.finish({ path, notes, ...(identity === undefined ? {} : { identity }) });
  } catch (error) {
    spool.discard();
    throw error;
  }
}

function openFile(path: string): { readonly fd: number; readonly stats: Stats } {
  let fd: number;
  try {
    fd = openSync(path, constants.O_RDONLY);
  } catch (cause) {
    const code = systemCode(cause);
    if (code === 'ENOENT' || code === 'ENOTDIR') throw logNotFound(path, cause);
    if (code === 'EISDIR') throw logIsDirectory(path);
    throw logUnreadable(path, `${cause instanceof Error ? cause.message : String(cause)}.`, cause);
  }
  const stats = fstatSync(fd);
  if (!stats.isDirectory()) return { fd, stats };
  closeSync(fd);
  throw logIsDirectory(path);
}

async function fromFile(path: string, options: SourceOptions): Promise<LogSource> {
  const { fd, stats } = openFile(path);
  let isKept = false;
  let opened: ReadStream | undefined;
  try {
    // The stream closes the file, whatever comes of it; a second closing might hit another one.
    const stream = (): AsyncIterable<Uint8Array> => {
      isKept = true;
      opened = createReadStream(path, { fd, ...(stats.isFile() ? { start: 0 } : {}) });
      return opened;
    };
    // A pipe or a device has no size and can be read once.
    if (!stats.isFile()) return await spooled({ name: path, path, chunks: stream() }, options);
    const head = new Uint8Array(Math.min(HEAD_BYTES, stats.size));
    const form = formOf(head.subarray(0, readFully(fd, 0, head)));
    const identity = identify((offset, buffer) => readFully(fd, offset, buffer), {
      size: stats.size,
      mtimeMs: stats.mtimeMs,
      ino: stats.ino,
    });
    if (form !== 'plain' && form !== 'utf8-bom') {
      return await spooled({ name: path, path, chunks: stream(), identity }, options);
    }
    const why = whyBinary(head);
    if (why !== undefined) throw logIsBinary(path, why);
    isKept = true;
    return new FileSource(path, fd, { base: form === 'utf8-bom' ? 3 : 0, identity });
  } catch (cause) {
    if (systemCode(cause) === 'EIO') throw logUnreadable(path, (cause as Error).message, cause);
    throw cause;
  } finally {
    if (!isKept) closeSync(fd);
    opened?.destroy();
  }
}

async function* only(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

async function fromBytes(bytes: Uint8Array, options: SourceOptions): Promise<LogSource> {
  const name = 'The text';
  const form = formOf(bytes);
  if (form !== 'plain' && form !== 'utf8-bom') {
    return spooled({ name, path: null, chunks: only(bytes) }, options);
  }
  const why = whyBinary(bytes.subarray(0, HEAD_BYTES));
  if (why !== undefined) throw logIsBinary(name, why);
  const text = form === 'utf8-bom' ? bytes.subarray(3) : bytes;
  const read = (offset: number, buffer: Uint8Array): number => {
    const part = text.subarray(offset, offset + buffer.length);
    buffer.set(part);
    return part.length;
  };
  const identity = identify(read, { size: text.length, mtimeMs: null, ino: null });
  return new MemorySource(text, { path: null, identity, notes: [] });
}

/**
 * Opens a log: a file, a stream or bytes. gzip and zstd are unpacked and UTF-16 becomes UTF-8. A plain file
 * is read where it lies; anything else is taken in first, beyond 8 MiB in a temporary file.
 *
 * @throws InputError `log_not_found`, `log_is_directory`, `log_unreadable`, `log_is_binary`;
 *   StoreError `log_spool_failed`; AbortedError
 * @example
 * const source = await openSource({ path: 'build.log.gz' });
 */
export async function openSource(input: LogInput, options: SourceOptions = {}): Promise<LogSource> {
  throwIfAborted(options.signal);
  if ('path' in input) return fromFile(input.path, options);
  if ('stream' in input) return spooled({ name: 'The stream', path: null, chunks: input.stream }, options);
  return fromBytes(input.bytes, options);
}
