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
  const { shapes } = log;
  const isText = new Uint8Array(shapes.length);
  let blanks = 0;
  for (const { id, count } of shapes) {
    if (classes.of(id).isBlank) blanks += count;
    else isText[id] = 1;
  }
  if (blanks === 0) return { count: log.lineCount, numbers: Int32Array.from(lines) };
  const numbers = new Int32Array(lines.length);
  let count = 0;
  let next = 0;
  // After the last line that is asked for, nobody has to look at each.
  const end = (lines.at(-1) ?? -1) + 1;
  for (const { line, ids } of new ShapeWalk(log).blocks(0, end)) {
    let at = 0;
    while (at < ids.length) {
      // No line is asked for before this one.
      const until = Math.min(ids.length, (lines[next] ?? end) - line);
      count += textLines(isText, ids, { from: at, to: until });
      at = until;
      if (at < ids.length) numbers[next++] = count;
    }
    if (turns.isDue) await turns.take();
  }
  return { count: log.lineCount - blanks, numbers };
}

/** How many of the lines with these shapes are no blank ones. */
function textLines(
  isText: Uint8Array,
  ids: Uint32Array,
  { from, to }: { readonly from: number; readonly to: number },
): number {
  let count = 0;
  for (let i = from; i < to; i++) count += isText[ids[i] as number] as number;
  return count;
}
