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
  const finder = new AnchorFinder(log, classes);
  for (const { line, ids } of new ShapeWalk(log).blocks(0, log.lineCount)) {
    finder.look(line, ids);
    if (turns.isDue) await turns.take();
  }
  return finder.anchors;
}

class AnchorFinder {
  readonly anchors: Anchor[] = [];
  readonly #classes: ShapeClasses;
  /** 1 for shapes of anchors. */
  readonly #isOpen: Uint8Array;
  readonly #counts: Uint32Array;
  readonly #seen: Uint32Array;
  readonly #seenKin = new Map<number, number>();
  readonly #seenRule = new Map<string, number>();

  constructor({ shapes }: ScannedLog, classes: ShapeClasses) {
    this.#classes = classes;
    this.#isOpen = new Uint8Array(shapes.length);
    this.#counts = new Uint32Array(shapes.length);
    this.#seen = new Uint32Array(shapes.length);
    for (const { id, count } of shapes) {
      const facts = classes.of(id);
      this.#isOpen[id] = !facts.isBlank && isAnchor(facts) ? 1 : 0;
      this.#counts[id] = count;
    }
  }

  /** Looks at the lines from `line` on, which have these shapes. Every line of a log comes by: it has to be quick. */
  look(line: number, ids: Uint32Array): void {
    const isOpen = this.#isOpen;
    const seen = this.#seen;
    const counts = this.#counts;
    for (let i = 0; i < ids.length; i++) {
      const shape = ids[i] as number;
      if (isOpen[shape] === 0) continue;
      const nth = seen[shape] as number;
      seen[shape] = nth + 1;
      const isLast = nth + 1 === counts[shape];
      if (nth < MAX_FIRST || isLast) this.#add(line + i, shape, { nth, isLast });
    }
  }

  #add(
    line: number,
    shape: number,
    { nth, isLast }: { readonly nth: number; readonly isLast: boolean },
  ): void {
    const lineClass = this.#classes.of(shape);
    const nthKin = this.#seenKin.get(lineClass.kin) ?? 0;
    this.#seenKin.set(lineClass.kin, nthKin + 1);
    const nthOfRule = this.#seenRule.get(lineClass.by) ?? 0;
    this.#seenRule.set(lineClass.by, nthOfRule + 1);
    const share = shareOfRepeat(nth) * shareOfKin(nthKin) * shareOfRule(nthOfRule);
    if (share < LEAST_SHARE && !isLast) return;
    this.anchors.push({ line, lineClass, worth: worthOfClass(lineClass) * share, nthKin });
  }
}
