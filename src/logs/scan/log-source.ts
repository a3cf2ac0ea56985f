import { createHash } from 'node:crypto';
import { closeSync, fstatSync } from 'node:fs';
import { readFully, type TempFile } from './temp-file.ts';

/** Bytes at both ends that tell whether a log is still the one that was read. */
const ENDS_BYTES = 65_536;

/** What a log was when it was opened; of a packed file, that of the packed bytes. */
export interface LogIdentity {
  readonly size: number;
  /** `null` for streams and bytes. */
  readonly mtimeMs: number | null;
  readonly ino: number | null;
  /** SHA-256 (hex) of the first and of the last 64 KiB. */
  readonly headSha256: string;
  readonly tailSha256: string;
}

/** The text of a log, by byte. */
export interface LogSource {
  /** As it was named; `null` for streams and bytes. */
  readonly path: string | null;
  /** Bytes of the text, after unpacking, as UTF-8. */
  readonly size: number;
  readonly identity: LogIdentity;
  /** What the reader should know: the log shrank, grew, or ended too early. */
  readonly notes: readonly string[];
  /** Where other threads read the text; `null` for text in memory. */
  readonly file: { readonly fd: number; readonly base: number } | null;
  /** Fills the buffer from an offset; returns the bytes read: fewer at the end, or when the log has shrunk. */
  read(offset: number, buffer: Uint8Array): number;
  /** Looks whether the log changed since it was opened, and notes it. */
  checkUnchanged(): void;
  /** Frees files and memory. */
  close(): void;
}

/** Reads the identity of what stands behind `read`. */
export function identify(
  read: (offset: number, buffer: Uint8Array) => number,
  stats: { readonly size: number; readonly mtimeMs: number | null; readonly ino: number | null },
): LogIdentity {
  const digest = (offset: number): string => {
    const buffer = new Uint8Array(Math.min(ENDS_BYTES, stats.size - offset));
    const bytes = read(offset, buffer);
    return createHash('sha256').update(buffer.subarray(0, bytes)).digest('hex');
  };
  return { ...stats, headSha256: digest(0), tailSha256: digest(Math.max(0, stats.size - ENDS_BYTES)) };
}

/** What all sources have beside their bytes. */
export interface SourceFacts {
  readonly path: string | null;
  readonly identity: LogIdentity;
  readonly notes: readonly string[];
}

/** Text in memory. */
export class MemorySource implements LogSource {
  readonly path: string | null;
  readonly identity: LogIdentity;
  readonly notes: readonly string[];
  readonly file = null;
  #bytes: Uint8Array;

  constructor(bytes: Uint8Array, facts: SourceFacts) {
    this.#bytes = bytes;
    this.path = facts.path;
    this.identity = facts.identity;
    this.notes = facts.notes;
  }

  get size(): number {
    return this.#bytes.length;
  }

  read(offset: number, buffer: Uint8Array): number {
    const part = this.#bytes.subarray(offset, offset + buffer.length);
    buffer.set(part);
    return part.length;
  }

  checkUnchanged(): void {
    // Nobody else holds these bytes.
  }

  close(): void {
    this.#bytes = new Uint8Array(0);
  }
}

/** Text in a temporary file. */
export class SpooledSource implements LogSource {
  readonly path: string | null;
  readonly identity: LogIdentity;
  readonly notes: readonly string[];
  readonly size: number;
  readonly file: { readonly fd: number; readonly base: number };
  readonly #spool: TempFile;

  constructor(spool: TempFile, facts: SourceFacts) {
    this.#spool = spool;
    this.size = spool.size;
    this.file = { fd: spool.fd, base: 0 };
    this.path = facts.path;
    this.identity = facts.identity;
    this.notes = facts.notes;
  }

  read(offset: number, buffer: Uint8Array): number {
    return this.#spool.read(offset, buffer);
  }

  checkUnchanged(): void {
    // Nobody else has this file.
  }

  close(): void {
    this.#spool.close();
  }
}

/** Text read from the log's own file. */
export class FileSource implements LogSource {
  readonly path: string;
  readonly size: number;
  readonly identity: LogIdentity;
  readonly file: { readonly fd: number; readonly base: number };
  readonly #notes = new Set<string>();
  #isOpen = true;

  /** @param base bytes before the text: a byte order mark */
  constructor(path: string, fd: number, at: { readonly base: number; readonly identity: LogIdentity }) {
    this.path = path;
    this.file = { fd, base: at.base };
    this.identity = at.identity;
    this.size = at.identity.size - at.base;
  }

  get notes(): readonly string[] {
    return [...this.#notes];
  }

  read(offset: number, buffer: Uint8Array): number {
    const wanted = Math.min(buffer.length, this.size - offset);
    if (wanted <= 0) return 0;
    const bytes = readFully(
      this.file.fd,
      offset + this.file.base,
      wanted === buffer.length ? buffer : buffer.subarray(0, wanted),
    );
    if (bytes < wanted) this.checkUnchanged();
    return bytes;
  }

  checkUnchanged(): void {
    const now = fstatSync(this.file.fd);
    const { size } = this.identity;
    if (now.size < size) {
      this.#notes.add(
        `${this.path} became shorter while it was read (${size} bytes, then ${now.size}): what stood after is missing.`,
      );
    } else if (now.size > size) {
      this.#notes.add(`${this.path} grew while it was read: only its first ${size} bytes are in.`);
    } else if (now.mtimeMs !== this.identity.mtimeMs) {
      this.#notes.add(`${this.path} was changed while it was read.`);
    }
  }

  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    closeSync(this.file.fd);
  }
}
