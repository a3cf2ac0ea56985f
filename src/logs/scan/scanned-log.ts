/** Lines that are equal once what varies is masked: numbers, ids, times, colours, runner prefixes. */
export interface Shape {
  readonly id: number;
  /** Lines of this shape. */
  readonly count: number;
  /** 0-based line of the first and the last one. */
  readonly firstLine: number;
  readonly lastLine: number;
}

/**
 * A log that was read once: its lines by number, each with its shape. Lines are 0-based here. What it holds
 * in memory is bounded, whatever the log's size; text is read again where it is asked for.
 */
export interface ScannedLog {
  /** Bytes of the text, after decompression. */
  readonly bytes: number;
  readonly lineCount: number;
  readonly shapes: readonly Shape[];
  /** Id of the shape of a line. */
  shapeOf(line: number): number;
  /** Writes the ids of the shapes of the lines from `line` on, and returns of how many: fewer only at the end. */
  fillShapes(line: number, ids: Uint32Array): number;
  /** The first line of a shape, as `text` gives it. */
  firstText(shape: number): string;
  /**
   * Lines `from` to `to` (exclusive), decoded as UTF-8 (invalid bytes as U+FFFD), without line ends; colours
   * and prefixes still there. A line of more than 16 KiB is cut in the middle, and says so.
   */
  text(from: number, to: number): readonly string[];
  /** Byte offset at which a line begins in the text. */
  offsetOf(line: number): number;
  /** Frees files and memory. */
  close(): void;
}
