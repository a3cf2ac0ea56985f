import type { LogError, Priority } from '../../contract/index.ts';
import type { ShapeClasses } from '../judge/shape-classes.ts';
import { PRIORITIES } from '../limits.ts';
import { createMiner, mask } from '../mine/index.ts';
import type { LineClass } from '../recognise/index.ts';
import type { ScannedLog, Shape } from '../scan/index.ts';
import type { Turns } from '../scan/turns.ts';
import { endOfBlock } from './error-block.ts';
import { errorTypeOf } from './error-type.ts';
import { cutTo, type Messages } from './messages.ts';

/** Errors in a report. */
const MOST_ERRORS = 200;
/** Shapes of errors that are read and compared. */
const MOST_SHAPES = 5_000;
const MOST_CHARS = 300;
/** Text that is compared. */
const COMPARED_CHARS = 1_000;

/** What a list of errors is made from. */
export interface ErrorSources {
  readonly log: ScannedLog;
  readonly classes: ShapeClasses;
  readonly messages: Messages;
  readonly turns: Turns;
  readonly reference: string | undefined;
}

/** An error whose lines are 0-based. */
interface Found {
  readonly type: string;
  readonly message: string;
  readonly count: number;
  readonly firstLine: number;
  readonly lastLine: number;
  readonly priority: Priority;
  readonly isSure: boolean;
}

/** Known by a tool's form, not by a word. */
const isSure = ({ family }: LineClass): boolean => family !== 'generic';

const RANKS = new Map(PRIORITIES.map((priority, rank) => [priority, rank * 2]));
/** What decides which errors come first, before their place does. */
const rankOf = (priority: Priority, isSure: boolean): number => (RANKS.get(priority) ?? 0) + (isSure ? 0 : 1);
const rankOfFound = (found: Found): number => rankOf(found.priority, found.isSure);

/** Every error of a log once, the most urgent and earliest first. @throws AbortedError */
export async function errorsOf(sources: ErrorSources): Promise<readonly LogError[]> {
  const found = await distinctErrors(sources);
  const errors = found.length > MOST_ERRORS ? await sameInForm(found, sources.turns) : found;
  const { reference } = sources;
  return errors
    .toSorted((a, b) => rankOfFound(a) - rankOfFound(b) || a.firstLine - b.firstLine)
    .slice(0, MOST_ERRORS)
    .map(({ type, message, count, firstLine, lastLine }) => ({
      type,
      message,
      count,
      firstLine: firstLine + 1,
      lastLine: lastLine + 1,
      ref:
        reference === undefined ? '' : `${reference}#L${firstLine + 1}-${endOfBlock(sources, firstLine) + 1}`,
    }));
}

/** True for what tells of an error, and not of what led there or how it all ended. */
function isError({ role, priority }: LineClass): boolean {
  return (
    (role === 'error' || role === 'failure' || role === 'cause') &&
    (priority === 'critical' || priority === 'high')
  );
}

/** The shapes of errors that are read, in the order of the log. */
function shapesOfErrors({ log, classes }: ErrorSources): readonly Shape[] {
  const found: { readonly shape: Shape; readonly firstLine: number; readonly rank: number }[] = [];
  for (const shape of log.shapes) {
    const facts = classes.of(shape.id);
    if (!isError(facts) || facts.isBlank) continue;
    found.push({ shape, firstLine: shape.firstLine, rank: rankOf(facts.priority, isSure(facts)) });
  }
  if (found.length > MOST_SHAPES) {
    found.sort((a, b) => a.rank - b.rank || a.firstLine - b.firstLine);
    found.length = MOST_SHAPES;
  }
  return found.sort((a, b) => a.firstLine - b.firstLine).map(({ shape }) => shape);
}

async function distinctErrors(sources: ErrorSources): Promise<readonly Found[]> {
  const { classes, messages, turns } = sources;
  const byKey = new Map<string, Found>();
  for (const { id, count, firstLine, lastLine } of shapesOfErrors(sources)) {
    const facts = classes.of(id);
    const { shown, bare } = messages(id);
    if (CONNECTIVE.test(shown)) continue;
    const type = errorTypeOf(facts, shown);
    const key = `${type}\n${identityOf(facts, bare)}`;
    const message = cutTo(shown.trim(), MOST_CHARS);
    const { priority } = facts;
    const one = { type, message, count, firstLine, lastLine, priority, isSure: isSure(facts) };
    byKey.set(key, merged(byKey.get(key), one));
    if (turns.isDue) await turns.take();
  }
  return [...byKey.values()];
}

/** Leads from one error to the next and is none itself. */
const CONNECTIVE = /^\s*(?:During handling of the above|The above exception was the|Caused by:?\s*$)/;
/** What tools put before a message: without it the same error is the same wherever it is repeated. */
const SAID_BY = /^(?:##\[error\]|E {2,8}|\[?(?:error|ERROR|Error|fatal|FATAL)\]?(?::\s*|\s+-\s+)|>\s+)+/;

/** Equal for errors that differ in numbers, ids and paths only; names of tests and files that failed do count. */
export function identityOf({ role }: Pick<LineClass, 'role'>, bare: string): string {
  const text = bare.slice(0, COMPARED_CHARS).replace(SAID_BY, '');
  return role === 'failure' ? text.replaceAll(/\d+(?:\.\d+)?/g, '0') : mask(text).text;
}

/** Errors that have the same form, though other words, as one: for logs that have too many. */
async function sameInForm(found: readonly Found[], turns: Turns): Promise<readonly Found[]> {
  const miner = createMiner({ slots: false });
  const clusters: number[] = [];
  for (const one of found) {
    clusters.push(miner.add(one.message, one));
    if (turns.isDue) await turns.take();
  }
  for (const _ of miner.settling()) if (turns.isDue) await turns.take();
  const byForm = new Map<string, Found>();
  for (const [index, one] of found.entries()) {
    const key = `${one.type}\n${miner.find(clusters[index] ?? index)}`;
    byForm.set(key, merged(byForm.get(key), one));
  }
  return [...byForm.values()];
}

/** The earlier one speaks for both; the more urgent says how much they matter. */
function merged(known: Found | undefined, other: Found): Found {
  if (known === undefined) return other;
  const [first, second] = known.firstLine <= other.firstLine ? [known, other] : [other, known];
  const { priority, isSure } = rankOfFound(first) <= rankOfFound(second) ? first : second;
  const { type, message, firstLine } = first;
  const lastLine = Math.max(first.lastLine, second.lastLine);
  return { type, message, count: first.count + second.count, firstLine, lastLine, priority, isSure };
}
