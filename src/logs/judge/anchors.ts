import type { LineClass } from '../recognise/index.ts';
import type { ScannedLog } from '../scan/index.ts';
import { ShapeWalk } from '../scan/shape-walk.ts';
import type { Turns } from '../scan/turns.ts';
import type { ShapeClasses } from './shape-classes.ts';
import { isAnchor, shareOfKin, shareOfRepeat, shareOfRule, worthOfClass } from './weights.ts';

/** Anchors of one shape that are looked at: the first ones, and the last. */
const MAX_FIRST = 12;
/** A repetition that keeps less of its worth is none. */
const LEAST_SHARE = 0.004;

/** The log whose lines are judged. */
export interface Judged {
  readonly log: ScannedLog;
  readonly classes: ShapeClasses;
  readonly turns: Turns;
}

/** A line that other lines are kept for. */
export interface Anchor {
  readonly line: number;
  readonly lineClass: LineClass;
  readonly worth: number;
  /** How many of its kin came before. */
  readonly nthKin: number;
}

/** The anchors of a log, without those that only repeat what was said often. @throws AbortedError */
export async function findAnchors({ log, classes, turns }: Judged): Promise<Anchor[]> {
  const isOpen = Uint8Array.from(log.shapes, ({ id }) => {
    const facts = classes.of(id);
    return !facts.isBlank && isAnchor(facts) ? 1 : 0;
  });
  const seen = new Uint32Array(log.shapes.length);
  const seenKin = new Map<number, number>();
  const seenRule = new Map<string, number>();
  const anchors: Anchor[] = [];
  const add = (line: number, shape: number): void => {
    const nth = seen[shape] as number;
    seen[shape] = nth + 1;
    const isLast = nth + 1 === log.shapes[shape]?.count;
    if (nth >= MAX_FIRST && !isLast) return;
    const lineClass = classes.of(shape);
    const nthKin = seenKin.get(lineClass.kin) ?? 0;
    seenKin.set(lineClass.kin, nthKin + 1);
    const nthOfRule = seenRule.get(lineClass.by) ?? 0;
    seenRule.set(lineClass.by, nthOfRule + 1);
    const share = shareOfRepeat(nth) * shareOfKin(nthKin) * shareOfRule(nthOfRule);
    if (share < LEAST_SHARE && !isLast) return;
    anchors.push({ line, lineClass, worth: worthOfClass(lineClass) * share, nthKin });
  };
  for (const { line, ids } of new ShapeWalk(log).blocks(0, log.lineCount)) {
    for (let i = 0; i < ids.length; i++) {
      const shape = ids[i] as number;
      if (isOpen[shape] === 1) add(line + i, shape);
    }
    if (turns.isDue) await turns.take();
  }
  return anchors;
}
