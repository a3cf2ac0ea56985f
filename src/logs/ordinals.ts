import type { ShapeClasses } from './judge/shape-classes.ts';
import type { ScannedLog } from './scan/index.ts';
import { ShapeWalk } from './scan/shape-walk.ts';
import type { Turns } from './scan/turns.ts';

/** Numbers of lines among those that are not blank: lines with only blank ones between them are neighbours. */
export interface Ordinals {
  /** Lines that are not blank. */
  readonly count: number;
  /** The number of each line that was asked for. */
  readonly numbers: Int32Array;
}

/** What lines are numbered by. */
interface Numbering {
  readonly log: ScannedLog;
  readonly classes: ShapeClasses;
  readonly turns: Turns;
}

/** Numbers some lines of a log, which are ascending and not blank. @throws AbortedError */
export async function ordinalsOf(
  { log, classes, turns }: Numbering,
  lines: readonly number[],
): Promise<Ordinals> {
  const isText = Uint8Array.from(log.shapes, ({ id }) => (classes.of(id).isBlank ? 0 : 1));
  const numbers = new Int32Array(lines.length);
  let count = 0;
  let next = 0;
  for (const { line, ids } of new ShapeWalk(log).blocks(0, log.lineCount)) {
    let at = 0;
    while (at < ids.length) {
      // No line is asked for before this one.
      const end = Math.min(ids.length, (lines[next] ?? log.lineCount) - line);
      for (; at < end; at++) count += isText[ids[at] as number] as number;
      if (at < ids.length) numbers[next++] = count;
    }
    if (turns.isDue) await turns.take();
  }
  return { count, numbers };
}
