import { SpillStore } from '../scan/spill-store.ts';

const LINES_PER_BLOCK = 65_536;
const NONE = -1;

/** A number from 0 to 65,535 for each line, most of them 0. Beyond a limit they go to a temporary file. */
export class LineMarks {
  readonly #store: SpillStore;
  /** Number of the stored block by block of lines. */
  readonly #blocks = new Map<number, number>();
  #current = NONE;
  #marks: Uint16Array<ArrayBuffer> | undefined;

  constructor(limitBytes: number) {
    this.#store = new SpillStore(limitBytes);
  }

  /** Sets the mark of a line; lines come in order. @throws StoreError `log_spool_failed` */
  set(line: number, mark: number): void {
    const block = Math.floor(line / LINES_PER_BLOCK);
    if (block !== this.#current) {
      this.complete();
      this.#current = block;
      this.#marks = new Uint16Array(LINES_PER_BLOCK);
    }
    (this.#marks as Uint16Array)[line % LINES_PER_BLOCK] = mark;
  }

  /** Stores what is still open; call it after the last `set`. @throws StoreError `log_spool_failed` */
  complete(): void {
    if (this.#marks !== undefined) this.#blocks.set(this.#current, this.#store.add(this.#marks.buffer));
    this.#marks = undefined;
    this.#current = NONE;
  }

  /** The mark of a line. */
  at(line: number): number {
    const block = Math.floor(line / LINES_PER_BLOCK);
    if (block !== this.#current) {
      this.#current = block;
      const stored = this.#blocks.get(block);
      this.#marks = stored === undefined ? undefined : new Uint16Array(this.#store.get(stored));
    }
    return this.#marks?.[line % LINES_PER_BLOCK] ?? 0;
  }

  /** Frees memory and the temporary file. */
  close(): void {
    this.#store.close();
    this.#blocks.clear();
    this.#marks = undefined;
  }
}
