import { afterLineEnd, lineEnd } from './line-ends.ts';
import type { LogSource } from './log-source.ts';
import type { PartRange } from './scan-part.ts';

const WINDOW_BYTES = 65_536;

/** Finds the first line start at or after a byte, block by block. */
export class PartPlanner {
  readonly #source: LogSource;
  readonly #partBytes: number;
  readonly #window = new Uint8Array(WINDOW_BYTES);
  #from = 0;

  constructor(source: LogSource, partBytes: number) {
    this.#source = source;
    this.#partBytes = partBytes;
  }

  /** The next range; `undefined` at the end of the log. It yields while it looks for the end of a long line. */
  *next(): Generator<number, PartRange | undefined> {
    const { size } = this.#source;
    const from = this.#from;
    if (from >= size) return undefined;
    let at = from + this.#partBytes;
    while (at < size) {
      // One byte before: a line may begin right at it.
      const start = at - 1;
      const bytes = this.#window.subarray(0, this.#source.read(start, this.#window));
      const found = lineStart(bytes, start + bytes.length >= size);
      if (found >= 0) {
        at = start + found;
        break;
      }
      at = bytes.length < 2 ? size : start + bytes.length;
      yield at;
    }
    this.#from = Math.min(at, size);
    return { from, to: this.#from };
  }
}

/** The first place after a line end; -1 where there is none in sight. */
function lineStart(bytes: Uint8Array, isLast: boolean): number {
  const end = lineEnd(bytes, 0);
  if (end >= bytes.length) return -1;
  const next = afterLineEnd(bytes, end);
  return next < 0 && isLast ? end + 1 : next;
}
