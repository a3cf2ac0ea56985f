import { type IdBlock, LINES_PER_BLOCK, type MarkBlock, type RecordSink } from './line-records.ts';
import type { SpillStore } from './spill-store.ts';

interface StoredIds {
  readonly block: number;
  readonly width: 2 | 4;
  readonly id: number;
}

interface StoredMarks {
  readonly block: number;
  readonly firstLine: number;
}

/** A place where a line begins; lines are those of the part. */
export interface Mark {
  readonly line: number;
  readonly offset: number;
}

/** What is known of the lines of a part of the log. Lines are counted from the part's first here. */
export class ScannedPart implements RecordSink {
  /** Line of the log with which it begins; set when all parts before are known. */
  firstLine = 0;
  lineCount = 0;
  /** Ids of the log by ids of the thread that scanned the part; `null` where they are the same. */
  shapeIds: Uint32Array | null = null;
  readonly #store: SpillStore;
  readonly #ids: StoredIds[] = [];
  readonly #marks: StoredMarks[] = [];

  constructor(store: SpillStore) {
    this.#store = store;
  }

  ids({ buffer, width, id }: IdBlock): void {
    this.#ids.push({ block: buffer === null ? -1 : this.#store.add(buffer), width, id });
  }

  marks({ buffer, firstLine }: MarkBlock): void {
    this.#marks.push({ block: this.#store.add(buffer), firstLine });
  }

  /** Ids of the block that a line is in; one id alone where all its lines have that. */
  idsAt(line: number): Uint16Array | Uint32Array {
    const { block, width, id } = this.#ids[Math.floor(line / LINES_PER_BLOCK)] as StoredIds;
    if (block < 0) return Uint32Array.of(id);
    const buffer = this.#store.get(block);
    return width === 2 ? new Uint16Array(buffer) : new Uint32Array(buffer);
  }

  /** Writes the ids in the log of lines from `line` on, and returns of how many: up to the end of their block. */
  fillIds(line: number, into: Uint32Array): number {
    const ids = this.idsAt(line);
    const from = line % LINES_PER_BLOCK;
    const count = Math.min(into.length, Math.min(this.lineCount - line, LINES_PER_BLOCK - from));
    const map = this.shapeIds;
    if (ids.length === 1) {
      const id = ids[0] as number;
      into.fill(map === null ? id : (map[id] as number), 0, count);
    } else if (map === null) into.set(ids.subarray(from, from + count));
    else for (let i = 0; i < count; i++) into[i] = map[ids[from + i] as number] as number;
    return count;
  }

  /** The last mark at or before a line. */
  markBefore(line: number): Mark {
    const found = lastAtMost(
      this.#marks.length,
      (index) => (this.#marks[index] as StoredMarks).firstLine,
      line,
    );
    const marks = new Float64Array(this.#store.get((this.#marks[found] as StoredMarks).block));
    const count = marks.length / 2;
    const index = lastAtMost(count, (at) => marks[at] as number, line);
    return { line: marks[index] as number, offset: marks[count + index] as number };
  }
}

/** Index of the last of ascending values that is at most `limit`. */
export function lastAtMost(count: number, valueAt: (index: number) => number, limit: number): number {
  let low = 0;
  let high = count - 1;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if (valueAt(middle) <= limit) low = middle;
    else high = middle - 1;
  }
  return low;
}
