import { availableParallelism } from 'node:os';
import { InputError, type LogReport } from '../../contract/index.ts';
import type { CondenseLimits, LogCondenser } from '../../logs/index.ts';
import type { CommandContext } from '../command.ts';
import { type Counting, type TextCounting } from '../counting.ts';
import { createProgress } from '../progress.ts';
import type { LogInputFile } from './log-inputs.ts';
import type { ResolvedSettings } from './resolve-settings.ts';
import { limitsOf } from './settings.ts';

const MOST_THREADS = 4;

/** What condenses logs in one run. */
export interface Condenser {
  readonly context: CommandContext;
  readonly resolved: ResolvedSettings;
  readonly counting: Counting;
  readonly texts: TextCounting;
  readonly condense: LogCondenser;
  /** What was said about logs, so that it is said once. */
  readonly told: Set<string>;
}

/** Condenses one log. @param limits in place of those of the settings. @throws what `LogCondenser` throws */
export async function condenseInput(
  condenser: Condenser,
  input: LogInputFile,
  {
    limits,
    onProgress,
  }: { readonly limits?: CondenseLimits; readonly onProgress?: (done: number, total: number) => void } = {},
): Promise<LogReport> {
  const { context, resolved, counting, texts, condense } = condenser;
  const { options, signal } = context;
  const { settings, patterns, profileName } = resolved;
  const memoryLimitBytes = options['memoryLimit'] as number | undefined;
  const chunkBytes = options['chunkSize'] as number | undefined;
  const report = await condense(
    { path: input.path },
    {
      count: (text) => texts.count(text).tokens,
      countBasis: counting.isExact ? 'exact' : texts.count('').basis,
      name: input.name,
      limits: limits ?? limitsOf(settings),
      patterns,
      signal,
      exactInput: options['strictEstimation'] === true,
      workers: (options['workers'] as number | undefined) ?? Math.min(MOST_THREADS, availableParallelism()),
      ...(settings.profile === undefined ? {} : { profile: settings.profile }),
      ...(settings.priorityFilter === undefined ? {} : { priorityFilter: settings.priorityFilter }),
      ...(input.reference === undefined ? {} : { reference: input.reference }),
      ...(input.memory === undefined ? {} : { memory: input.memory }),
      ...(memoryLimitBytes === undefined ? {} : { memoryLimitBytes }),
      ...(chunkBytes === undefined ? {} : { chunkBytes }),
      // Who follows a log knows that it grows.
      ...(options['follow'] === true ? {} : { onNote: (note: string) => tell(condenser, input, note) }),
      ...(onProgress === undefined ? {} : { onProgress }),
    },
  ).catch((error: unknown) => {
    throw named(error, input);
  });
  return {
    ...report,
    ...(profileName === undefined ? {} : { profile: profileName }),
    input: { ...report.input, path: input.shownPath },
  };
}

/** Condenses one log with a progress bar. */
export async function condenseOne(
  condenser: Condenser,
  input: LogInputFile,
  limits?: CondenseLimits,
): Promise<LogReport> {
  const progress = await createProgress(condenser.context.io, 'logs');
  try {
    return await condenseInput(condenser, input, {
      ...(limits === undefined ? {} : { limits }),
      onProgress: (done, total) => progress.update(done, total),
    });
  } finally {
    progress.stop();
  }
}

/** Says what of a log is missing or was changed while it was read. */
function tell({ context, told }: Condenser, { path, name }: LogInputFile, note: string): void {
  const text = note.replaceAll(path, name);
  if (!told.has(text)) context.io.warn(`pare: ${text} [log_incomplete]`);
  told.add(text);
}

/** The error with the log's own name: nobody knows the file that a stream was taken into. */
function named(error: unknown, { path, name }: LogInputFile): unknown {
  if (!(error instanceof InputError) || !error.message.includes(path)) return error;
  return new InputError(error.code, error.message.replaceAll(path, name), { cause: error });
}
