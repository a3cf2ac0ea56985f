import { Readable, type Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import * as zlib from 'node:zlib';
import { AbortedError, isPareError } from '../../contract/index.ts';
import { logUnreadable, systemCode } from './errors.ts';
import type { Spool } from './spool.ts';
import { formOf, MARK_BYTES } from './text-check.ts';

/** A stream of bytes into a spool. */
export interface Unpacking {
  /** Of the log, for errors. */
  readonly name: string;
  readonly chunks: AsyncIterable<Uint8Array>;
  readonly spool: Spool;
  readonly signal: AbortSignal | undefined;
}

function unpackerFor(head: Uint8Array, name: string): Transform | undefined {
  const form = formOf(head);
  if (form === 'gzip') return zlib.createGunzip();
  if (form !== 'zstd') return undefined;
  // Node has it since 22.15.
  if (typeof zlib.createZstdDecompress === 'function') return zlib.createZstdDecompress();
  throw logUnreadable(
    name,
    `it is packed with zstd, which Node ${process.version} cannot unpack. Use Node 22.15 or later, or unpack it first.`,
  );
}

/** The first bytes of a stream, and the whole stream again. */
async function peek(
  chunks: AsyncIterable<Uint8Array>,
): Promise<{ head: Uint8Array; all: AsyncIterable<Uint8Array> }> {
  const iterator = chunks[Symbol.asyncIterator]();
  let head: Uint8Array = new Uint8Array(0);
  let isDone = false;
  while (!isDone && head.length < MARK_BYTES) {
    const step = await iterator.next();
    isDone = step.done === true;
    if (step.done !== true) head = Buffer.concat([head, step.value]);
  }
  async function* all(): AsyncGenerator<Uint8Array> {
    try {
      if (head.length > 0) yield head;
      while (!isDone) {
        const step = await iterator.next();
        isDone = step.done === true;
        if (step.done !== true) yield step.value;
      }
    } finally {
      await iterator.return?.();
    }
  }
  return { head, all: all() };
}

/**
 * Writes a stream into a spool, unpacked where it is gzip or zstd. Returns notes for the reader.
 *
 * @throws AbortedError; InputError `log_unreadable`, `log_is_binary`; StoreError `log_spool_failed`
 */
export async function unpackInto({ name, chunks, spool, signal }: Unpacking): Promise<readonly string[]> {
  let unpacked = 0;
  let isPacked = false;
  const take = async (source: AsyncIterable<Uint8Array>): Promise<void> => {
    for await (const chunk of source) {
      spool.write(chunk);
      unpacked += chunk.length;
    }
  };
  try {
    const { head, all } = await peek(chunks);
    const unpacker = unpackerFor(head, name);
    isPacked = unpacker !== undefined;
    const source = Readable.from(all, { objectMode: false });
    const options = signal === undefined ? {} : { signal };
    if (unpacker === undefined) await pipeline(source, take, options);
    else await pipeline(source, unpacker, take, options);
    return [];
  } catch (cause) {
    if (signal?.aborted) throw new AbortedError(undefined, { cause });
    if (isPareError(cause)) throw cause;
    const isCut = systemCode(cause) === 'Z_BUF_ERROR';
    // A log that is still being packed: what there is so far is worth reading.
    if (isPacked && isCut && unpacked > 0) return [`${name} ends in the middle of its packed data.`];
    // So is what comes before a damage.
    const isDamaged = /^(?:Z_|ZSTD_)/.test(systemCode(cause));
    if (isPacked && isDamaged && unpacked > 0) {
      return [
        `The packed data of ${name} is damaged: what comes after its first ${unpacked} bytes of text is missing.`,
      ];
    }
    const why = cause instanceof Error ? cause.message : String(cause);
    throw logUnreadable(name, `${isPacked ? 'it could not be unpacked: ' : ''}${why}.`, cause);
  }
}
