import type { LogError, LogReport } from '../contract/index.ts';
import { type Chosen, choose } from './choose.ts';
import type { ShapeClasses } from './judge/shape-classes.ts';
import { type Bounds, boundsOf, checkLimits } from './limits.ts';
import type { CondenseOptions, ProfileName } from './options.ts';
import { splitShapes } from './patterns/index.ts';
import { factorsOf, profileOf } from './profiles.ts';
import { classifyShapes } from './quiet/classify-shapes.ts';
import { type Classifier, createClassifier } from './recognise/index.ts';
import { errorsOf } from './report/errors.ts';
import { type InputTokens, inputTokensOf } from './report/input-tokens.ts';
import { messagesOf } from './report/messages.ts';
import { headerOf, summarize } from './report.ts';
import { type LogInput, type LogSource, openSource, type ScannedLog, scanLog } from './scan/index.ts';
import { FIRST_COARSE } from './scan/shape-table.ts';
import { SPOOL_MEMORY_BYTES } from './scan/spool.ts';
import { Turns } from './scan/turns.ts';
import { roomForNotes, withNotes } from './seen/notes.ts';
import { recall } from './seen/recall.ts';
import { smallerOf } from './whole.ts';

/** What is remembered of lines that patterns tell apart goes to a temporary file beyond this. */
const MOST_MARKS_BYTES = 8 * 1024 * 1024;

/** Condenses one log after the other. */
export type LogCondenser = (input: LogInput, options: CondenseOptions) => Promise<LogReport>;

/**
 * Returns the part of a log that explains it, within a budget of tokens, and the account of the rest. For many
 * logs see `createLogCondenser`.
 *
 * @throws InputError `invalid_log_limits`, `log_not_found`, `log_is_directory`, `log_unreadable`,
 *   `log_is_binary`; StoreError `log_spool_failed`; AbortedError
 * @example
 * const { count } = await loadEncoding('o200k_base');
 * const report = await condenseLog({ path: 'ci.log' }, { count, limits: { tokenBudget: 4_000 } });
 */
export async function condenseLog(input: LogInput, options: CondenseOptions): Promise<LogReport> {
  return createLogCondenser()(input, options);
}

/** Makes a `condenseLog` for many logs: the rules that tell lines apart are made ready once, with the first. */
export function createLogCondenser(): LogCondenser {
  let known: Classifier | undefined;
  const classifier = (): Classifier => {
    known ??= createClassifier();
    return known;
  };
  return async (input, options) => {
    const started = performance.now();
    checkLimits(options.limits ?? {});
    return condense(input, options, { classifier, started });
  };
}

async function condense(
  input: LogInput,
  options: CondenseOptions,
  { classifier, started }: { readonly classifier: () => Classifier; readonly started: number },
): Promise<LogReport> {
  const { count, countBasis = 'exact', signal, reference, patterns = [], limits = {} } = options;
  const source = await openSource(input, {
    ...(signal === undefined ? {} : { signal }),
    spoolMemoryBytes: Math.min(SPOOL_MEMORY_BYTES, options.memoryLimitBytes ?? SPOOL_MEMORY_BYTES),
  });
  const turns = new Turns(signal);
  // The rules are made ready while other threads scan already.
  const [read, classify] = await Promise.all([scanned(source, options), afterTurn(classifier)]);
  const log = await splitByPatterns(read, options, turns);
  try {
    const classes = await classifyShapes(log, { patterns, classify, turns });
    const isExact = options.exactInput === true;
    const counted = await inputTokensOf({ source, bytes: log.bytes, count, turns, isExact });
    const inputTokens = counted.basis === 'exact' ? { ...counted, basis: countBasis } : counted;
    const bounds = boundsOf(limits, inputTokens.tokens);
    const profile = profileFor(options, log, classes);
    const found = await errorsOf({ log, classes, messages: messagesOf(log, classes.form), turns, reference });
    const { identity } = source;
    const errors = await recall(found, { log, classes }, { memory: options.memory, identity });
    const choice = { source, log, classes, inputTokens, bounds, profile, options, turns, errors };
    const chosen = await chosenFrom(choice);
    await turns.take();
    const findings = { path: source.path, log, classes, inputTokens, chosen, profile, errors, count };
    const report = await summarize({ ...findings, budget: bounds.budget, turns, started });
    for (const note of source.notes) options.onNote?.(note);
    return report;
  } finally {
    log.close();
  }
}

/** Does something once others had their turn; whether it is still wanted is not asked. */
async function afterTurn<Result>(work: () => Result): Promise<Result> {
  await new Promise<void>((resolve) => setImmediate(resolve));
  return work();
}

async function scanned(source: LogSource, options: CondenseOptions): Promise<ScannedLog> {
  const { signal, onProgress, memoryLimitBytes, workers, chunkBytes } = options;
  try {
    return await scanLog(source, {
      ...(signal === undefined ? {} : { signal }),
      ...(onProgress === undefined ? {} : { onProgress }),
      ...(memoryLimitBytes === undefined ? {} : { memoryLimitBytes }),
      ...(workers === undefined ? {} : { workers }),
      ...(chunkBytes === undefined ? {} : { blockBytes: chunkBytes }),
    });
  } catch (error) {
    source.close();
    throw error;
  }
}

/** The log with what the caller's patterns tell apart. */
async function splitByPatterns(log: ScannedLog, options: CondenseOptions, turns: Turns): Promise<ScannedLog> {
  const { patterns = [], memoryLimitBytes = MOST_MARKS_BYTES } = options;
  try {
    return await splitShapes(log, {
      patterns,
      turns,
      memoryLimitBytes: Math.min(MOST_MARKS_BYTES, memoryLimitBytes),
      firstCoarse: FIRST_COARSE,
    });
  } catch (error) {
    log.close();
    throw error;
  }
}

function profileFor(options: CondenseOptions, log: ScannedLog, classes: ShapeClasses): ProfileName {
  const { profile = 'auto' } = options;
  return profile === 'auto' ? profileOf(log, classes) : profile;
}

interface Choice {
  readonly source: LogSource;
  readonly log: ScannedLog;
  readonly classes: ShapeClasses;
  readonly inputTokens: InputTokens;
  readonly bounds: Bounds;
  readonly profile: ProfileName;
  readonly options: CondenseOptions;
  readonly turns: Turns;
  readonly errors: readonly LogError[];
}

async function chosenFrom(choice: Choice): Promise<Chosen> {
  const { source, log, classes, inputTokens, bounds, profile, options, turns, errors } = choice;
  const { count, name, reference, priorityFilter = 'verbose' } = options;
  const { budget } = bounds;
  const wishes = { ...bounds, lowest: priorityFilter, factors: factorsOf(profile) };
  const header = headerOf({ path: source.path, log, name, reference }, { budget, count });
  const room = roomForNotes(errors, { budget, count });
  const bare = await choose({ log, classes, turns }, { ...wishes, budget: budget - room, count, header });
  const chosen = withNotes(bare, errors, { budget, count, header });
  const isFiltered = priorityFilter !== 'verbose' || Object.keys(bounds.maxByPriority).length > 0;
  const { tokens } = inputTokens;
  return smallerOf(chosen, log, { budget, count, inputTokens: tokens, header, isFiltered });
}
