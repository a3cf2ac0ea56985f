/** The worth of every line that has one: ascending line numbers. */
export interface Worths {
  readonly lines: Int32Array;
  readonly worth: Float64Array;
  /** For each the line for whose sake it may be kept: an error that it belongs to; -1 for none. */
  readonly anchors: Int32Array;
}

/** Lines `from` to `to` (exclusive). */
export interface LineRange {
  readonly from: number;
  readonly to: number;
}

/** A line that nothing was said of. */
const NONE = -1;

/** Holds the worth of lines in some ranges of a log, side by side in one array. */
export class LineWorths {
  /** Ascending, and none touches another. */
  readonly ranges: readonly LineRange[];
  /** Where the lines of each range begin in the array. */
  readonly #starts: Int32Array;
  readonly #worth: Float64Array;
  readonly #anchors: Int32Array;
  /** The range that was asked for last: mostly the next one is it again, or beside it. */
  #at = 0;

  /** @param ranges that hold all lines that will be raised, cut to the lines of the log */
  constructor(ranges: readonly LineRange[]) {
    this.ranges = merged(ranges);
    this.#starts = new Int32Array(this.ranges.length + 1);
    for (const [index, { from, to }] of this.ranges.entries()) {
      this.#starts[index + 1] = (this.#starts[index] as number) + to - from;
    }
    this.#worth = new Float64Array(this.#starts[this.ranges.length] as number).fill(NONE);
    this.#anchors = new Int32Array(this.#worth.length).fill(NONE);
  }

  /** A line is worth what its best reason says; that may be the line which it belongs to. */
  raise(line: number, worth: number, anchor = NONE): void {
    const place = this.#placeOf(line);
    if ((this.#worth[place] as number) >= worth) return;
    this.#worth[place] = worth;
    this.#anchors[place] = anchor;
  }

  /** Changes the worth of the lines of a range that have one. */
  change({ from, to }: LineRange, worthOf: (line: number, worth: number) => number): void {
    const start = this.#placeOf(from) - from;
    for (let line = from; line < to; line++) {
      const worth = this.#worth[start + line] as number;
      if (worth !== NONE) this.#worth[start + line] = worthOf(line, worth);
    }
  }

  /** The lines that have a worth. */
  all(): Worths {
    const count = this.#worth.reduce((sum, worth) => (worth === NONE ? sum : sum + 1), 0);
    const lines = new Int32Array(count);
    let next = 0;
    let place = 0;
    for (const { from, to } of this.ranges) {
      for (let line = from; line < to; line++) if (this.#worth[place++] !== NONE) lines[next++] = line;
    }
    return {
      lines,
      worth: this.#worth.filter((worth) => worth !== NONE),
      anchors: this.#anchors.filter((_, at) => this.#worth[at] !== NONE),
    };
  }

  #placeOf(line: number): number {
    while (line < (this.ranges[this.#at] as LineRange).from) this.#at--;
    while (line >= (this.ranges[this.#at] as LineRange).to) this.#at++;
    return (this.#starts[this.#at] as number) + line - (this.ranges[this.#at] as LineRange).from;
  }
}

function merged(ranges: readonly LineRange[]): LineRange[] {
  const made: LineRange[] = [];
  for (const range of ranges.toSorted((a, b) => a.from - b.from)) {
    const last = made.at(-1);
    if (range.to <= range.from) continue;
    if (last === undefined || range.from > last.to) made.push(range);
    else made[made.length - 1] = { from: last.from, to: Math.max(last.to, range.to) };
  }
  return made;
}
