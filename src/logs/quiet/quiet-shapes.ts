import { type Classifier, QUIET_REGIONS, REGION_HINT } from '../recognise/index.ts';
import type { ScannedLog } from '../scan/index.ts';
import { ShapeWalk } from '../scan/shape-walk.ts';
import type { Turns } from '../scan/turns.ts';

/** Lines of a region that says nothing else. */
const MOST_LINES = 1_000;

/** Notes which shapes begin and end a region while they are classified, so that no text is read twice. */
export class BoundaryWatch {
  /** The region that a shape begins, as its number from 1; 0 for all other shapes. */
  readonly starts: Uint8Array;
  /** The regions that a shape ends as quiet ones, and otherwise: a bit for each. */
  readonly ends: Uint8Array;
  readonly breaks: Uint8Array;
  hasStart = false;
  #message = '';

  constructor(shapes: number) {
    this.starts = new Uint8Array(shapes);
    this.ends = new Uint8Array(shapes);
    this.breaks = new Uint8Array(shapes);
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
    if (!REGION_HINT.test(message)) return;
    const start = QUIET_REGIONS.findIndex((region) => region.start.test(message)) + 1;
    this.starts[shape] = start;
    for (const [index, { end, unless }] of QUIET_REGIONS.entries()) {
      if (end.test(message)) this.ends[shape] = (this.ends[shape] as number) | (1 << index);
      else if (unless?.test(message) === true)
        this.breaks[shape] = (this.breaks[shape] as number) | (1 << index);
    }
    if (start > 0) this.hasStart = true;
  }
}

/**
 * Finds the shapes whose lines all stand in quiet regions: what a runner prints before it runs it, what a test
 * printed that passed. A line that is also found elsewhere keeps what it says.
 *
 * @throws AbortedError
 */
export async function quietShapes(
  log: ScannedLog,
  watch: Omit<BoundaryWatch, 'over' | 'note'>,
  turns: Turns,
): Promise<readonly number[]> {
  if (!watch.hasStart) return [];
  const counter = new QuietCounter(watch, log.shapes.length);
  for (const { ids } of new ShapeWalk(log).blocks(0, log.lineCount)) {
    for (let i = 0; i < ids.length; i++) counter.take(ids[i] as number);
    if (turns.isDue) await turns.take();
  }
  const { quiet } = counter;
  return log.shapes.filter(({ id, count }) => count > 0 && quiet[id] === count).map(({ id }) => id);
}

/** Counts the lines of each shape that stand in quiet regions, line by line. */
class QuietCounter {
  readonly quiet: Uint32Array;
  readonly #watch: Omit<BoundaryWatch, 'over' | 'note'>;
  /** The region that the next line stands in, as its bit; 0 for none. */
  #region = 0;
  #most = 0;
  /** Shapes of its lines so far: only its end tells what it was. */
  #pending: number[] = [];

  constructor(watch: Omit<BoundaryWatch, 'over' | 'note'>, shapes: number) {
    this.#watch = watch;
    this.quiet = new Uint32Array(shapes);
  }

  take(shape: number): void {
    const { starts, ends, breaks } = this.#watch;
    const start = starts[shape] as number;
    if (start !== 0) {
      this.#region = 1 << (start - 1);
      this.#most = QUIET_REGIONS[start - 1]?.mostLines ?? MOST_LINES;
      this.#pending = [];
    } else if (this.#region !== 0) {
      if (((ends[shape] as number) & this.#region) !== 0) this.#end();
      else if (((breaks[shape] as number) & this.#region) !== 0 || this.#pending.length === this.#most) {
        this.#region = 0;
      } else this.#pending.push(shape);
    }
  }

  #end(): void {
    for (const shape of this.#pending) this.quiet[shape] = (this.quiet[shape] as number) + 1;
    this.#region = 0;
  }
}
