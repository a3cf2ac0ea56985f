import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { logSpoolFailed } from './errors.ts';

/** A file that only this process can read, and that is gone when it is closed or the process ends. */
export class TempFile {
  readonly fd: number;
  /** The folder to remove on closing; none where the file had its name taken off right away. */
  readonly #folder: string | undefined;
  #size = 0;
  #isOpen = true;

  /** @throws StoreError `log_spool_failed` */
  constructor(parent: string = tmpdir()) {
    let folder: string | undefined;
    try {
      folder = mkdtempSync(join(parent, 'pare-log-'));
      this.fd = openSync(join(folder, 'text'), 'wx+', 0o600);
    } catch (cause) {
      if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
      throw logSpoolFailed(parent, cause);
    }
    // Windows removes no open file; elsewhere a killed process leaves nothing behind.
    this.#folder = process.platform === 'win32' ? folder : undefined;
    if (this.#folder === undefined) rmSync(folder, { recursive: true, force: true });
  }

  /** Bytes written so far. */
  get size(): number {
    return this.#size;
  }

  /** Adds bytes at the end and returns where they begin. @throws StoreError `log_spool_failed` */
  append(bytes: Uint8Array): number {
    const start = this.#size;
    try {
      for (let done = 0; done < bytes.length; ) {
        done += writeSync(this.fd, bytes, done, bytes.length - done, start + done);
      }
    } catch (cause) {
      throw logSpoolFailed(tmpdir(), cause);
    }
    this.#size = start + bytes.length;
    return start;
  }

  /** Fills the buffer from an offset; returns the bytes read, fewer only at the end. */
  read(offset: number, buffer: Uint8Array): number {
    return readFully(this.fd, offset, buffer);
  }

  /** Removes the file. */
  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    closeSync(this.fd);
    if (this.#folder !== undefined) rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** Fills the buffer from an offset of a file; returns the bytes read, fewer only at the end. */
export function readFully(fd: number, offset: number, buffer: Uint8Array): number {
  let filled = 0;
  while (filled < buffer.length) {
    const bytes = readSync(fd, buffer, filled, buffer.length - filled, offset + filled);
    if (bytes === 0) break;
    filled += bytes;
  }
  return filled;
}
