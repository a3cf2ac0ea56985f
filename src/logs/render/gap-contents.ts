import type { ShapeClasses } from '../judge/shape-classes.ts';
import type { LineRole } from '../recognise/index.ts';
import type { ScannedLog } from '../scan/index.ts';
import type { GapContent } from './gap-text.ts';

/** Returns what tells what stands in the lines `from` to `to` (exclusive). */
export function gapContents(
  log: ScannedLog,
  classes: ShapeClasses,
): (from: number, to: number) => GapContent {
  const seenIn = new Uint32Array(log.shapes.length);
  // The same gaps come back while a choice is fitted to its budget.
  const known = new Map<string, GapContent>();
  let round = 0;
  const contentOf = (from: number, to: number): GapContent => {
    round++;
    const roles: Partial<Record<LineRole, number>> = {};
    let shapes = 0;
    let blanks = 0;
    for (let line = from; line < to; line++) {
      const shape = log.shapeOf(line);
      const { role, isBlank } = classes.of(shape);
      if (isBlank) {
        blanks++;
        continue;
      }
      if (seenIn[shape] !== round) {
        seenIn[shape] = round;
        shapes++;
      }
      roles[role] = (roles[role] ?? 0) + 1;
    }
    return { roles, shapes, blanks };
  };
  return (from, to) => {
    const key = `${from}-${to}`;
    const content = known.get(key) ?? contentOf(from, to);
    known.set(key, content);
    return content;
  };
}
