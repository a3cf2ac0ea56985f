import type { LogSource } from './log-source.ts';

const WINDOW_BYTES = 65_536;
/** Read at a place far from the last one: single lines are asked for here and there in a long log. */
const FIRST_BYTES = 2048;
/** Whoever skips no more than this reads on. */
const SKIPPED_BYTES = 8192;

/** The bytes of a source around the place that was asked for last. */
export class ReadWindow {
  readonly #source: LogSource;
  readonly #buffer = Buffer.allocUnsafe(WINDOW_BYTES);
  /** Bytes to read the next time, if reading goes on there. */
  #next = FIRST_BYTES;
  #offset = 0;
  #filled = 0;

  constructor(source: LogSource) {
    this.#source = source;
  }

  /** Bytes from an offset: at least `atLeast`, up to the window's size, as far as the source goes. */
  from(offset: number, atLeast: number): Buffer {
    const start = offset - this.#offset;
    if (start >= 0 && start + atLeast <= this.#filled) return this.#buffer.subarray(start, this.#filled);
    const goesOn = start >= 0 && start <= this.#filled + SKIPPED_BYTES;
    const wanted = Math.max(atLeast, goesOn ? this.#next : FIRST_BYTES);
    const bytes = this.#buffer.subarray(0, Math.min(WINDOW_BYTES, wanted));
    this.#next = Math.min(WINDOW_BYTES, bytes.length * 4);
    this.#filled = this.#source.read(offset, bytes);
    this.#offset = offset;
    return bytes.subarray(0, this.#filled);
  }
}
