import { type CompiledKernel, Kernel } from './kernel.ts';
import type { LineScanner } from './line-scanner.ts';

/** Bytes read at once, unless told otherwise. */
export const BLOCK_BYTES = 524_288;
/** Longer than any line that is masked as a whole. */
const LEAST_BLOCK_BYTES = 64_000;

/** A range of a log that begins and ends where lines do. */
export interface PartRange {
  readonly from: number;
  readonly to: number;
}

/** Reads a range block by block through a scanner; the block is used again for the next range. */
export class PartReader {
  /** What the scanner works with. */
  readonly kernel: Kernel;
  readonly #read: (offset: number, buffer: Uint8Array) => number;

  constructor(
    read: (offset: number, buffer: Uint8Array) => number,
    blockBytes: number = BLOCK_BYTES,
    compiled?: CompiledKernel,
  ) {
    this.#read = read;
    this.kernel = new Kernel(Math.max(LEAST_BLOCK_BYTES, blockBytes), compiled);
  }

  /** Scans a range, and yields after each block where it is. Returns where it ended: earlier when the log shrank. */
  *scan(scanner: LineScanner, { from, to }: PartRange): Generator<number, number> {
    const { block, capacity } = this.kernel;
    let offset = from;
    let held = 0;
    for (;;) {
      const wanted = Math.min(capacity - held, to - offset - held);
      const read = wanted <= 0 ? 0 : this.#read(offset + held, block.subarray(held, held + wanted));
      const filled = held + read;
      const isLast = read === 0 || offset + filled >= to;
      const taken = scanner.scan({ filled, offset, isLast });
      offset += taken;
      if (isLast) return offset;
      block.copyWithin(0, taken, filled);
      held = filled - taken;
      yield offset;
    }
  }
}
