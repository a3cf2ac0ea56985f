import { type Classifier, ECHO_REGIONS } from '../recognise/index.ts';
import type { ScannedLog } from '../scan/index.ts';
import { ShapeWalk } from '../scan/shape-walk.ts';
import type { Turns } from '../scan/turns.ts';

/** A region whose end never comes is over after so many lines. */
const MOST_LINES = 1_000;

/** Notes which shapes begin and end a region while they are classified, so that no text is read twice. */
export class BoundaryWatch {
  /** Number of the region that a shape begins, and ends, from 1; 0 for all other shapes. */
  readonly starts: Uint8Array;
  readonly ends: Uint8Array;
  hasStart = false;
  #message = '';

  constructor(shapes: number) {
    this.starts = new Uint8Array(shapes);
    this.ends = new Uint8Array(shapes);
  }

  /** The classifier, watched. */
  over(classify: Classifier): Classifier {
    return (message) => {
      this.#message = message;
      return classify(message);
    };
  }

  /** The message that was classified last was that of this shape. */
  note(shape: number): void {
    const message = this.#message;
    this.#message = '';
    // A cheap look first: nearly all lines are neither.
    if (!/^(?:##\[|::|Script|====)/.test(message)) return;
    const start = ECHO_REGIONS.findIndex((region) => region.start.test(message)) + 1;
    this.starts[shape] = start;
    this.ends[shape] = ECHO_REGIONS.findIndex((region) => region.end.test(message)) + 1;
    if (start > 0) this.hasStart = true;
  }
}

/**
 * Finds the shapes whose lines all stand where a runner prints what it is going to run. A line that is also
 * found elsewhere was printed by something that ran, and keeps what it says.
 *
 * @throws AbortedError
 */
export async function echoedShapes(
  log: ScannedLog,
  watch: Pick<BoundaryWatch, 'starts' | 'ends' | 'hasStart'>,
  turns: Turns,
): Promise<readonly number[]> {
  if (!watch.hasStart) return [];
  const inside = new Uint32Array(log.shapes.length);
  let region = 0;
  let left = 0;
  for (const { ids } of new ShapeWalk(log).blocks(0, log.lineCount)) {
    for (let i = 0; i < ids.length; i++) {
      const shape = ids[i] as number;
      const start = watch.starts[shape] as number;
      if (start !== 0) {
        region = start;
        left = MOST_LINES;
      } else if (region !== 0) {
        if (watch.ends[shape] === region || left-- === 0) region = 0;
        else inside[shape] = (inside[shape] as number) + 1;
      }
    }
    if (turns.isDue) await turns.take();
  }
  return log.shapes.filter(({ id, count }) => count > 0 && inside[id] === count).map(({ id }) => id);
}
