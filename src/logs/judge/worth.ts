import type { LineClass } from '../recognise/index.ts';
import type { ScannedLog } from '../scan/index.ts';
import type { ShapeClasses } from './shape-classes.ts';
import { isAnchor, shareOfKin, shareOfRepeat, shareOfRule, worthOfClass } from './weights.ts';

/** Lines on either side of an anchor that may be kept for its sake. */
const BEFORE = 12;
const AFTER = 80;
/** Share of an anchor's worth that the next line keeps, and the one before. */
const AFTER_SHARE = 0.5;
const BEFORE_SHARE = 0.25;
const BEFORE_DECAY = 0.7;
/** Anchors of one shape that are looked at: the first ones, and the last. */
const MAX_FIRST = 12;
/** A repetition that keeps less of its worth is none. */
const LEAST_SHARE = 0.004;
/** Tokens of the budget for each anchor that is followed up, and how many those are at least and at most. */
const TOKENS_PER_ANCHOR = 10;
const LEAST_ANCHORS = 500;
const MOST_ANCHORS = 4_000;
/**
 * Worth of the line at which the job ended: where there is room for what came before it, more. From the
 * budget at which it stops to grow on, a whole stack trace before the end fits.
 */
const LEAST_END_WORTH = 14;
const MOST_END_WORTH = 40;
const TOKENS_PER_END_WORTH = 25;
/** The distance at which it is halved. */
const END_HALF = 25;
const END_LINES = 600;
/** What went well before the end has little to do with it. */
const QUIET: ReadonlySet<LineClass['role']> = new Set(['pass', 'progress', 'debug']);
const QUIET_SHARE = 0.3;
/** What an anchor is worth far from where the job ended, as a share, and how far that is. */
const FAR_SHARE = 0.25;
/** The same for words that mean an error in one log and a file's name in another. */
const FAR_SHARE_OF_WORDS = 0.06;
const NEAR_LINES = 150;
/** Share of a line that is there for its neighbour's sake, when its shape was there before. */
const SEEN_BEFORE = 0.6;
/** By how much the pillars of a failed job count more. */
const PILLAR = 4;
const HEAD_LINES = 10;
/** Share of its worth that the next event of a kind keeps. */
const SHARE_OF_EVENT = 0.3;

/** The worth of every line that has any: ascending line numbers. */
export interface Worths {
  readonly lines: Int32Array;
  readonly worth: Float64Array;
}

interface Judged {
  readonly log: ScannedLog;
  readonly classes: ShapeClasses;
}

interface Anchor {
  readonly line: number;
  readonly lineClass: LineClass;
  readonly worth: number;
  /** How many of its kin came before. */
  readonly nthKin: number;
}

/**
 * Works out what each line is worth: by what it says, how often its shape was there before, how near it is
 * to a failure, and how near to the point where the job ended. One pass over the shapes of all lines; text
 * is read once per shape.
 */
export function worthOfLines(judged: Judged, budget: number): Worths {
  const sums = new Map<number, number>();
  const isService = judged.classes.form.hasPrefix;
  const anchors = findAnchors(judged);
  const end = endOf(anchors, isService);
  const pillars = pillarsOf(anchors, end);
  const most = Math.min(MOST_ANCHORS, Math.max(LEAST_ANCHORS, Math.ceil(budget / TOKENS_PER_ANCHOR)));
  for (const anchor of mostWorth(anchors, pillars, most)) {
    // Where nothing ended, events of many kinds stand side by side: each kind is told, the first one above all.
    const share =
      end === undefined
        ? SHARE_OF_EVENT ** Math.min(anchor.nthKin, 6)
        : nearness(anchor, end, judged.log.lineCount);
    const worth = anchor.worth * (pillars.has(anchor) ? Math.max(share, 1) * PILLAR : share);
    spread(judged, { line: anchor.line, worth, isEvent: end === undefined }, sums);
  }
  addEnds(judged, { end, worth: end === undefined ? LEAST_END_WORTH : endWorthAt(budget) }, sums);
  for (const [line, worth] of sums) {
    const lineClass = judged.classes.ofLine(line);
    if (!isAnchor(lineClass)) sums.set(line, worth + Math.min(1, worth / 4) * worthOfClass(lineClass));
  }
  const lines = Int32Array.from(sums.keys()).sort();
  return { lines, worth: Float64Array.from(lines, (line) => sums.get(line) ?? 0) };
}

function findAnchors({ log, classes }: Judged): Anchor[] {
  const seen = new Uint32Array(log.shapes.length);
  const seenKin = new Map<number, number>();
  const seenRule = new Map<string, number>();
  const anchors: Anchor[] = [];
  for (let line = 0; line < log.lineCount; line++) {
    const shape = log.shapeOf(line);
    const nth = seen[shape] as number;
    seen[shape] = nth + 1;
    const count = log.shapes[shape]?.count ?? 1;
    if (nth >= MAX_FIRST && nth !== count - 1) continue;
    const lineClass = classes.of(shape);
    if (lineClass.isBlank || !isAnchor(lineClass)) continue;
    const nthKin = seenKin.get(lineClass.kin) ?? 0;
    seenKin.set(lineClass.kin, nthKin + 1);
    const nthOfRule = seenRule.get(lineClass.by) ?? 0;
    seenRule.set(lineClass.by, nthOfRule + 1);
    const share = shareOfRepeat(nth) * shareOfKin(nthKin) * shareOfRule(nthOfRule);
    if (share < LEAST_SHARE && nth !== count - 1) continue;
    anchors.push({ line, lineClass, worth: worthOfClass(lineClass) * share, nthKin });
  }
  return anchors;
}

/**
 * Where the job ended: the first line that says how a command failed. What comes after it is mostly tidying
 * up; without one, the last failure that a tool reported. A log without either is no job's: nothing ended.
 */
function endOf(anchors: readonly Anchor[], isService: boolean): number | undefined {
  const exit = anchors.find(
    ({ lineClass }) => lineClass.role === 'exit' && lineClass.priority === 'critical',
  );
  if (exit !== undefined) return exit.line;
  const last = anchors.findLast(
    ({ lineClass }) =>
      lineClass.priority === 'critical' &&
      lineClass.family !== 'generic' &&
      (lineClass.role !== 'error' || !isService),
  );
  return last?.line;
}

/** The anchors that are worth most, in the order of the log; the pillars are among them. */
function mostWorth(
  anchors: readonly Anchor[],
  pillars: ReadonlySet<Anchor>,
  most: number,
): readonly Anchor[] {
  if (anchors.length <= most) return anchors;
  const limit = anchors.map(({ worth }) => worth).sort((a, b) => b - a)[most] ?? 0;
  return anchors.filter((anchor) => anchor.worth > limit || pillars.has(anchor));
}

/** What must be told of a job that failed: the first failure, the last totals, and how it ended (INV-L2). */
function pillarsOf(anchors: readonly Anchor[], end: number | undefined): ReadonlySet<Anchor> {
  if (end === undefined) return new Set();
  const isSure = ({ lineClass }: Anchor): boolean =>
    lineClass.priority === 'critical' && lineClass.family !== 'generic';
  const found = [
    anchors.find((anchor) => isSure(anchor) && anchor.lineClass.role === 'failure'),
    anchors.findLast((anchor) => isSure(anchor) && anchor.lineClass.role === 'summary'),
    anchors.find(({ line }) => line === end),
  ];
  return new Set(found.filter((anchor) => anchor !== undefined));
}

/** The share of its worth that an anchor keeps for its distance to the end; what a tool said for sure keeps more. */
function nearness({ line, lineClass }: Anchor, end: number, lineCount: number): number {
  const distance = line <= end ? end - line : (line - end) * 4;
  const reach = Math.max(NEAR_LINES, lineCount / 20);
  const isWord = lineClass.family === 'generic';
  const far = isWord ? FAR_SHARE_OF_WORDS : FAR_SHARE;
  const near = far + (1 - far) / (1 + (distance / reach) ** 2);
  return isWord ? near : Math.sqrt(near);
}

function spread(
  { log, classes }: Judged,
  anchor: { readonly line: number; readonly worth: number; readonly isEvent: boolean },
  sums: Map<number, number>,
): void {
  raise(sums, anchor.line, anchor.worth);
  let share = AFTER_SHARE;
  for (let line = anchor.line + 1; line < Math.min(log.lineCount, anchor.line + AFTER); line++) {
    const lineClass = classes.ofLine(line);
    if (isAnchor(lineClass) || (anchor.isEvent && !isPartOfEvent(lineClass))) break;
    share *= continuity(lineClass);
    if (share < 0.01) break;
    raise(sums, line, anchor.worth * share * freshness(log, line));
  }
  if (anchor.isEvent) return;
  share = BEFORE_SHARE;
  for (let line = anchor.line - 1; line >= Math.max(0, anchor.line - BEFORE); line--) {
    const lineClass = classes.ofLine(line);
    if (isAnchor(lineClass)) break;
    raise(sums, line, anchor.worth * share);
    share *= BEFORE_DECAY;
  }
}

function isPartOfEvent({ role }: LineClass): boolean {
  return role === 'detail' || role === 'frame';
}

/** A stack trace that was there before tells less. */
function freshness(log: ScannedLog, line: number): number {
  const first = log.shapes[log.shapeOf(line)]?.firstLine ?? line;
  return first < line ? SEEN_BEFORE : 1;
}

/** How likely a line after an error still belongs to it. */
function continuity(lineClass: LineClass): number {
  if (isPartOfEvent(lineClass)) return 0.98;
  return lineClass.role === 'pass' || lineClass.role === 'progress' || lineClass.role === 'step' ? 0.5 : 0.88;
}

function endWorthAt(budget: number): number {
  return Math.min(MOST_END_WORTH, Math.max(LEAST_END_WORTH, budget / TOKENS_PER_END_WORTH));
}

/** The lines before the end say how it came to it; the first lines, what the log is. */
function addEnds(
  { log, classes }: Judged,
  { end, worth }: { readonly end: number | undefined; readonly worth: number },
  sums: Map<number, number>,
): void {
  const last = log.lineCount - 1;
  for (const [from, factor] of [
    [end ?? last, end === undefined ? 0.3 : 1],
    [last, 0.2],
  ] as const) {
    for (let i = 0; i < END_LINES && from - i >= 0; i++) {
      const share = QUIET.has(classes.ofLine(from - i).role) ? factor * QUIET_SHARE : factor;
      raise(sums, from - i, (share * worth) / (1 + i / END_HALF));
    }
  }
  for (let line = 0; line < Math.min(HEAD_LINES, log.lineCount); line++) raise(sums, line, 0.5);
}

/** A line is worth what its best reason says. */
function raise(sums: Map<number, number>, line: number, worth: number): void {
  const known = sums.get(line);
  if (known === undefined || known < worth) sums.set(line, worth);
}
