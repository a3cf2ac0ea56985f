import type { ShapeClasses } from '../judge/shape-classes.ts';
import type { LineRole } from '../recognise/index.ts';
import type { ScannedLog } from '../scan/index.ts';

/** Lines of the longest block. */
const MOST_LINES = 200;
/** Blank lines in a row that a block may have inside. */
const MOST_BLANKS = 2;

const BELONGS: ReadonlySet<LineRole> = new Set(['detail', 'frame', 'cause']);

/**
 * The last line of what belongs to an error: details, frames and causes after it, and after the name of what
 * failed the first error.
 */
export function endOfBlock(
  { log, classes }: { readonly log: ScannedLog; readonly classes: ShapeClasses },
  first: number,
): number {
  let mayBeError = classes.ofLine(first).role === 'failure';
  let end = first;
  const limit = Math.min(log.lineCount, first + MOST_LINES);
  for (let line = first + 1; line < limit && line - end <= MOST_BLANKS + 1; line++) {
    const { isBlank, role } = classes.ofLine(line);
    if (isBlank) continue;
    if (!BELONGS.has(role) && !(mayBeError && role === 'error')) break;
    if (role === 'error') mayBeError = false;
    end = line;
  }
  return end;
}
