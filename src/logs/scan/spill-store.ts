import { TempFile } from './temp-file.ts';

/** Spilled blocks that are held again after they were read. */
const CACHED = 8;

interface Spilled {
  readonly offset: number;
  readonly bytes: number;
}

/** Blocks of bytes by number. Beyond a limit the oldest go to a temporary file. */
export class SpillStore {
  readonly #limitBytes: number;
  readonly #blocks: (ArrayBuffer | Spilled)[] = [];
  readonly #cache = new Map<number, ArrayBuffer>();
  #file: TempFile | undefined;
  #heldBytes = 0;
  #oldest = 0;

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
  }

  /** Bytes that went to the temporary file. */
  get spilledBytes(): number {
    return this.#file?.size ?? 0;
  }

  /** Takes a block and returns its number. @throws StoreError `log_spool_failed` */
  add(block: ArrayBuffer): number {
    this.#heldBytes += block.byteLength;
    const number = this.#blocks.push(block) - 1;
    while (this.#heldBytes > this.#limitBytes && this.#oldest <= number) this.#spill(this.#oldest++);
    return number;
  }

  /** The block of a number. */
  get(number: number): ArrayBuffer {
    const block = this.#blocks[number];
    if (block instanceof ArrayBuffer) return block;
    const cached = this.#cache.get(number);
    if (cached !== undefined) return cached;
    if (block === undefined || this.#file === undefined) throw new RangeError(`There is no block ${number}.`);
    const bytes = new Uint8Array(block.bytes);
    this.#file.read(block.offset, bytes);
    const first = this.#cache.keys().next();
    if (this.#cache.size >= CACHED && first.done !== true) this.#cache.delete(first.value);
    this.#cache.set(number, bytes.buffer);
    return bytes.buffer;
  }

  /** Removes the temporary file and forgets all blocks. */
  close(): void {
    this.#file?.close();
    this.#file = undefined;
    this.#blocks.length = 0;
    this.#cache.clear();
  }

  #spill(number: number): void {
    const block = this.#blocks[number];
    if (!(block instanceof ArrayBuffer)) return;
    this.#file ??= new TempFile();
    const offset = this.#file.append(new Uint8Array(block));
    this.#blocks[number] = { offset, bytes: block.byteLength };
    this.#heldBytes -= block.byteLength;
  }
}
