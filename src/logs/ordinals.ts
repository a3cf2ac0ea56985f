import type { ShapeClasses } from './judge/shape-classes.ts';
import type { ScannedLog } from './scan/index.ts';

/** Numbers of the lines that are not blank: lines with only blank ones between them are neighbours. */
export interface Ordinals {
  readonly count: number;
  of(line: number): number;
}

/** Numbers the lines of a log that are not blank. */
export function ordinalsOf(log: ScannedLog, classes: ShapeClasses): Ordinals {
  const blanks: number[] = [];
  for (let line = 0; line < log.lineCount; line++) if (classes.ofLine(line).isBlank) blanks.push(line);
  return {
    count: log.lineCount - blanks.length,
    of: (line) => line - countBelow(blanks, line),
  };
}

/** How many of the ascending numbers are smaller. */
function countBelow(numbers: readonly number[], limit: number): number {
  let low = 0;
  let high = numbers.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((numbers[middle] as number) < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
