import { type Kernel, LONG_BYTES, MASKED_BYTES } from './kernel.ts';
import { afterLineEnd, lineEnd } from './line-ends.ts';
import type { LineRecorder } from './line-records.ts';
import type { ShapeTable } from './shape-table.ts';

const LINE_FEED = 10;

/** Bytes in the kernel's block. */
export interface BlockPart {
  readonly filled: number;
  /** Offset of its first byte in the log. */
  readonly offset: number;
  /** None come after it. */
  readonly isLast: boolean;
}

/** Finds lines in blocks of bytes, counts their shapes and records them. */
export class LineScanner {
  readonly #kernel: Kernel;
  readonly #table: ShapeTable;
  readonly #recorder: LineRecorder;
  #line = 0;
  #lineBase = 0;
  /** Offset of a long line whose end is still to come; -1 otherwise. */
  #longOffset = -1;
  readonly #longLanes = new Int32Array(4);

  constructor(kernel: Kernel, table: ShapeTable, recorder: LineRecorder) {
    this.#kernel = kernel;
    this.#table = table;
    this.#recorder = recorder;
  }

  /** Lines of the current part. */
  get lineCount(): number {
    return this.#line;
  }

  /** Begins another part of the log. Its lines are counted from 0, and in the table from `lineBase`. */
  begin(lineBase: number): void {
    this.#line = 0;
    this.#lineBase = lineBase;
    this.#longOffset = -1;
  }

  /**
   * Takes in the lines of the kernel's block that end in it, and returns the bytes taken; the others come again
   * at the start of the next block.
   */
  scan(part: BlockPart): number {
    const { filled, offset, isLast } = part;
    const kernel = this.#kernel;
    kernel.block[filled] = LINE_FEED;
    let start = this.#longOffset < 0 ? 0 : this.#endLong(part, 0);
    // A long line that goes on.
    if (this.#longOffset >= 0) return start;
    while (start < filled) {
      const stop = kernel.scan(start, filled, isLast);
      this.#take(offset);
      start = stop;
      if (start >= filled || kernel.isFull) continue;
      if (!isLast && filled - start < LONG_BYTES) return start;
      kernel.describe(start);
      this.#longLanes.set(kernel.lanes);
      this.#longOffset = offset + start;
      start = this.#endLong(part, start + MASKED_BYTES);
      if (this.#longOffset >= 0) return start;
    }
    return filled;
  }

  /** Looks for the end of a long line. Returns where the next begins, or how far this one was looked through. */
  #endLong({ filled, isLast }: BlockPart, from: number): number {
    const bytes = this.#kernel.block.subarray(0, filled);
    const end = lineEnd(bytes, from);
    if (end >= filled && !isLast) return filled;
    const next = end >= filled ? filled : afterLineEnd(bytes, end);
    if (next < 0 && !isLast) return end;
    const [a, b, coarseA, coarseB] = this.#longLanes as unknown as [number, number, number, number];
    const line = this.#line++;
    let id = this.#table.count(a, b, this.#lineBase + line);
    if (id < 0) {
      const lanes = Int32Array.of(a, b, coarseA, coarseB);
      id = this.#table.add(lanes, this.#lineBase + line, this.#longOffset);
    }
    this.#recorder.add(line, this.#longOffset, id);
    this.#longOffset = -1;
    return next < 0 ? filled : next;
  }

  /** Counts the lines that the kernel recorded. */
  #take(offset: number): void {
    const kernel = this.#kernel;
    const table = this.#table;
    const { records } = kernel;
    const count = kernel.recordCount;
    for (let record = 0; record < count; record++) {
      const line = this.#line++;
      const start = kernel.startOf(record);
      const place = this.#lineBase + line;
      let id = table.count(records[record * 4 + 2] as number, records[record * 4 + 3] as number, place);
      if (id < 0) {
        kernel.describe(start);
        id = table.add(kernel.lanes, place, offset + start);
      }
      this.#recorder.add(line, offset + start, id);
    }
  }
}
