import type { ShapeClasses } from './judge/shape-classes.ts';
import type { ScannedLog } from './scan/index.ts';

/** Numbers of lines among those that are not blank: lines with only blank ones between them are neighbours. */
export interface Ordinals {
  /** Lines that are not blank. */
  readonly count: number;
  /** The number of each line that was asked for. */
  readonly numbers: Int32Array;
}

/** Numbers some lines of a log, which are ascending and not blank. */
export function ordinalsOf(log: ScannedLog, classes: ShapeClasses, lines: readonly number[]): Ordinals {
  const isBlank = Uint8Array.from(log.shapes, ({ id }) => (classes.of(id).isBlank ? 1 : 0));
  const numbers = new Int32Array(lines.length);
  let count = 0;
  let next = 0;
  for (let line = 0; line < log.lineCount; line++) {
    if (line === lines[next]) numbers[next++] = count;
    if (isBlank[log.shapeOf(line)] === 0) count++;
  }
  return { count, numbers };
}
