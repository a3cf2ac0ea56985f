import { createHash, randomUUID } from 'node:crypto';
import { createWriteStream, renameSync, rmSync, statSync, type WriteStream } from 'node:fs';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import * as zlib from 'node:zlib';
import { formOf } from '../scan/text-check.ts';
import { referenceId } from './reference.ts';

/** Names of copies that are not complete. */
export const DRAFT_PREFIX = '.draft-';

/** What its name ends with; the packing shows in its first bytes. */
export const COPY_SUFFIX = '.copy';

/** A copy that was written. */
export interface FinishedCopy {
  readonly id: string;
  readonly file: string;
  readonly packedBytes: number;
}

/** Packs a log into a file while it comes in; the file gets its name only when it is whole. */
export class CopyDraft {
  readonly #folder: string;
  readonly #path: string;
  readonly #hash = createHash('sha256');
  #packer: zlib.Gzip | zlib.ZstdCompress | undefined;
  #file: WriteStream | undefined;
  #failure: Error | undefined;

  constructor(folder: string) {
    this.#folder = folder;
    this.#path = join(folder, `${DRAFT_PREFIX}${randomUUID()}`);
  }

  /** Takes bytes, and waits while the packer is behind. @throws Error of the file system */
  async write(chunk: Uint8Array): Promise<void> {
    if (chunk.length === 0) return;
    const target = this.#target(chunk);
    this.#hash.update(chunk);
    if (!target.write(chunk)) await this.#drained(target);
    if (this.#failure !== undefined) throw this.#failure;
  }

  /** Completes the copy. @throws Error of the file system */
  async finish(): Promise<FinishedCopy> {
    const target = this.#target(new Uint8Array(0));
    target.end();
    await finished(this.#file ?? target);
    if (this.#failure !== undefined) throw this.#failure;
    const id = referenceId(['copy', this.#hash.digest('hex')]);
    const file = `${id}${COPY_SUFFIX}`;
    const packedBytes = statSync(this.#path).size;
    renameSync(this.#path, join(this.#folder, file));
    return { id, file, packedBytes };
  }

  /** Removes what was written so far. */
  discard(): void {
    this.#packer?.destroy();
    this.#file?.destroy();
    rmSync(this.#path, { force: true });
  }

  #target(first: Uint8Array): NodeJS.WritableStream {
    if (this.#file !== undefined) return this.#packer ?? this.#file;
    const file = createWriteStream(this.#path, { flags: 'wx', mode: 0o600 });
    const failed = (error: Error): void => {
      this.#failure ??= error;
    };
    file.on('error', failed);
    this.#file = file;
    // Packed again it would get no smaller, and only one layer is unpacked.
    if (['gzip', 'zstd'].includes(formOf(first))) return file;
    this.#packer = createPacker();
    this.#packer.on('error', failed);
    this.#packer.pipe(file);
    return this.#packer;
  }

  /** A file that cannot be written never drains. */
  async #drained(target: NodeJS.WritableStream): Promise<void> {
    await new Promise<void>((resolve) => {
      const done = (): void => {
        target.off('drain', done);
        this.#file?.off('error', done);
        resolve();
      };
      target.once('drain', done);
      this.#file?.once('error', done);
    });
  }
}

/** zstd is several times as fast as gzip; Node has it since 22.15. */
function createPacker(): zlib.Gzip | zlib.ZstdCompress {
  return typeof zlib.createZstdCompress === 'function'
    ? zlib.createZstdCompress()
    : zlib.createGzip({ level: 1 });
}
