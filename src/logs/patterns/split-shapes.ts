import type { PriorityPattern } from '../options.ts';
import type { RecogniserFamily } from '../recognise/index.ts';
import type { ScannedLog, Shape } from '../scan/index.ts';
import type { Turns } from '../scan/turns.ts';
import { familyOf, patternText } from './family.ts';
import { formOfMessage } from './line-form.ts';
import { LineMarks } from './line-marks.ts';
import { parsePattern } from './pattern-parser.ts';
import { PatternProgram } from './pattern-program.ts';
import { verdictOf } from './pattern-verdict.ts';
import { SplitLog } from './split-log.ts';

/** Of a longer line not all is masked, and not all is tried. */
const MOST_FORM_CHARS = 1_500;
/** Lines read at once, and others read with them because they lie between. */
const MOST_LINES = 256;
const MOST_BETWEEN = 8;

type Rule = RecogniserFamily['recognisers'][number];

/** Options of `splitShapes`. */
export interface SplitOptions {
  readonly patterns: readonly PriorityPattern[];
  readonly turns: Turns;
  /** What is remembered of lines goes to a temporary file beyond this. */
  readonly memoryLimitBytes: number;
  /** Shapes from this id on have lines that only begin alike. */
  readonly firstCoarse: number;
}

/**
 * Returns the log with shapes whose lines all match the same of the caller's patterns. Where numbers and ids
 * decide, which a shape leaves out, the lines of the shapes in question are read again, and those that match
 * otherwise than the first one become shapes of their own. It is the log itself where nothing has to be read.
 *
 * @throws AbortedError; StoreError `log_spool_failed`
 */
export async function splitShapes(log: ScannedLog, options: SplitOptions): Promise<ScannedLog> {
  const rules = familyOf(options.patterns).recognisers;
  if (rules.length === 0) return log;
  const undecided = await undecidedShapes(log, rules, options);
  if (undecided.size === 0) return log;
  const split = new SplitLog(log, new LineMarks(options.memoryLimitBytes));
  try {
    await readAgain(split, { log, rules, undecided, turns: options.turns });
    return split;
  } catch (error) {
    split.forget();
    throw error;
  }
}

/** The shapes whose first line does not speak for all, each with the rule that its first line matches. */
async function undecidedShapes(
  log: ScannedLog,
  rules: readonly Rule[],
  { turns, firstCoarse }: SplitOptions,
): Promise<Map<number, number>> {
  const programs = rules.map(programOf);
  const undecided = new Map<number, number>();
  for (const shape of log.shapes) {
    if (turns.isDue) await turns.take();
    if (shape.count === 1) continue;
    const message = patternText(log.firstText(shape.id));
    if (shape.id >= firstCoarse || isUndecided(message, programs))
      undecided.set(shape.id, ruleOf(rules, message));
  }
  return undecided;
}

function isUndecided(message: string, programs: readonly (PatternProgram | undefined)[]): boolean {
  // A blank line has the shape of one that is nothing but a time, in which a pattern may find something.
  if (message.length > MOST_FORM_CHARS || message.trim() === '') return true;
  const form = formOfMessage(message);
  for (const program of programs) {
    const verdict = program === undefined ? 'some' : verdictOf(program, form);
    if (verdict !== 'none') return verdict === 'some';
  }
  return false;
}

/** The pattern as steps; `undefined` for what only JavaScript's own matcher knows. */
function programOf({ pattern: { source, flags } }: Rule): PatternProgram | undefined {
  if (/[^di]/.test(flags)) return undefined;
  try {
    return new PatternProgram(parsePattern(source), { source, flags: flags.replace('d', '') });
  } catch {
    return undefined;
  }
}

/** Index of the first rule that matches; -1 for none. */
function ruleOf(rules: readonly Rule[], message: string): number {
  return rules.findIndex(({ pattern }) => pattern.test(message));
}

interface Reading {
  readonly log: ScannedLog;
  readonly rules: readonly Rule[];
  readonly undecided: ReadonlyMap<number, number>;
  readonly turns: Turns;
}

/** Tries the rules on all lines of the undecided shapes. */
async function readAgain(split: SplitLog, { log, rules, undecided, turns }: Reading): Promise<void> {
  const isOpen = Uint8Array.from(log.shapes, ({ id }: Shape) => (undecided.has(id) ? 1 : 0));
  for (let line = 0; line < log.lineCount; ) {
    if ((line & 1023) === 0 && turns.isDue) await turns.take();
    if (isOpen[log.shapeOf(line)] === 0) {
      line++;
      continue;
    }
    const end = endOfRun(log, line, isOpen);
    for (const [index, text] of log.text(line, end).entries()) {
      const shape = log.shapeOf(line + index);
      const usual = undecided.get(shape);
      if (usual === undefined) continue;
      const rule = ruleOf(rules, patternText(text));
      split.add(line + index, { shape, rule, isUsual: rule === usual });
    }
    if (turns.isDue) await turns.take();
    line = end;
  }
  split.complete();
}

/** The end of the lines that are read with this one. */
function endOfRun(log: ScannedLog, from: number, isOpen: Uint8Array): number {
  let last = from;
  const most = Math.min(log.lineCount, from + MOST_LINES);
  for (let line = from + 1; line < most && line - last <= MOST_BETWEEN; line++) {
    if (isOpen[log.shapeOf(line)] === 1) last = line;
  }
  return last + 1;
}
