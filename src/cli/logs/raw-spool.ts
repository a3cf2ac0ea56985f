import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StoreError } from '../../contract/index.ts';
import type { CopyDraft } from '../../logs/references/index.ts';
import { atExit } from '../at-exit.ts';
import type { CommandContext } from '../command.ts';
import { type OpenReferences, warnUnreferred } from './open-references.ts';

/** A stream that was taken in. */
export interface Spooled {
  /** The temporary file with its bytes. */
  readonly path: string;
  readonly bytes: number;
  readonly reference: string | undefined;
}

/** Takes in a stream twice: as a temporary file to condense, and as a packed copy to refer to. */
export class RawSpool {
  readonly path: string;
  readonly #context: Pick<CommandContext, 'io'>;
  readonly #references: OpenReferences | undefined;
  readonly #fd: number;
  readonly #remove: () => void;
  #draft: CopyDraft | undefined;
  #bytes = 0;
  #isOpen = true;

  /** @throws StoreError `log_spool_failed` */
  static create(context: Pick<CommandContext, 'io'>, references: OpenReferences | undefined): RawSpool {
    try {
      return new RawSpool(context, references, mkdtempSync(join(tmpdir(), 'pare-raw-')));
    } catch (cause) {
      throw spoolFailed(cause);
    }
  }

  private constructor(
    context: Pick<CommandContext, 'io'>,
    references: OpenReferences | undefined,
    folder: string,
  ) {
    this.#context = context;
    this.#references = references;
    this.path = join(folder, 'text');
    this.#remove = atExit(() => rmSync(folder, { recursive: true, force: true }));
    this.#fd = openSync(this.path, 'wx', 0o600);
    this.#attempt(() => {
      this.#draft = references?.beginCopy();
    });
  }

  /** Bytes taken in so far. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Takes bytes. @throws StoreError `log_spool_failed`; trouble with the copy costs only the reference */
  async write(chunk: Uint8Array): Promise<void> {
    try {
      for (let done = 0; done < chunk.length; ) done += writeSync(this.#fd, chunk, done);
    } catch (cause) {
      throw spoolFailed(cause);
    }
    this.#bytes += chunk.length;
    try {
      await this.#draft?.write(chunk);
    } catch (error) {
      this.#dropDraft(error);
    }
  }

  /** Completes the copy and says where all is. */
  async finish(): Promise<Spooled> {
    const draft = this.#draft;
    let reference: string | undefined;
    try {
      if (draft !== undefined) reference = await this.#references?.keepCopy(draft);
      this.#draft = undefined;
    } catch (error) {
      this.#dropDraft(error);
    }
    return { path: this.path, bytes: this.#bytes, reference };
  }

  /** Removes the temporary file, and a copy that is not complete. */
  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#draft?.discard();
    closeSync(this.#fd);
    this.#remove();
  }

  #attempt(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#dropDraft(error);
    }
  }

  #dropDraft(error: unknown): void {
    this.#draft?.discard();
    this.#draft = undefined;
    warnUnreferred(this.#context, error);
  }
}

function spoolFailed(cause: unknown): StoreError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new StoreError(
    'log_spool_failed',
    `A temporary file in ${tmpdir()} could not be written: ${why}. Free space there, or set TMPDIR to another folder.`,
    { cause },
  );
}
