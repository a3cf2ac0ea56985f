import type { LogSource } from './log-source.ts';

const WINDOW_BYTES = 65_536;

/** The bytes of a source around the place that was asked for last. */
export class ReadWindow {
  readonly #source: LogSource;
  readonly #buffer = Buffer.allocUnsafe(WINDOW_BYTES);
  #offset = 0;
  #filled = 0;

  constructor(source: LogSource) {
    this.#source = source;
  }

  /** Bytes from an offset: at least `atLeast`, up to the window's size, as far as the source goes. */
  from(offset: number, atLeast: number): Buffer {
    const start = offset - this.#offset;
    if (start >= 0 && start + atLeast <= this.#filled) return this.#buffer.subarray(start, this.#filled);
    this.#filled = this.#source.read(offset, this.#buffer);
    this.#offset = offset;
    return this.#buffer.subarray(0, this.#filled);
  }
}
