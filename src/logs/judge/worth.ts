import type { LineClass } from '../recognise/index.ts';
import type { ScannedLog } from '../scan/index.ts';
import { type Anchor, findAnchors, type Judged } from './anchors.ts';
import { type LineRange, LineWorths, type Worths } from './line-worths.ts';
import { isAnchor, worthOfClass } from './weights.ts';

/** Lines on either side of an anchor that may be kept for its sake. */
const BEFORE = 12;
const AFTER = 80;
/** Share of an anchor's worth that the next line keeps, and the one before. */
const AFTER_SHARE = 0.5;
const BEFORE_SHARE = 0.25;
const BEFORE_DECAY = 0.7;
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
/** What went well before the end, or is known to be information, has little to do with it. */
const QUIET: ReadonlySet<LineClass['role']> = new Set(['pass', 'progress', 'debug']);
const QUIET_SHARE = 0.3;
/** The rule of a line of which nothing is known. */
const PLAIN_RULE = 'plain';
/** What an anchor is worth far from where the job ended, as a share, and how far that is. */
const FAR_SHARE = 0.25;
/** The same for words that mean an error in one log and a file's name in another. */
const FAR_SHARE_OF_WORDS = 0.06;
const NEAR_LINES = 150;
/**
 * By how much a line beside an error counts more each time there are twice as many of its shape: what comes back
 * with every error stands for all of them, and needs to be told once only.
 */
const PER_DOUBLING = 0.15;
/** By how much the pillars of a failed job count more, and what stands around the failure among them. */
const PILLAR = 4;
const AROUND_FAILURE = 1.5;
const HEAD_LINES = 10;
/** Lines that count as the last one: behind it there may be blank ones. */
const LAST_LINES = 2;
/** Share of its worth that the next event of a kind keeps. */
const SHARE_OF_EVENT = 0.3;

/**
 * Works out what each line is worth: by what it says, how many lines its shape has, how near it is
 * to a failure, and how near to the point where the job ended. One pass over the shapes of all lines; text
 * is read once per shape.
 *
 * @throws AbortedError
 */
export async function worthOfLines(judged: Judged, budget: number): Promise<Worths> {
  const { log, classes, turns } = judged;
  const isService = classes.form.hasPrefix;
  const anchors = await findAnchors(judged);
  const end = endOf(anchors, isService);
  const pillars = pillarsOf(anchors, { end, lineCount: log.lineCount });
  const most = Math.min(MOST_ANCHORS, Math.max(LEAST_ANCHORS, Math.ceil(budget / TOKENS_PER_ANCHOR)));
  const followed = mostWorth(anchors, pillars, most);
  const sums = new LineWorths(rangesOf(followed, { end, lineCount: log.lineCount }));
  for (const anchor of followed) {
    // Where nothing ended, events of many kinds stand side by side: each kind is told, the first one above all.
    const share =
      end === undefined ? SHARE_OF_EVENT ** Math.min(anchor.nthKin, 6) : nearness(anchor, end, log.lineCount);
    const worth = anchor.worth * (pillars.has(anchor) ? Math.max(share, 1) : share);
    const { own, around } = pillars.has(anchor) ? pillarFactors(anchor) : { own: 1, around: 1 };
    const worths = { worth: worth * own, around: worth * around };
    spread(judged, { line: anchor.line, ...worths, isEvent: end === undefined }, sums);
    if (turns.isDue) await turns.take();
  }
  addEnds(judged, { end, worth: end === undefined ? LEAST_END_WORTH : endWorthAt(budget) }, sums);
  for (const range of sums.ranges) {
    sums.change(range, (line, worth) => {
      const lineClass = classes.ofLine(line);
      return isAnchor(lineClass)
        ? worth
        : worth + Math.min(1, worth / 4) * worthOfClass(lineClass) * lineClass.share;
    });
    if (turns.isDue) await turns.take();
  }
  return sums.all();
}

/** Lines that can get a worth. */
function rangesOf(
  anchors: readonly Anchor[],
  { end, lineCount }: { readonly end: number | undefined; readonly lineCount: number },
): LineRange[] {
  const last = lineCount - 1;
  const ends = [end ?? last, last].map((line) => ({ from: line - END_LINES + 1, to: line + 1 }));
  const around = anchors.map(({ line }) => ({ from: line - BEFORE, to: line + AFTER }));
  return [{ from: 0, to: HEAD_LINES }, ...ends, ...around].map(({ from, to }) => ({
    from: Math.max(0, from),
    to: Math.min(lineCount, to),
  }));
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
function pillarsOf(
  anchors: readonly Anchor[],
  { end, lineCount }: { readonly end: number | undefined; readonly lineCount: number },
): ReadonlySet<Anchor> {
  if (end === undefined) return new Set();
  const isSure = ({ lineClass }: Anchor): boolean =>
    lineClass.priority === 'critical' && lineClass.family !== 'generic';
  const found = [
    anchors.find((anchor) => isSure(anchor) && anchor.lineClass.role === 'failure'),
    anchors.findLast((anchor) => isSure(anchor) && anchor.lineClass.role === 'summary'),
    anchors.find(({ line }) => line === end),
    // The very last word, where it is one of trouble: `make: Target 'all' not remade because of errors.`
    anchors.findLast(({ line }) => line >= lineCount - LAST_LINES),
  ];
  return new Set(found.filter((anchor) => anchor !== undefined));
}

/** By how much a pillar counts more, and what stands around it: around totals and exits there is little to tell. */
function pillarFactors({ lineClass: { role } }: Anchor): { readonly own: number; readonly around: number } {
  return { own: PILLAR, around: role === 'summary' || role === 'exit' ? 1 : AROUND_FAILURE };
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

interface Spread {
  readonly line: number;
  readonly worth: number;
  /** What its neighbours get a share of. */
  readonly around: number;
  readonly isEvent: boolean;
}

function spread({ log, classes }: Judged, anchor: Spread, sums: LineWorths): void {
  sums.raise(anchor.line, anchor.worth);
  let share = AFTER_SHARE;
  for (let line = anchor.line + 1; line < Math.min(log.lineCount, anchor.line + AFTER); line++) {
    const lineClass = classes.ofLine(line);
    if (isAnchor(lineClass) || (anchor.isEvent && !isPartOfEvent(lineClass))) break;
    share *= continuity(lineClass);
    if (share < 0.01) break;
    sums.raise(line, anchor.around * share * coverage(log, line, lineClass) * lineClass.share, anchor.line);
  }
  if (anchor.isEvent) return;
  share = BEFORE_SHARE;
  for (let line = anchor.line - 1; line >= Math.max(0, anchor.line - BEFORE); line--) {
    const lineClass = classes.ofLine(line);
    if (isAnchor(lineClass)) break;
    sums.raise(line, anchor.around * share * lineClass.share);
    share *= BEFORE_DECAY;
  }
}

function isPartOfEvent({ role }: LineClass): boolean {
  return role === 'detail' || role === 'frame';
}

/** How much more a part of an error says for standing for all of its shape; other lines come back for other reasons. */
function coverage(log: ScannedLog, line: number, lineClass: LineClass): number {
  if (!isPartOfEvent(lineClass)) return 1;
  return 1 + PER_DOUBLING * Math.log2(log.shapes[log.shapeOf(line)]?.count ?? 1);
}

/** How likely a line after an error still belongs to it. */
function continuity(lineClass: LineClass): number {
  if (isPartOfEvent(lineClass)) return 0.98;
  return lineClass.role === 'pass' || lineClass.role === 'progress' || lineClass.role === 'step' ? 0.5 : 0.88;
}

function isQuiet({ role, by }: LineClass): boolean {
  return QUIET.has(role) || (role === 'info' && by !== PLAIN_RULE);
}

function endWorthAt(budget: number): number {
  return Math.min(MOST_END_WORTH, Math.max(LEAST_END_WORTH, budget / TOKENS_PER_END_WORTH));
}

/** The lines before the end say how it came to it; the first lines, what the log is. */
function addEnds(
  { log, classes }: Judged,
  { end, worth }: { readonly end: number | undefined; readonly worth: number },
  sums: LineWorths,
): void {
  const last = log.lineCount - 1;
  for (const [from, factor] of [
    [end ?? last, end === undefined ? 0.3 : 1],
    [last, 0.2],
  ] as const) {
    for (let i = 0; i < END_LINES && from - i >= 0; i++) {
      const facts = classes.ofLine(from - i);
      const share = isQuiet(facts) ? factor * QUIET_SHARE : factor;
      sums.raise(from - i, (facts.share * share * worth) / (1 + i / END_HALF));
    }
  }
  for (let line = 0; line < Math.min(HEAD_LINES, log.lineCount); line++) sums.raise(line, 0.5);
}
