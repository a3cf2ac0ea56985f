import type { LogSlot } from '../../contract/index.ts';
import type { ShapeClasses } from '../judge/shape-classes.ts';
import { createMiner } from '../mine/index.ts';
import type { ScannedLog } from '../scan/index.ts';
import { ShapeWalk } from '../scan/shape-walk.ts';
import type { Turns } from '../scan/turns.ts';
import { bareOf, cutTo } from './messages.ts';

/** Values of a template that are looked at, at least, where there are more; twice as many at most. */
const LEAST_VALUES = 64;
const MOST_CHARS = 100;
const NONE = -1;

/** A template of which the values are wanted. */
export interface SlotWish {
  readonly template: string;
  readonly count: number;
  /** Shapes of its lines. */
  readonly shapes: readonly number[];
}

interface SlotSources {
  readonly log: ScannedLog;
  readonly classes: ShapeClasses;
  readonly turns: Turns;
}

/**
 * Tells what the varying parts of templates were, each list in the order of its template's `<*>`. Lines spread
 * evenly over the log are read again, since a shape remembers only its first one. `undefined` where those do not
 * make the very template.
 *
 * @throws AbortedError
 */
export async function slotsOf(
  sources: SlotSources,
  wishes: readonly SlotWish[],
): Promise<readonly (readonly LogSlot[] | undefined)[]> {
  const { log, classes, turns } = sources;
  const found: (readonly LogSlot[] | undefined)[] = [];
  // One after the other, so that what was worked out for one is gone before the next.
  for (const [wish, lines] of (await sampled(sources, wishes)).entries()) {
    const miner = createMiner();
    for (const line of lines) {
      const message = bareOf(log.text(line, line + 1)[0] ?? '', classes.form);
      miner.add(message, { count: 1, firstLine: line, lastLine: line });
      if (turns.isDue) await turns.take();
    }
    const [mined, ...others] = miner.clusters();
    const isSame = others.length === 0 && mined?.template === wishes[wish]?.template;
    found.push(isSame ? mined?.slots.map(shortened) : undefined);
  }
  return found;
}

function shortened({ count, distinct, first, last, numbers }: LogSlot): LogSlot {
  return {
    count,
    distinct,
    first: cutTo(first, MOST_CHARS),
    last: cutTo(last, MOST_CHARS),
    ...(numbers === undefined ? {} : { numbers }),
  };
}

/** Numbers of every n-th line of each template, and of its last one. */
async function sampled(
  { log, turns }: SlotSources,
  wishes: readonly SlotWish[],
): Promise<readonly Int32Array[]> {
  const wishOf = new Int16Array(log.shapes.length).fill(NONE);
  for (const [wish, { shapes }] of wishes.entries()) for (const shape of shapes) wishOf[shape] = wish;
  const steps = Uint32Array.from(wishes, ({ count }) => Math.max(1, Math.floor(count / LEAST_VALUES)));
  const seen = new Uint32Array(wishes.length);
  const lines = wishes.map(() => new Int32Array(2 * LEAST_VALUES + 1));
  const taken = new Uint32Array(wishes.length);
  for (const { line, ids } of new ShapeWalk(log).blocks(0, log.lineCount)) {
    for (let i = 0; i < ids.length; i++) {
      const wish = wishOf[ids[i] as number] as number;
      if (wish === NONE) continue;
      const nth = seen[wish] as number;
      seen[wish] = nth + 1;
      const isLast = nth + 1 === wishes[wish]?.count;
      if (!isLast && nth % (steps[wish] as number) !== 0) continue;
      (lines[wish] as Int32Array)[taken[wish] as number] = line + i;
      taken[wish] = (taken[wish] as number) + 1;
    }
    if (turns.isDue) await turns.take();
  }
  return lines.map((numbers, wish) => numbers.subarray(0, taken[wish]));
}
