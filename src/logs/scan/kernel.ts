import { KERNEL } from './kernel.gen.ts';

/** Of a longer line only so much is masked: what comes after does not change its shape. As in kernel.as. */
export const MASKED_BYTES = 16_384;
/** A line of so many bytes is longer than what is masked, and than all that the kernel looks at. */
export const LONG_BYTES = MASKED_BYTES + 192;
const MOST_RECORDS = 8192;

/** Places in the kernel's memory, as in kernel.as. */
const LANES = 512;
const OUT = 4096;
const RECORDS = 24_576;
const BLOCK = RECORDS + MOST_RECORDS * 16;
/** The kernel reads 16 bytes at once, and has to look ahead at the end of what it masks. */
const ROOM_BYTES = 256;
const PAGE_BYTES = 65_536;

interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
  prepare(): void;
  scan(from: number, filled: number, isLast: number): number;
  describe(from: number): void;
  recordCount(): number;
  maskedBytes(): number;
}

/** Of `WebAssembly`, for which Node's types have no name. */
interface Runtime {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
}

/** The kernel's code, which may go to other threads. */
export type CompiledKernel = object;

/** Compiles the kernel. */
export function compileKernel(): CompiledKernel {
  return new (runtime().Module)(Buffer.from(KERNEL, 'base64'));
}

function runtime(): Runtime {
  return (globalThis as unknown as { readonly WebAssembly: Runtime }).WebAssembly;
}

/**
 * The scanner's inner loop, over a block of bytes of its own. It finds lines and hashes what is left of each
 * when what varies is masked, so that equal hashes mean one shape.
 */
export class Kernel {
  /** What is scanned is put here. One more byte stands behind it, for a line feed. */
  readonly block: Uint8Array;
  /** Bytes that fit into the block. */
  readonly capacity: number;
  /** Of each line that `scan` found four numbers: where it begins, nothing, and both lanes of its hash. */
  readonly records: Int32Array;
  /** Of the line that was described last: both lanes of its hash, and of the hash of its first words. */
  readonly lanes: Int32Array;
  readonly #exports: Exports;

  /** @param compiled as `compileKernel` gives it; threads share it, and what the engine makes of it as it runs */
  constructor(capacity: number, compiled: CompiledKernel = compileKernel()) {
    this.#exports = new (runtime().Instance)(compiled).exports as Exports;
    const { memory } = this.#exports;
    const missing = BLOCK + capacity + ROOM_BYTES - memory.buffer.byteLength;
    if (missing > 0) memory.grow(Math.ceil(missing / PAGE_BYTES));
    this.capacity = capacity;
    this.block = new Uint8Array(memory.buffer, BLOCK, capacity + 1);
    this.records = new Int32Array(memory.buffer, RECORDS, MOST_RECORDS * 4);
    this.lanes = new Int32Array(memory.buffer, LANES, 4);
    this.#exports.prepare();
  }

  /**
   * Records the lines from `from` that end before `filled`, where a line feed must stand, and returns where it
   * stopped: there, at a line that does not end, at one that is longer than what is masked, or with as many
   * records as there is room for.
   */
  scan(from: number, filled: number, isLast: boolean): number {
    return this.#exports.scan(BLOCK + from, BLOCK + filled, isLast ? 1 : 0) - BLOCK;
  }

  /** Lines that `scan` recorded. */
  get recordCount(): number {
    return this.#exports.recordCount();
  }

  /** True when `scan` stopped because there was no more room for records. */
  get isFull(): boolean {
    return this.#exports.recordCount() === MOST_RECORDS;
  }

  /** Where in the block a recorded line begins. */
  startOf(record: number): number {
    return (this.records[record * 4] as number) - BLOCK;
  }

  /** Hashes the line at `from` into `lanes`. */
  describe(from: number): void {
    this.#exports.describe(BLOCK + from);
  }

  /** What is left of the line that was described last. */
  masked(): Uint8Array {
    return new Uint8Array(this.#exports.memory.buffer, OUT, this.#exports.maskedBytes()).slice();
  }
}
